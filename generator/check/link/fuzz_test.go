package link_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/check/link"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// seeds are templates that reach every rule.
var seeds = []string{
	"Resources: {A: {Type: T, DependsOn: [A, B], Condition: C, Properties: {Q: !Sub ['${A.B}${V}${!X}', {V: !If [C, !Ref A, !GetAtt B.Outputs.O]}]}}}",
	"Conditions: {C: !And [!Condition C, !Not [!Equals [!Ref P, !FindInMap [M, !Ref AWS::Region, b]]]]}\nMappings: {M: {a: {b: c}}}\nParameters: {P: {Type: Number, Default: x, AllowedPattern: '['}}",
	"Transform: AWS::LanguageExtensions\nResources: {'Fn::ForEach::A': [X, [a], {'${X}': {Type: T}}], B: {'Fn::ForEach::C': 3}}",
	"Outputs: {O: {Value: !ImportValue x, Export: {Name: !Join ['', [a, !Ref P]]}}, P: 3}",
	"Resources: {P: {Type: AWS::CodePipeline::Pipeline, Properties: {RoleArn: arn:a:iam::1:role/x, ArtifactStores: [{Region: a, ArtifactStore: {Location: b, EncryptionKey: {Id: 'arn:aws:kms:a:b:c'}}}], Stages: [{Name: a, Actions: [{Name: b, Namespace: n, RunOrder: x, ActionTypeId: {Category: Deploy, Provider: CloudFormation, Owner: AWS}, InputArtifacts: [{Name: c}], OutputArtifacts: [{Name: c}], Configuration: {ActionMode: CHANGE_SET_REPLACE, TemplatePath: 'c::t.yaml', TemplateConfiguration: 'c::p.json', X: '#{n.v}'}}]}, 3]}}}",
	"Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Sub 'https://${B}.s3.${AWS::Region}.x/y', Parameters: {P: !GetAtt S.Outputs.O}}}}",
	"Resources: {R: {Type: AWS::IAM::Role, Properties: {RoleName: x, Path: /p/, A: arn:aws:iam::1:role/p/y}}, B: {Type: AWS::CodeBuild::Project, Properties: {Source: {BuildSpec: x}}}}",
}

func FuzzCheckTakesAnyTemplate(f *testing.F) {
	for _, text := range seeds {
		f.Add(text, seeds[0])
	}
	f.Fuzz(func(_ *testing.T, text, below string) {
		var problems diag.Problems
		read := func(path, text string) *template.Document {
			return template.Written(path, source.Parse(path, []byte(text), &problems), len(text), &problems)
		}
		d, child := read("t.yaml", text), read("child.yaml", below)
		d.Children = map[string]*template.Document{"A": child, "S": child, "B": d}
		d.Deployed = []template.Deployment{{}, {Account: "1", Region: "eu-central-1", Parameters: map[string]string{"P": "x"}}}
		d.Files = map[string][]byte{"p.json": []byte(`{"Parameters": {"P": "x"}}`)}
		for _, section := range []*[]template.Entry{&d.Resources, &d.Outputs} { // half of them nobody's
			for i, e := range *section {
				if i%2 == 0 {
					(*section)[i] = template.Entry{Name: e.Name, Value: e.Value, Place: e.Place}
				}
			}
		}
		link.Check([]*template.Document{child, d, nil}, &problems)
	})
}

// Each of ten conditions is ten times the next one.
func TestConditionsThatGrowWithoutBoundAreNotFollowed(t *testing.T) {
	var b strings.Builder
	b.WriteString("Conditions:\n")
	for c := 'A'; c < 'Z'; c++ {
		b.WriteString("  " + string(c) + ": !And [" + strings.Repeat("!Condition "+string(c+1)+", ", 9) + "!Condition " + string(c+1) + "]\n")
	}
	b.WriteString("  Z: !Equals [a, !Ref AWS::StackName]\nResources:\n  Q: {Type: T, Condition: A}\n  R: {Type: T, Properties: {Q: !Ref Q}}\n")
	assertFound(t, check(document(t, "t.yaml", b.String())))
}

func TestATemplateInWhichNothingIsRightIsNotReportedWithoutEnd(t *testing.T) {
	const many = 2000
	var b strings.Builder
	b.WriteString("Resources:\n")
	for i := range many {
		name := strings.Repeat("A", i%50+1) + strings.Repeat("B", i/50+1)
		b.WriteString("  " + name + ": {Type: T, DependsOn: [Missing" + name + "], Properties: {Q: !Ref A, R: !Ref AB}}\n")
	}
	list := check(document(t, "t.yaml", b.String()))
	circles, missing := 0, 0
	for _, p := range list {
		switch p.Rule {
		case "circular-reference":
			circles++
		case "unknown-reference":
			missing++
		}
	}
	assert.LessOrEqual(t, circles, 20)
	assert.GreaterOrEqual(t, missing, many)
}
