package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/model"
)

func TestAProjectIsBuiltOnAHostThatExistsWhereItLies(t *testing.T) {
	for _, region := range model.KnownRegions() {
		partition, _ := model.PartitionOf(region)
		d := model.DefaultsIn(region)
		if partition == model.Commercial {
			assert.Equal(t, model.ArmHost, d.BuildType, region)
			assert.Equal(t, "arm64", d.Architecture, region)
		} else {
			assert.Equal(t, model.X86Host, d.BuildType, region)
			assert.Equal(t, "x86_64", d.Architecture, region)
		}
	}
}

func TestEveryHostHasAnImage(t *testing.T) {
	assert.Len(t, model.DefaultBuildImages, len(model.BuildTypes))
	for _, host := range model.BuildTypes {
		assert.NotEmpty(t, model.DefaultBuildImages[host], host)
	}
}

func TestFunctionsAreTracedExceptInChina(t *testing.T) {
	for region, traced := range map[string]bool{"eu-central-1": true, "us-gov-west-1": true, "cn-north-1": false, "cn-northwest-1": false} {
		settings := model.DefaultsIn(region).Settings
		assert.True(t, settings.Tracing.Set, region)
		assert.Equal(t, traced, settings.Tracing.Value, region)
	}
	assert.True(t, model.DefaultSettings.Tracing.Value, "the defaults of one region are not those of all")
}
