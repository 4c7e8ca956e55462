package build

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A folder of vendored modules is one input, and a program is built from the copy of it.
func TestAGoProgramIsBuiltFromVendoredModulesAndPackagesAroundIt(t *testing.T) {
	o, holds := built(t, project(t, map[string]string{
		"go.mod":                       "module example.com/shop\n\ngo 1.26\n\nrequire example.com/tax v1.0.0\n",
		"vendor/modules.txt":           "# example.com/tax v1.0.0\n## explicit; go 1.26\nexample.com/tax\n",
		"vendor/example.com/tax/a.go":  "package tax\n\nconst Rate = 19\n",
		"internal/rates/rates.go":      "package rates\n\nimport (\n\t_ \"embed\"\n\n\t\"example.com/tax\"\n)\n\n//go:embed name.txt\nvar Name string\n\nconst Rate = tax.Rate\n",
		"internal/rates/name.txt":      "VAT",
		"internal/rates/rates_test.go": "package rates_test\n\nimport _ \"example.com/missing\"\n",
		"functions/f/main.go":          "package main\n\nimport \"example.com/shop/internal/rates\"\n\nfunc main() { println(rates.Name, rates.Rate) }\n",
		"functions/f/function.yaml":    "runtime: provided.al2023\nhandler: bootstrap\ninclude: functions/f/rules.json\n",
		"functions/f/rules.json":       "{}",
		"functions/g/index.mjs":        "",
	}))
	assert.Equal(t, "go", o.Function.Toolchain)
	assert.Equal(t, []string{"bootstrap", "rules.json"}, names(holds))
	assert.NotContains(t, holds["bootstrap"], "/foldstack-", "no path of the site is in the program")
}

func TestWhatGoSaysIsShownByPathsOfTheProject(t *testing.T) {
	f := failed(t, project(t, map[string]string{
		"go.mod": "module example.com/shop\n\ngo 1.26\n", "functions/f/main.go": "package main\n\nfunc main() { undefined() }\n",
		"functions/f/function.yaml": "runtime: provided.al2023\nhandler: bootstrap\n",
	}))
	assert.Equal(t, "go failed: exit status 1", f.Text)
	assert.Contains(t, f.Output, "./main.go:3:15: undefined: undefined")
}
