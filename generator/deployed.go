package generator

import (
	"slices"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/stack"
	"github.com/foldstack/foldstack/generator/template"
)

// This file says where each template is deployed. The pipeline's actions are not
// asked: the rules hold what is said here against them.

// inTooling is the first region of the tooling account.
func inTooling(p *model.Project) []template.Deployment {
	return []template.Deployment{{Account: p.Tooling.Account, Region: p.Tooling.Region}}
}

// inToolingRegions are the further regions of the tooling account.
func inToolingRegions(p *model.Project) []template.Deployment {
	var list []template.Deployment
	for _, region := range p.Regions() {
		if region != p.Tooling.Region {
			list = append(list, template.Deployment{Account: p.Tooling.Account, Region: region})
		}
	}
	return list
}

// inAccounts is the first region of every environment in each of its accounts.
func inAccounts(p *model.Project) []template.Deployment {
	var list []template.Deployment
	for i := range p.Environments {
		e := &p.Environments[i]
		for _, account := range e.Accounts {
			list = append(list, deployment(model.Target{Environment: e.Name, Account: account.Value, Region: e.Regions[0].Value}))
		}
	}
	return list
}

// inTargets are all targets.
func inTargets(p *model.Project) []template.Deployment {
	var list []template.Deployment
	for _, t := range p.Targets() {
		list = append(list, deployment(t))
	}
	return list
}

// regions are those of the targets that one of the restrictions includes, as the
// project's file names them.
func regions(p *model.Project, only []model.Only) []source.Field[string] {
	var list []source.Field[string]
	for i := range p.Environments {
		e := &p.Environments[i]
		for _, region := range e.Regions {
			target := model.Target{Environment: e.Name, Region: region.Value}
			if len(only) == 0 || slices.ContainsFunc(only, func(o model.Only) bool { return o.Includes(target) }) {
				list = append(list, region)
			}
		}
	}
	return list
}

func deployment(t model.Target) template.Deployment {
	return template.Deployment{Account: t.Account, Region: t.Region, Parameters: map[string]string{stack.EnvironmentParameter: t.Environment}}
}
