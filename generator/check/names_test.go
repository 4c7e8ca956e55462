package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

func project(name string, environments ...model.Environment) *model.Project {
	return &model.Project{Name: name, Tooling: model.Location{Account: "111111111111", Region: "eu-central-1"}, Environments: environments}
}

func environment(name, account string) model.Environment {
	return model.Environment{
		Name:     name,
		Place:    diag.Place{File: name},
		Accounts: []source.Field[string]{{Value: account, Set: true}},
		Regions:  []source.Field[string]{{Value: "eu-central-1", Set: true}},
	}
}

func function(name string) model.Function {
	return model.Function{Name: name, Place: diag.Place{File: name}}
}

func found(rule func(*model.Project, *diag.Problems), p *model.Project) []string {
	var problems diag.Problems
	rule(p, &problems)
	var texts []string
	for _, problem := range problems.Sorted() {
		texts = append(texts, problem.Place.File+": "+problem.Rule+": "+problem.Text)
	}
	return texts
}

func TestAFunctionsNameMayFillLambdasLimitAndNotPassIt(t *testing.T) {
	fits := strings.Repeat("f", model.MaxFunctionName-len("shop-dev-"))
	p := project("shop", environment("dev", "222222222222"))
	p.Functions = []model.Function{function(fits)}
	assert.Empty(t, found(check.Names, p))

	p.Functions = []model.Function{function(fits + "f")}
	assert.Equal(t, []string{fits + "f: name-length: the function would be called shop-dev-" + fits + "f, which has 65 characters; the limit is 64"}, found(check.Names, p))
}

func TestAnEnvironmentThatAFunctionDoesNotReachDoesNotLengthenItsName(t *testing.T) {
	p := project("shop", environment("dev", "222222222222"), environment("production", "222222222222"))
	fn := function(strings.Repeat("f", model.MaxFunctionName-len("shop-dev-")))
	fn.Only.Environments = []source.Field[string]{{Value: "dev", Set: true}}
	p.Functions = []model.Function{fn}
	assert.Empty(t, found(check.Names, p))
}

func TestEnvironmentsOfOneAccountMustNotBeginAlike(t *testing.T) {
	const both = "prod-eu: environment-prefix: the account 222222222222 serves prod and prod-eu, and the roles of prod would reach what belongs to prod-eu"
	assert.Equal(t, []string{both}, found(check.Names, project("shop", environment("prod", "222222222222"), environment("prod-eu", "222222222222"))))
	assert.Equal(t, []string{both}, found(check.Names, project("shop", environment("prod-eu", "222222222222"), environment("prod", "222222222222"))))
	assert.Empty(t, found(check.Names, project("shop", environment("prod", "222222222222"), environment("prod-eu", "333333333333"))))
	assert.Empty(t, found(check.Names, project("shop", environment("prod", "222222222222"), environment("production", "222222222222"))))
}

// CloudFormation cuts the beginning of a long generated name.
func TestEnvironmentsThatALongProjectNameHidesMustNotShareAnAccount(t *testing.T) {
	long := strings.Repeat("p", model.MaxProjectName)
	assert.NotEmpty(t, found(check.Names, project(long, environment("dev", "222222222222"), environment("prod", "222222222222"))))
	assert.Empty(t, found(check.Names, project(long, environment("dev", "222222222222"), environment("prod", "333333333333"))))
}

func TestAnEnvironmentCannotTakeTheNameOfABaseStack(t *testing.T) {
	for _, name := range []string{"pipeline", "tooling", "tooling-region"} {
		assert.Len(t, found(check.Names, project("shop", environment(name, "222222222222"))), 1, name)
	}
}

func TestAContainerImageNeedsAPrivilegedBuild(t *testing.T) {
	p := project("shop", environment("dev", "222222222222"))
	p.Functions = []model.Function{{Name: "resize", Place: diag.Place{File: "resize"}, Package: model.Image}, {Name: "plain", Package: model.Zip}}
	assert.Equal(t, []string{"resize: privileged-build: resize is a container image, which CodeBuild builds in privileged mode only"}, found(check.Build, p))

	p.Build.Privileged = true
	assert.Empty(t, found(check.Build, p))
}

func TestAnArm64HostInGovCloudIsAProblem(t *testing.T) {
	for region, want := range map[string][]string{
		"us-gov-west-1": {"shop: no-arm64-host-in-region: CodeBuild has no hosts of the type ARM_CONTAINER in us-gov-west-1"},
		"eu-central-1":  nil,
	} {
		p := project("shop")
		p.Place = diag.Place{File: "shop"}
		p.Tooling.Region, p.Build.Type = region, model.ArmHost
		assert.Equal(t, want, found(check.Build, p), region)
	}
}
