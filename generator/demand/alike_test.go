package demand_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
)

func TestDemandsThatAreAlikeStandForTheSameDemands(t *testing.T) {
	d := deployment(t)
	alone := demand.Stack(d)
	d.Together = "acme-shop-dev"
	together := demand.Stack(d)
	assert.Less(t, len(together), len(alone))
	var each []demand.Demand
	for i := range together {
		each = append(each, together[i].Each()...)
	}
	assert.ElementsMatch(t, alone, each)
}

func TestAFamilyIsOneCallOnNamesOfTheDeployment(t *testing.T) {
	d := deployment(t)
	d.Together = "acme-shop-dev"
	for _, one := range demand.Stack(d) {
		if one.Family == "" {
			assert.Empty(t, one.Alike)
			continue
		}
		for _, each := range one.Each() {
			assert.True(t, authz.Matches(one.Family, each.Resource), "%s in %s", each.Resource, one.Family)
			assert.Equal(t, one.Context, each.Context)
			assert.Equal(t, one.Action, each.Action)
		}
	}
}
