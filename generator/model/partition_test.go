package model_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/model"
)

func TestARegionLiesInThePartitionThatItsPrefixNames(t *testing.T) {
	prefixes := map[model.Partition]string{model.China: "cn-", model.GovCloud: "us-gov-"}
	for _, region := range model.KnownRegions() {
		partition, ok := model.PartitionOf(region)
		assert.True(t, ok, region)
		for p, prefix := range prefixes {
			assert.Equal(t, strings.HasPrefix(region, prefix), partition == p, "%s is said to lie in %s", region, partition)
		}
	}
}

func TestAConnectionExistsOnlyWhereAPipelineDoes(t *testing.T) {
	for _, region := range model.KnownRegions() {
		if model.HasConnections(region) {
			assert.True(t, model.HasCodePipeline(region), region)
		}
	}
}

func TestChinaAndGovCloudWestHaveNoConnections(t *testing.T) {
	for _, region := range []string{"cn-north-1", "cn-northwest-1", "us-gov-west-1"} {
		assert.True(t, model.HasCodePipeline(region), region)
		assert.False(t, model.HasConnections(region), region)
	}
	assert.True(t, model.HasConnections("eu-central-1"))
}

func TestAnUnknownRegionHasNothing(t *testing.T) {
	_, ok := model.PartitionOf("eu-centrall-1")
	assert.False(t, ok)
	assert.False(t, model.HasCodePipeline("eu-centrall-1"))
	assert.False(t, model.HasConnections("eu-centrall-1"))
}

func TestKnownRegionsAreSorted(t *testing.T) {
	assert.True(t, slices.IsSorted(model.KnownRegions()))
}

// The longest bucket name has to fit with every region that is ever added.
func TestTheLongestRegionLeavesRoomInABucketName(t *testing.T) {
	project := strings.Repeat("p", model.MaxProjectName)
	for _, region := range model.KnownRegions() {
		for _, bucket := range []string{
			model.ArtifactBucket(project, "123456789012", region),
			model.AssetBucket(project, "123456789012", region),
			model.SourceBucket(project, "123456789012", region),
		} {
			assert.LessOrEqual(t, len(bucket), model.MaxBucketName, bucket)
		}
	}
}
