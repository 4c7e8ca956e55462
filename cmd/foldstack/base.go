package main

import (
	"fmt"

	"github.com/foldstack/foldstack/generator/model"
)

// baseStack is a stack that somebody deploys before the pipeline can run.
type baseStack struct {
	template string // in the output folder
	name     string
	where    string // for people
	// updatesItself tells that the pipeline deploys it, once it is there.
	updatesItself bool
}

// baseStacks lists them in the order in which they are deployed.
func baseStacks(p *model.Project) []baseStack {
	tooling := "account " + p.Tooling.Account + ", "
	stacks := []baseStack{{template: "tooling.yaml", name: model.ToolingStack(p.Name), where: tooling + p.Tooling.Region}}
	for _, region := range p.Regions()[1:] {
		stacks = append(stacks, baseStack{template: "tooling-region.yaml", name: model.RegionStack(p.Name), where: tooling + region})
	}
	for i := range p.Environments {
		e := &p.Environments[i]
		if len(e.Accounts) == 0 || len(e.Regions) == 0 {
			continue
		}
		where := "account " + e.Accounts[0].Value
		if n := len(e.Accounts); n > 1 {
			where = fmt.Sprintf("each of the %d accounts of %s", n, e.Name)
		}
		stacks = append(stacks, baseStack{template: "target.yaml", name: model.TargetStack(p.Name, e.Name), where: where + ", " + e.Regions[0].Value})
	}
	return append(stacks, baseStack{
		template: "pipeline.yaml", name: model.PipelineStack(p.Name), where: tooling + p.Tooling.Region, updatesItself: true,
	})
}
