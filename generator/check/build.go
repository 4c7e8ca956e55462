package check

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// Build reports a host that does not exist where the pipeline lies, and functions
// that the build project could not build.
//
// https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-acb.html
// https://docs.aws.amazon.com/codebuild/latest/userguide/sample-docker.html
func Build(p *model.Project, problems *diag.Problems) {
	if partition, _ := model.PartitionOf(p.Tooling.Region); partition == model.GovCloud && p.Build.Type == model.ArmHost {
		problems.Addf("no-arm64-host-in-region", p.At("build", "type"), "leave build.type out, or write "+model.X86Host, "CodeBuild has no hosts of the type %s in %s", p.Build.Type, p.Tooling.Region)
	}
	if p.Build.Privileged {
		return
	}
	for _, fn := range p.Functions {
		if fn.Package == model.Image {
			problems.Addf("privileged-build", fn.Place, "write `build: {privileged: true}` in "+p.Place.File, "%s is a container image, which CodeBuild builds in privileged mode only", fn.Name)
		}
	}
}
