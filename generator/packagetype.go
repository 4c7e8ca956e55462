package generator

import (
	"path"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/output"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/stack"
)

// packaged are the package types in words.
var packaged = map[model.PackageType]string{model.Zip: "an archive", model.Image: "a container image"}

// packageTypes reports functions that become images and were archives when their
// template was written, or the reverse. CloudFormation would replace such a
// function, which fails because the name is taken.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html#cfn-lambda-function-packagetype
func packageTypes(project *model.Project, plan *output.Plan, problems *diag.Problems) {
	changed := map[string]output.Change{}
	for _, c := range plan.Changes() {
		if c.Kind == output.Updated {
			changed[c.Path] = c
		}
	}
	for i := range project.Functions {
		fn := &project.Functions[i]
		c, ok := changed[path.Join(project.Output, stack.FunctionPath(fn.Name))]
		if !ok {
			continue
		}
		before, ok := writtenPackageType(c)
		if ok && before != fn.Package {
			problems.Addf("package-type-changed", fn.Place,
				"rename the folder, so that the function gets a name of its own; if it was never deployed, remove "+c.Path,
				"%s becomes %s, and Lambda cannot change what was deployed as %s", fn.Name, packaged[fn.Package], packaged[before])
		}
	}
}

// writtenPackageType is that of the function in a template that a plan updates.
func writtenPackageType(c output.Change) (model.PackageType, bool) {
	function := source.Parse(c.Path, c.Before(), &diag.Problems{}).Get("Resources").Get("Function")
	if function == nil {
		return "", false
	}
	if written := function.Get("Properties").Get("PackageType"); written != nil {
		return model.PackageType(written.Text), true
	}
	return model.Zip, true
}
