package check

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// Build reports functions that the build project could not build.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/sample-docker.html
func Build(p *model.Project, problems *diag.Problems) {
	if p.Build.Privileged {
		return
	}
	for _, fn := range p.Functions {
		if fn.Package == model.Image {
			problems.Addf("privileged-build", fn.Place, "write `build: {privileged: true}` in "+p.Place.File, "%s is a container image, which CodeBuild builds in privileged mode only", fn.Name)
		}
	}
}
