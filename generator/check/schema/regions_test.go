package schema_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// deployed is a template that is deployed to regions, each on a line of its own.
func deployed(t *testing.T, name, text string, regions ...string) *template.Document {
	t.Helper()
	d := read(t, name, []byte(text))
	for i, region := range regions {
		d.Regions = append(d.Regions, source.Field[string]{Value: region, Set: true, Place: diag.Place{File: "foldstack.yaml", Line: 10 + i, Column: 9}})
	}
	return d
}

const (
	farm    = "Resources:\n  Farm:\n    Type: AWS::DeviceFarm::Project\n    Properties: {Name: phones}\n"
	retired = "Resources:\n  User:\n    Type: AWS::OpsWorks::UserProfile\n    Properties: {IamUserArn: a}\n"
)

func TestATypeThatARegionLacksIsReportedAtTheRegionOnce(t *testing.T) {
	var problems diag.Problems
	schema.Check([]*template.Document{
		deployed(t, "a.yaml", farm, "us-west-2", "eu-central-1", "us-east-1"),
		deployed(t, "b.yaml", farm, "us-west-2", "eu-central-1"),
	}, &problems)
	found := problems.Sorted()
	require.Len(t, found, 2)
	for i, region := range []string{"eu-central-1", "us-east-1"} {
		assert.Equal(t, "type-not-in-region", found[i].Rule)
		assert.Equal(t, diag.Place{File: "foldstack.yaml", Line: 11 + i, Column: 9}, found[i].Place)
		assert.Equal(t, "AWS::DeviceFarm::Project does not exist in "+region+", where a.yaml is deployed", found[i].Text)
		assert.Equal(t, []diag.Note{{Place: diag.Place{File: "a.yaml", Line: 3, Column: 11}, Text: "needed here"}}, found[i].Notes)
	}
}

func TestATypeThatARegionNeedNotHaveIsNoProblem(t *testing.T) {
	const conditional = "Conditions:\n  There: !Equals [!Ref AWS::Region, us-west-2]\n" + farm + "    Condition: There\n"
	for name, text := range map[string]string{
		"everywhere":   "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n",
		"by condition": conditional,
		"of a user":    "Resources:\n  Seed:\n    Type: Custom::Seed\n    Properties: {ServiceToken: x}\n",
	} {
		assert.Empty(t, check(deployed(t, "a.yaml", text, "eu-central-1", "xx-nowhere-1")), name)
	}
	assert.Empty(t, check(deployed(t, "a.yaml", farm)), "deployed nowhere")
}

func TestARetiredTypeIsReportedAsThatAndNotByRegion(t *testing.T) {
	found := check(deployed(t, "a.yaml", retired, "eu-central-1"))
	require.Len(t, found, 1)
	assert.Contains(t, found[0], "a.yaml:3:11: retired-type: ")
}
