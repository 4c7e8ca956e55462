package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

func TestNoEnvironmentOrVPCTakesASecureString(t *testing.T) {
	for text, problems := range map[string]int{
		"!Sub '{{resolve:ssm-secure:/orders/key}}'":                  1,
		"!Sub ['{{resolve:ssm-secure:/${A}/key}}', {A: orders}]":     1,
		"!Join ['', ['{{resolve:ssm-secure:', /orders/key, '}}']]":   1,
		"Fn::Sub: '{{resolve:ssm-secure:/orders/key}}'":              1,
		"!Sub ['${A}', {A: '{{resolve:ssm-secure:/orders/key:1}}'}]": 1,
		"'{{resolve:ssm-secure:/orders/key}}'":                       0, // the scan reports text without a tag
		"!Sub '{{resolve:ssm:/orders/level}}'":                       0,
		"!Sub '{{resolve:secretsmanager:orders}}'":                   0,
	} {
		variables := []model.Variable{{Name: "KEY", Value: tree(t, text)}}
		assert.Len(t, found(check.SecureStrings, &model.Project{Functions: []model.Function{{Environment: variables}}}), problems, text)
		override := model.Override{Variables: variables}
		assert.Len(t, found(check.SecureStrings, &model.Project{Functions: []model.Function{{Overrides: []model.Override{override}}}}), problems, text)
		vpc := attached(&source.Node{Pairs: []source.Pair{{Key: tree(t, "subnets"), Value: &source.Node{Items: []*source.Node{tree(t, text)}}}}})
		assert.Len(t, found(check.SecureStrings, &model.Project{Functions: []model.Function{{Settings: vpc}}}), problems, text)
	}
}
