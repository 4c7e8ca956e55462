package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/model"
)

func TestTheFilesOfAFunctionMayFillAnArchiveAndNotPassIt(t *testing.T) {
	for name, tt := range map[string]struct {
		pack    model.PackageType
		runtime string
		file    string
		over    int64
		found   bool
	}{
		"fills it":                   {model.Zip, "python3.14", "model.bin", 0, false},
		"passes it":                  {model.Zip, "python3.14", "model.bin", 1, true},
		"JavaScript":                 {model.Zip, "nodejs24.x", "data.json", 1, true},
		"TypeScript is bundled":      {model.Zip, "nodejs24.x", "src/index.ts", 1, false},
		"its module too":             {model.Zip, "nodejs24.x", "index.mts", 1, false},
		"Ruby":                       {model.Zip, "ruby3.4", "data.json", 1, true},
		"what is beside a bootstrap": {model.Zip, "provided.al2023", "bootstrap", 1, true},
		"what is compiled":           {model.Zip, "provided.al2023", "main.go", 1, false},
		"Java":                       {model.Zip, "java25", "data.json", 1, false},
		"an image":                   {model.Image, "", "model.bin", 1, false},
	} {
		fn := function("f")
		fn.Dir, fn.Package, fn.Runtime.Value = "functions/f", tt.pack, tt.runtime
		fn.Inputs = []model.Input{
			{Path: "functions/f/" + tt.file, Size: 100},
			{Path: "functions/f/other", Size: model.MaxUnzipped - 100 + tt.over},
			{Path: "functions/shared/lib", Size: 1000},
		}
		texts := found(check.CodeSize, &model.Project{Functions: []model.Function{fn}})
		if !tt.found {
			assert.Empty(t, texts, name)
			continue
		}
		assert.Equal(t, []string{"f: code-size: the files of f have 262144001 bytes; Lambda unpacks at most 262144000"}, texts, name)
	}
}
