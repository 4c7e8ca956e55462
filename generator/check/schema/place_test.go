package schema_test

import (
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/sqs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

func TestAMistakeInAGeneratedResourceIsReportedAtTheLineThatAskedForIt(t *testing.T) {
	asked := diag.Place{File: "functions/orders/function.yaml", Line: 4, Column: 5}
	generated := &cfn.Template{}
	generated.Add("Jobs", &sqs.Queue{VisibilityTimeout: cfn.Ptr(50000)}).Origin = asked
	generated.Add("Other", &sqs.Queue{DelaySeconds: cfn.Ptr(1000)})
	folder := diag.Place{File: "functions/orders"}

	var problems diag.Problems
	schema.Check([]*template.Document{template.Of("out/functions/orders.yaml", folder, generated, 0, nil)}, &problems)
	found := problems.Sorted()
	require.Len(t, found, 2)
	assert.Equal(t, folder, found[0].Place)
	assert.Contains(t, found[0].Text, "DelaySeconds is 1000")
	assert.Equal(t, asked, found[1].Place)
	assert.Contains(t, found[1].Text, "VisibilityTimeout is 50000")
}

func TestAMistakeInResourcesYamlIsReportedWhereItStands(t *testing.T) {
	const text = `Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds:
        Fn::If:
          - IsProd
          - 1000
          - !If [IsTest, 2000, 10]
      Tags:
        - Key: team
          Valu: shop
        - {Key: a, Value: b, Other: c}
`
	assert.Equal(t, []string{
		"r.yaml:8:13: DelaySeconds is 1000, and the most is 900",
		"r.yaml:9:26: DelaySeconds is 2000, and the most is 900",
		"r.yaml:12:11: Tags of AWS::SQS::Queue has no property Valu",
		"r.yaml:13:30: Tags of AWS::SQS::Queue has no property Other",
	}, placed(t, read(t, "r.yaml", []byte(text))))
}

// placed is what is wrong with a document, without the rules and the hints.
func placed(t *testing.T, d *template.Document) []string {
	t.Helper()
	var problems diag.Problems
	schema.Check([]*template.Document{d}, &problems)
	var lines []string
	for _, p := range problems.Sorted() {
		lines = append(lines, p.Place.String()+": "+p.Text)
	}
	return lines
}

// A macro may make anything of what it is given; CloudFormation's own do not.
func TestATemplateWithAMacroOfTheUsersIsNotJudged(t *testing.T) {
	const resources = "\nResources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {Anything: goes}\n"
	assert.Empty(t, placed(t, read(t, "t.yaml", []byte("Transform: Macro"+resources))))
	assert.Empty(t, placed(t, read(t, "t.yaml", []byte("Transform: [AWS::LanguageExtensions, Macro]"+resources))))
	assert.Len(t, placed(t, read(t, "t.yaml", []byte("Transform: AWS::LanguageExtensions"+resources))), 1)
}

func TestAMistakeOfManyFunctionsIsReportedForEach(t *testing.T) {
	var problems diag.Problems
	var documents []*template.Document
	for range 20 {
		node := source.Parse("r.yaml", []byte("Resources:\n  Jobs: {Type: AWS::SQS::Queu}\n"), &problems)
		documents = append(documents, template.Written("r.yaml", node, 0, &problems))
	}
	documents[7] = read(t, "other.yaml", []byte("Resources:\n  Jobs: {Type: AWS::SQS::Queu}\n"))
	assert.Len(t, check(documents...), 2, "the same problem at the same place is one")
}
