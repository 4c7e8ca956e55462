package check

import (
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// CodeSize reports functions whose own files are already more than an unpacked
// archive may hold. Packages that a build adds come on top.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func CodeSize(p *model.Project, problems *diag.Problems) {
	for i := range p.Functions {
		fn := &p.Functions[i]
		if !packedAsItIs(fn) {
			continue
		}
		sum := int64(0)
		for _, input := range fn.Inputs {
			if strings.HasPrefix(input.Path, fn.Dir+"/") {
				sum += input.Size
			}
		}
		if sum > model.MaxUnzipped {
			problems.Addf("code-size", fn.Place, "move large files to S3 or into a layer, let git ignore what is not needed, or make the function a container image",
				"the files of %s have %d bytes; Lambda unpacks at most %d", fn.Name, sum, model.MaxUnzipped)
		}
	}
}

// packedAsItIs reports whether the files of the folder are what the archive holds:
// those of an interpreted language that nothing bundles, and those beside a bootstrap.
func packedAsItIs(fn *model.Function) bool {
	runtime := func(prefix string) bool { return strings.HasPrefix(fn.Runtime.Value, prefix) }
	switch {
	case fn.Package != model.Zip || fn.Steps.Command != "":
		return false
	case runtime("nodejs"):
		return !holdsFile(fn, isTypeScript)
	case runtime("provided"):
		return holdsFile(fn, func(name string) bool { return name == "bootstrap" })
	}
	return runtime("python") || runtime("ruby")
}

func isTypeScript(name string) bool {
	return slices.Contains([]string{".ts", ".mts", ".cts", ".tsx"}, path.Ext(name)) || name == "tsconfig.json"
}

// holdsFile reports whether a file of the function's folder has such a name, which
// is relative to the folder.
func holdsFile(fn *model.Function, is func(name string) bool) bool {
	for _, input := range fn.Inputs {
		if name, own := strings.CutPrefix(input.Path, fn.Dir+"/"); own && is(name) {
			return true
		}
	}
	return false
}
