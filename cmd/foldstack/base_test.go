package main

import (
	"testing"

	"github.com/foldstack/foldstack/generator"
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
		Name: "shop", Output: "out", Tooling: model.Location{Account: "111111111111", Region: "eu-central-1"},
		Environments: []model.Environment{
			{Name: "dev", Accounts: fields("222222222222"), Regions: fields("us-east-1", "eu-central-1")},
			{Name: "prod", Accounts: fields("333333333333", "444444444444"), Regions: fields("eu-west-1")},
		},
	}
	var rows [][]string
	for _, row := range baseRows(p, generator.BaseStacks(p)) {
		rows = append(rows, []string{row.File, row.Name, row.where})
	}
	assert.Equal(t, [][]string{
		{"out/tooling.yaml", "shop-tooling", "account 111111111111, eu-central-1"},
		{"out/tooling-region.yaml", "shop-tooling-region", "account 111111111111, us-east-1"},
		{"out/tooling-region.yaml", "shop-tooling-region", "account 111111111111, eu-west-1"},
		{"out/target.yaml", "shop-dev-target", "account 222222222222, us-east-1"},
		{"out/target.yaml", "shop-prod-target", "each of the 2 accounts of prod, eu-west-1"},
		{"out/pipeline.yaml", "shop-pipeline", "account 111111111111, eu-central-1"},
	}, rows)
}
