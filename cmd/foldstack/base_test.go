package main

import (
	"testing"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/stretchr/testify/assert"
)

func fields(values ...string) []source.Field[string] {
	var list []source.Field[string]
	for _, v := range values {
		list = append(list, source.Field[string]{Value: v, Set: true})
	}
	return list
}

func TestBaseStacksAreNamedInTheOrderOfTheirDeployment(t *testing.T) {
	p := &model.Project{
		Name: "shop", Tooling: model.Location{Account: "111111111111", Region: "eu-central-1"},
		Environments: []model.Environment{
			{Name: "dev", Accounts: fields("222222222222"), Regions: fields("us-east-1", "eu-central-1")},
			{Name: "prod", Accounts: fields("333333333333", "444444444444"), Regions: fields("eu-west-1")},
		},
	}
	assert.Equal(t, []baseStack{
		{template: "tooling.yaml", name: "shop-tooling", where: "account 111111111111, eu-central-1"},
		{template: "tooling-region.yaml", name: "shop-tooling-region", where: "account 111111111111, us-east-1"},
		{template: "tooling-region.yaml", name: "shop-tooling-region", where: "account 111111111111, eu-west-1"},
		{template: "target.yaml", name: "shop-dev-target", where: "account 222222222222, us-east-1"},
		{template: "target.yaml", name: "shop-prod-target", where: "each of the 2 accounts of prod, eu-west-1"},
		{template: "pipeline.yaml", name: "shop-pipeline", where: "account 111111111111, eu-central-1", updatesItself: true},
	}, baseStacks(p))
}
