package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// regional is a project whose pipeline lies in home and whose one environment
// lies in regions; each region stands on a line of its own, from line 10.
func regional(provider model.SourceProvider, home string, regions ...string) *model.Project {
	e := model.Environment{Name: "dev", Accounts: []source.Field[string]{{Value: "222222222222"}}}
	for i, r := range regions {
		e.Regions = append(e.Regions, source.Field[string]{Value: r, Set: true, Place: diag.Place{File: "foldstack.yaml", Line: 10 + i}})
	}
	return &model.Project{
		Tooling:      model.Location{Account: "111111111111", Region: home, Place: diag.Place{File: "foldstack.yaml", Line: 3}},
		Source:       model.Source{Provider: provider, Place: diag.Place{File: "foldstack.yaml", Line: 4}},
		Environments: []model.Environment{e},
	}
}

func regionProblems(p *model.Project) []diag.Problem {
	var problems diag.Problems
	check.Regions(p, &problems)
	return problems.Sorted()
}

func TestRegionsThatThePipelineCanReachAreNoProblem(t *testing.T) {
	for name, p := range map[string]*model.Project{
		"commercial": regional(model.GitHub, "eu-central-1", "eu-central-1", "us-east-1", "ap-southeast-4"),
		"china":      regional(model.S3, "cn-north-1", "cn-north-1", "cn-northwest-1"),
		"govcloud":   regional(model.S3, "us-gov-west-1", "us-gov-east-1"),
	} {
		assert.Empty(t, regionProblems(p), name)
	}
}

func TestEachWrongRegionIsReportedAtItsOwnPlace(t *testing.T) {
	found := regionProblems(regional(model.GitHub, "eu-central-1", "eu-centrall-1", "cn-north-1", "us-gov-east-1", "ca-west-1", "us-east-1"))
	require.Len(t, found, 4)
	for i, want := range []struct {
		rule string
		line int
		text string
	}{
		{"unknown-region", 10, `there is no region "eu-centrall-1"`},
		{"mixed-partitions", 11, "China"},
		{"mixed-partitions", 12, "AWS GovCloud (US)"},
		{"no-pipeline-in-region", 13, "CodePipeline does not exist in ca-west-1"},
	} {
		assert.Equal(t, want.rule, found[i].Rule)
		assert.Equal(t, want.line, found[i].Place.Line)
		assert.Contains(t, found[i].Text, want.text)
		assert.NotEmpty(t, found[i].Hint)
	}
	assert.Equal(t, "did you mean eu-central-1?", found[0].Hint)
	assert.Equal(t, 3, found[1].Notes[0].Place.Line, "a mixed partition points at the tooling region too")
}

func TestAnUnknownToolingRegionIsReportedOnce(t *testing.T) {
	found := regionProblems(regional(model.GitHub, "us-esat-1", "us-east-1"))
	require.Len(t, found, 1)
	assert.Equal(t, "unknown-region", found[0].Rule)
	assert.Equal(t, 3, found[0].Place.Line)
}

func TestAToolingRegionWithoutCodePipelineIsReported(t *testing.T) {
	found := regionProblems(regional(model.S3, "mx-central-1", "us-east-1"))
	require.Len(t, found, 1)
	assert.Equal(t, "no-pipeline-in-region", found[0].Rule)
}

func TestAGitHostWithoutConnectionsIsToldToUseABucket(t *testing.T) {
	for _, home := range []string{"cn-north-1", "us-gov-west-1", "eu-central-2"} {
		p := regional(model.GitHub, home, home)
		found := regionProblems(p)
		require.Len(t, found, 1, home)
		assert.Equal(t, "no-connections-in-region", found[0].Rule)
		assert.Contains(t, found[0].Hint, "provider: s3")

		p.Source.Connection = "arn:aws:codeconnections:eu-west-1:111111111111:connection/x"
		assert.Len(t, regionProblems(p), 1, "a connection of another region does not help %s", home)

		p.Source.Provider = model.S3
		assert.Empty(t, regionProblems(p), home)
	}
}
