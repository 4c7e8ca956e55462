package link_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check/link"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// document reads a template as a user writes it.
func document(t testing.TB, path, text string) *template.Document {
	t.Helper()
	var problems diag.Problems
	d := template.Written(path, source.Parse(path, []byte(text), &problems), len(text), &problems)
	require.Empty(t, problems.Sorted(), "the test's own template cannot be read")
	return d
}

func check(documents ...*template.Document) []diag.Problem {
	var problems diag.Problems
	link.Check(documents, &problems)
	return problems.Sorted()
}

// found is what a test expects: a rule, a place, and parts of the text and the hint.
type found struct{ rule, place, text, hint string }

func assertFound(t *testing.T, list []diag.Problem, want ...found) {
	t.Helper()
	if !assert.Len(t, list, len(want)) {
		t.Log(list)
		return
	}
	for i, w := range want {
		assert.Equal(t, w.rule, list[i].Rule)
		assert.Equal(t, w.place, list[i].Place.String())
		assert.Contains(t, list[i].Text, w.text)
		assert.Contains(t, list[i].Hint, w.hint)
	}
}

// queue begins every template of the tables: line 3 is the first of the test's own.
const queue = "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n"

func TestANameThatATemplateDoesNotHaveIsReportedWhereItStands(t *testing.T) {
	for _, tt := range []struct {
		what, text string
		want       []found
	}{
		{"Ref of a resource that is there", queue + "  A: {Type: T, Properties: {Q: !Ref Queue}}", nil},
		{"Ref of a misspelt resource", queue + "  A: {Type: T, Properties: {Q: !Ref Quue}}", []found{{"unknown-reference", "t.yaml:3:32", `no resource and no parameter "Quue"`, "did you mean Queue?"}}},
		{"Ref in its long form", queue + "  A: {Type: T, Properties: {Q: {Ref: Quue}}}", []found{{"unknown-reference", "t.yaml:3:32", "Quue", ""}}},
		{"a pseudo parameter", queue + "  A: {Type: T, Properties: {Q: !Ref AWS::Region}}", nil},
		{"a misspelt pseudo parameter", queue + "  A: {Type: T, Properties: {Q: !Ref AWS::Regin}}", []found{{"unknown-reference", "t.yaml:3:32", "no pseudo parameter AWS::Regin", "AWS::Region?"}}},
		{"GetAtt of a resource that is not there", queue + "  A: {Type: T, Properties: {Q: !GetAtt Quue.Arn}}", []found{{"unknown-reference", "t.yaml:3:32", "no resource \"Quue\"", "Queue?"}}},
		{"GetAtt of a parameter", queue + "  A: {Type: T, Properties: {Q: !GetAtt P.Arn}}\nParameters: {P: {Type: String}}", []found{{"unknown-reference", "t.yaml:3:32", "P is a parameter", "write !Ref P"}}},
		{"GetAtt as a list with a computed attribute", queue + "  A: {Type: T, Properties: {Q: !GetAtt [Queue, !Ref Atr]}}", []found{{"unknown-reference", "t.yaml:3:48", "Atr", ""}}},
		{"names inside Sub", queue + "  A: {Type: T, Properties: {Q: !Sub 'a-${Queue}-${Queue.Arn}-${!Literal}-${AWS::Region}'}}", nil},
		{"a misspelt name inside Sub", queue + "  A: {Type: T, Properties: {Q: !Sub 'a-${Quue}'}}", []found{{"unknown-reference", "t.yaml:3:32", "Quue", "Queue?"}}},
		{"a misspelt resource of an attribute inside Sub", queue + "  A: {Type: T, Properties: {Q: !Sub 'a-${Quue.Arn}'}}", []found{{"unknown-reference", "t.yaml:3:32", "Quue", "Queue?"}}},
		{"a variable of Sub's own", queue + "  A: {Type: T, Properties: {Q: !Sub ['${V}', {V: !Ref Queue}]}}", nil},
		{"a variable of Sub's own that nothing uses, which CloudFormation takes", queue + "  A: {Type: T, Properties: {Q: !Sub ['${Queue}', {V: x}]}}", nil},
		{"a misspelt name in a variable of Sub", queue + "  A: {Type: T, Properties: {Q: !Sub ['${V}', {V: !Ref Quue}]}}", []found{{"unknown-reference", "t.yaml:3:50", "Quue", ""}}},
		{"DependsOn, one and a list", queue + "  A: {Type: T, DependsOn: Queue}\n  B: {Type: T, DependsOn: [Queue, A]}", nil},
		{"DependsOn of something that is not there", queue + "  A: {Type: T, DependsOn: [Queue, Quue]}", []found{{"unknown-reference", "t.yaml:3:35", "Quue", "Queue?"}}},
		{"DependsOn of a parameter", queue + "  A: {Type: T, DependsOn: P}\nParameters: {P: {Type: String}}", []found{{"unknown-reference", "t.yaml:3:27", "P is a parameter", "remove it"}}},
		{"a condition that is not there", queue + "  A: {Type: T, Condition: IsProd}\nConditions: {IsPrd: !Equals [a, a]}", []found{{"unknown-condition", "t.yaml:3:27", "IsProd", "IsPrd?"}}},
		{"an output's condition that is not there", queue + "Outputs: {O: {Value: a, Condition: No}}", []found{{"unknown-condition", "t.yaml:3:36", "No", ""}}},
		{"If of a condition that is not there", queue + "  A: {Type: T, Properties: {Q: !If [IsProd, a, b]}}", []found{{"unknown-condition", "t.yaml:3:37", "IsProd", ""}}},
		{"Condition inside Conditions", queue + "Conditions: {A: !Not [!Condition B]}", []found{{"unknown-condition", "t.yaml:3:23", "B", ""}}},
		{"a mapping that is not there", queue + "  A: {Type: T, Properties: {Q: !FindInMap [Sizs, a, b]}}\nMappings: {Sizes: {a: {b: c}}}", []found{{"unknown-mapping", "t.yaml:3:32", "no mapping \"Sizs\"", "Sizes?"}}},
		{"a first key that is not there", queue + "  A: {Type: T, Properties: {Q: !FindInMap [Sizes, prd, b]}}\nMappings: {Sizes: {prod: {b: c}}}", []found{{"unknown-mapping", "t.yaml:3:51", "no key \"prd\"", "prod?"}}},
		{"a second key that is not there", queue + "  A: {Type: T, Properties: {Q: !FindInMap [Sizes, prod, c]}}\nMappings: {Sizes: {prod: {b: c}}}", []found{{"unknown-mapping", "t.yaml:3:57", "no key \"c\" below prod", "it has b"}}},
		{"a second key that no row has", queue + "  A: {Type: T, Properties: {Q: !FindInMap [Sizes, !Ref AWS::Region, c]}}\nMappings: {Sizes: {prod: {b: c}}}", []found{{"unknown-mapping", "t.yaml:3:69", "no row of the mapping Sizes", ""}}},
		{"a key that is missing and has a default", "Transform: AWS::LanguageExtensions\n" + queue + "  A: {Type: T, Properties: {Q: !FindInMap [Sizes, x, y, {DefaultValue: d}]}}\nMappings: {Sizes: {prod: {b: c}}}", nil},
		{"what a macro may make", "Transform: MyMacro\n" + queue + "  A: {Type: T, Properties: {Q: !Ref Made, R: !If [Made, a, b]}}", nil},
		{"what a module makes", queue + "  M: {Type: Acme::Web::Site::MODULE}\nOutputs: {O: {Value: !GetAtt MBucket.Arn}}", nil},
		{"what a loop makes", "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Topics:\n    - Name\n    - [A, B]\n    - Topic${Name}:\n        Type: AWS::SNS::Topic\n        Properties: {TopicName: !Ref Name}\n", nil},
	} {
		t.Run(tt.what, func(t *testing.T) { assertFound(t, check(document(t, "t.yaml", tt.text)), tt.want...) })
	}
}

func TestAFunctionThatCannotStandWhereItDoesIsReported(t *testing.T) {
	for _, tt := range []struct {
		what, text string
		want       []found
	}{
		{"a function as the default of a parameter", queue + "Parameters: {P: {Type: String, Default: !Ref AWS::Region}}", []found{{"function-not-allowed", "t.yaml:3:41", "Ref cannot stand in the Parameters section", ""}}},
		{"a function in a mapping", queue + "Mappings: {M: {a: {b: !Ref AWS::Region}}}", []found{{"function-not-allowed", "t.yaml:3:23", "Ref cannot stand in the Mappings section", ""}}},
		{"a resource in a condition", queue + "Conditions: {C: !Equals [!Ref Queue, a]}", []found{{"reference-not-allowed", "t.yaml:3:26", "the resource Queue cannot be referred to in the Conditions section", ""}}},
		{"GetAtt in a condition", queue + "Conditions: {C: !Equals [!GetAtt Queue.Arn, a]}", []found{{"function-not-allowed", "t.yaml:3:26", "Fn::GetAtt cannot stand in the Conditions section", ""}}},
		{"If in a condition", queue + "Conditions: {C: !Equals [!If [C, a, b], a]}", []found{{"function-not-allowed", "t.yaml:3:26", "Fn::If", ""}}},
		{"what conditions may hold", queue + "Parameters: {P: {Type: String}}\nMappings: {M: {a: {b: c}}}\nConditions: {C: !And [!Equals [!Ref P, !Sub '${AWS::Region}-a'], !Not [!Equals [!FindInMap [M, a, b], c]]]}", nil},
		{"Equals in a value", queue + "  A: {Type: T, Properties: {Q: !Equals [a, b]}}", []found{{"function-not-allowed", "t.yaml:3:32", "Fn::Equals belongs into the section Conditions", "under a name"}}},
		{"a function of Rules in a value", queue + "  A: {Type: T, Properties: {Q: {'Fn::RefAll': a}}}", []found{{"function-not-allowed", "t.yaml:3:32", "Fn::RefAll belongs into the section Rules", ""}}},
		{"a function in DependsOn", queue + "  A: {Type: T, DependsOn: !If [C, Queue, Queue]}\nConditions: {C: !Equals [a, a]}", []found{{"function-not-allowed", "t.yaml:3:27", "Fn::If cannot stand in DependsOn", "skipped by itself"}}},
		{"a function as the condition of a resource", queue + "  A: {Type: T, Condition: !Equals [a, b]}", []found{{"function-not-allowed", "t.yaml:3:27", "Fn::Equals cannot stand in Condition", ""}}},
		{"a function as a type", queue + "  A: {Type: !Ref AWS::Region}", []found{{"function-not-allowed", "t.yaml:3:13", "Ref cannot stand in Type", ""}}},
		{"an attribute as a deletion policy", queue + "  A: {Type: T, DeletionPolicy: !GetAtt Queue.Arn}", []found{{"function-not-allowed", "t.yaml:3:32", "Fn::GetAtt cannot stand in DeletionPolicy", "parameters"}}},
		{"a resource as a deletion policy", queue + "  A: {Type: T, DeletionPolicy: !Ref Queue}", []found{{"reference-not-allowed", "t.yaml:3:32", "DeletionPolicy", "parameters"}}},
		{"a function that language extensions add", queue + "  A: {Type: T, Properties: {Q: {'Fn::ToJsonString': {a: b}}}}", []found{{"missing-transform", "t.yaml:3:32", "Fn::ToJsonString needs a transform", ""}}},
		{"the name of a reference from a function", queue + "  A: {Type: T, Properties: {Q: {Ref: !Sub 'x'}, R: !GetAtt [!Sub 'x', Arn]}}", []found{
			{"missing-transform", "t.yaml:3:32", "Ref of a name that a function makes needs a transform", ""},
			{"missing-transform", "t.yaml:3:52", "Fn::GetAtt of a name that a function makes needs a transform", ""},
		}},
		{"a loop without its transform", queue + "  Fn::ForEach::Topics: [Name, [A], {'T${Name}': {Type: T}}]", []found{{"missing-transform", "t.yaml:3:3", "Fn::ForEach needs a transform", ""}}},
		{"a function as the description of an output", queue + "Outputs: {O: {Value: a, Description: !Ref AWS::Region}}", []found{{"function-not-allowed", "t.yaml:3:38", "Description of an output", ""}}},
		{"a resource in the name of an export", queue + "Outputs: {O: {Value: a, Export: {Name: !Ref Queue}}}", []found{{"reference-not-allowed", "t.yaml:3:40", "the name of an export", ""}}},
		{"a resource in the name of an import", queue + "  A: {Type: T, Properties: {Q: {'Fn::ImportValue': !Sub '${Queue}-arn'}}}", []found{{"reference-not-allowed", "t.yaml:3:32", "the name of an import", ""}}},
		{"GetAtt in FindInMap", queue + "  A: {Type: T, Properties: {Q: !FindInMap [M, !GetAtt Queue.Arn, b]}}\nMappings: {M: {a: {b: c}}}", []found{{"function-not-allowed", "t.yaml:3:47", "Fn::GetAtt cannot stand in Fn::FindInMap", ""}}},
		{"a function in the place of a condition's name", queue + "  A: {Type: T, Properties: {Q: !If [!Equals [a, b], a, b]}}", []found{{"function-not-allowed", "t.yaml:3:37", "the first operand of Fn::If", ""}}},
	} {
		t.Run(tt.what, func(t *testing.T) { assertFound(t, check(document(t, "t.yaml", tt.text)), tt.want...) })
	}
}

func TestACircleIsPrintedAsAPath(t *testing.T) {
	for _, tt := range []struct {
		what, text string
		want       []found
	}{
		{"two resources", "Resources:\n  A: {Type: T, Properties: {Q: !Ref B}}\n  B: {Type: T, Properties: {Q: !GetAtt A.Arn}}", []found{{"circular-reference", "t.yaml:2:32", "resources wait for each other in a circle: A → B → A", "remove one"}}},
		{"a resource and itself", "Resources:\n  A: {Type: T, Properties: {Q: !Sub '${A.Arn}/*'}}", []found{{"circular-reference", "t.yaml:2:32", "A → A", ""}}},
		{"by DependsOn and Sub", "Resources:\n  A: {Type: T, DependsOn: B}\n  B: {Type: T, Properties: {Q: !Sub '${C}'}}\n  C: {Type: T, DependsOn: [A]}", []found{{"circular-reference", "t.yaml:2:27", "A → B → C → A", ""}}},
		{"two circles", "Resources:\n  A: {Type: T, DependsOn: [B, C]}\n  B: {Type: T, DependsOn: A}\n  C: {Type: T, DependsOn: A}", []found{{"circular-reference", "t.yaml:2:28", "A → B → A", ""}, {"circular-reference", "t.yaml:2:31", "A → C → A", ""}}},
		{"a circle that a condition always breaks", "Conditions: {Never: !Equals [a, b]}\nResources:\n  A: {Type: T, Properties: {Q: !If [Never, !Ref B, x]}}\n  B: {Type: T, Properties: {Q: !Ref A}}", nil},
		{"a circle that a condition makes", "Conditions: {Always: !Equals [a, a]}\nResources:\n  A: {Type: T, Properties: {Q: !If [Always, !Ref B, x]}}\n  B: {Type: T, Properties: {Q: !Ref A}}", []found{{"circular-reference", "t.yaml:3:45", "A → B → A", ""}}},
		{"a circle that a macro may take apart", "Transform: AWS::Serverless-2016-10-31\nResources:\n  A: {Type: T, Properties: {Q: !Ref B}}\n  B: {Type: T, Properties: {Q: !Ref A}}", nil},
		{"a diamond", "Resources:\n  A: {Type: T, DependsOn: [B, C]}\n  B: {Type: T, DependsOn: D}\n  C: {Type: T, DependsOn: D}\n  D: {Type: T}", nil},
		{"conditions", queue + "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]", []found{{"circular-reference", "t.yaml:4:3", "conditions are made of each other in a circle: A → B → A", ""}}},
	} {
		t.Run(tt.what, func(t *testing.T) { assertFound(t, check(document(t, "t.yaml", tt.text)), tt.want...) })
	}
}

func TestAReferenceToWhatAConditionLeavesOutIsReported(t *testing.T) {
	const conditions = "Parameters: {P: {Type: String, Default: dev}, S: {Type: AWS::SSM::Parameter::Value<String>, Default: a}}\nConditions: {Stored: !Equals [!Ref S, a], Prod: !Equals [!Ref P, prod], Dev: !Not [!Condition Prod], Both: !And [!Condition Dev, !Equals [a, a]], Any: !Or [!Condition Prod, !Condition Dev], Which: !Equals [!Ref AWS::StackName, x]}\nResources:\n  Q: {Type: T, Condition: Prod}\n"
	for _, tt := range []struct {
		what, text string
		want       []found
	}{
		{"without the condition", "  A: {Type: T, Properties: {Q: !Ref Q}}", []found{{"absent-resource", "t.yaml:5:32", "the resource Q does not exist, where its condition Prod does not hold", "!If [Prod, …"}}},
		{"with the same condition", "  A: {Type: T, Condition: Prod, Properties: {Q: !Ref Q}}", nil},
		{"inside of If", "  A: {Type: T, Properties: {Q: !If [Prod, !Ref Q, none]}}", nil},
		{"in the wrong branch of If", "  A: {Type: T, Properties: {Q: !If [Prod, none, !Ref Q]}}", []found{{"absent-resource", "t.yaml:5:49", "", ""}}},
		{"with its opposite", "  A: {Type: T, Condition: Dev, Properties: {Q: !Ref Q}}", []found{{"absent-resource", "t.yaml:5:48", "", ""}}},
		{"with one that follows from its opposite", "  A: {Type: T, Condition: Both, Properties: {Q: !Ref Q}}", []found{{"absent-resource", "t.yaml:5:49", "", ""}}},
		{"with one that always holds", "  A: {Type: T, Condition: Any, Properties: {Q: !Ref Q}}", []found{{"absent-resource", "t.yaml:5:48", "", ""}}},
		{"with one that Parameter Store decides", "  A: {Type: T, Condition: Stored, Properties: {Q: !Ref Q}}", nil},
		{"with one that nobody knows", "  A: {Type: T, Condition: Which, Properties: {Q: !Ref Q}}", nil},
		{"in DependsOn, which skips it", "  A: {Type: T, DependsOn: Q}", nil},
		{"from an output", "Outputs: {O: {Value: !Ref Q}}", []found{{"absent-resource", "t.yaml:5:22", "", ""}}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			d := document(t, "t.yaml", conditions+tt.text)
			d.Deployed = []template.Deployment{{}}
			assertFound(t, check(d), tt.want...)
		})
	}
}

// A condition is followed through whatever makes its value: here to dev, where the
// resource is not.
func TestAConditionIsFollowedAsFarAsItIsKnown(t *testing.T) {
	for condition, is := range map[string]bool{
		"!Equals [!Join ['-', [!Ref P, a]], prod-a]":                            true,
		"!Equals [!Sub '${P}-${!x}', 'prod-${x}']":                              true,
		"!Equals [!Sub ['${V}-a', {V: !Ref P}], prod-a]":                        true,
		"!Equals [!FindInMap [M, !Ref P, stage], last]":                         true,
		"!Equals [!If [Dev, a, b], b]":                                          true,
		"!Equals [!If [Prod, a, b], a]":                                         true,
		"!Equals [!Ref AWS::Partition, aws-cn]":                                 true,
		"!Equals [!Ref AWS::URLSuffix, amazonaws.com.cn]":                       true,
		"!Not [!Equals [!Ref AWS::AccountId, '222222222222']]":                  true,
		"!Equals [!Join ['-', !Split ['-', !Ref P]], prod]":                     false,
		"!Equals [!FindInMap [M, !Ref P, missing], last]":                       false,
		"!Equals [!Sub '${AWS::StackName}', prod]":                              false,
		"!Or [!Equals [!Ref AWS::StackName, a], !Equals [!Ref P, prod]]":        false,
		"!And [!Equals [!Ref AWS::StackName, a], !Equals [!Ref P, prod]]":       true,
		"!Not [!And [!Equals [!Ref AWS::StackName, a], !Equals [!Ref P, dev]]]": false,
	} {
		d := document(t, "t.yaml", "Parameters: {P: {Type: String, Default: dev}}\nMappings: {M: {dev: {stage: first}, prod: {stage: last}}}\nConditions:\n  Dev: !Equals [!Ref P, dev]\n  Prod: !Equals [!Ref P, prod]\n  C: "+condition+"\nResources:\n  Q: {Type: T, Condition: C}\n  A: {Type: T, Properties: {Q: !Ref Q}}")
		d.Deployed = []template.Deployment{{Account: "222222222222", Region: "eu-central-1"}}
		var rules []string
		for _, p := range check(d) {
			if p.Rule == "absent-resource" {
				rules = append(rules, p.Rule)
			}
		}
		assert.Equal(t, is, len(rules) == 1, "%s", condition)
	}
}

func TestNamesThatCannotBeAreReported(t *testing.T) {
	list := check(document(t, "t.yaml", queue+"  my-queue: {Type: T}\nParameters: {Queue: {Type: String}, a_b: {Type: String}}\nOutputs: {o.o: {Value: a}}"))
	assertFound(t, list,
		found{"duplicate-name", "t.yaml:2:3", "Queue is the name of a resource and of a parameter", "rename"},
		found{"logical-id", "t.yaml:3:3", `"my-queue"`, "letters and digits"},
		found{"logical-id", "t.yaml:4:37", `"a_b"`, ""},
		found{"logical-id", "t.yaml:5:11", `"o.o"`, ""},
	)
}

// nest makes a root of resources that nests a child as Child, deployed to two targets.
func nest(t *testing.T, resources, child string) []*template.Document {
	t.Helper()
	below := document(t, "child.yaml", child)
	root := document(t, "root.yaml", "Parameters: {Environment: {Type: String, AllowedValues: [dev, prod]}}\nConditions: {Prod: !Equals [!Ref Environment, prod]}\nResources:\n"+resources)
	root.Children = map[string]*template.Document{"Child": below}
	root.Deployed = []template.Deployment{
		{Account: "111111111111", Region: "eu-central-1", Parameters: map[string]string{"Environment": "dev"}},
		{Account: "222222222222", Region: "us-east-1", Parameters: map[string]string{"Environment": "prod"}},
	}
	return []*template.Document{below, root}
}

func TestAParentIsHeldAgainstItsChild(t *testing.T) {
	for _, tt := range []struct {
		what, parent, child string
		want                []found
	}{
		{
			"parameters that fit", "  Child: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Environment: !Ref Environment, Size: 3}}}",
			"Parameters: {Environment: {Type: String, AllowedValues: [dev, prod]}, Size: {Type: Number, MaxValue: 3}, Other: {Type: String, Default: x}}\n" + queue, nil,
		},
		{
			"a parameter that the child does not have", "  Child: {Type: T, Properties: {Parameters: {Enviroment: x}}}",
			"Parameters: {Environment: {Type: String, Default: dev}}\n" + queue,
			[]found{{"unknown-parameter", "root.yaml:4:58", `child.yaml has no parameter "Enviroment"`, "Environment?"}},
		},
		{
			"a parameter that is not passed", "  Child: {Type: T, Properties: {Parameters: {A: x}}}",
			"Parameters: {A: {Type: String}, B: {Type: String}}\n" + queue,
			[]found{{"missing-parameter", "root.yaml:4:45", "Child is not given the parameter B of child.yaml", ""}},
		},
		{
			"a parameter that is not passed, without any", "  Child: {Type: T}",
			"Parameters: {B: {Type: String}}\n" + queue,
			[]found{{"missing-parameter", "root.yaml:4:3", "B", ""}},
		},
		{
			"values that do not fit", "  Child: {Type: T, Properties: {Parameters: {A: x, B: many, C: abc, D: long, E: 'a,c', F: 9, G: s, H: 1, I: x, J: x}}}",
			"Parameters: {G: {Type: String, MinLength: 2}, H: {Type: Number, MinValue: 2}, I: {Type: AWS::SSM::Parameter::Value<String>, AllowedValues: [y]}, J: {Type: String, AllowedPattern: '(?!a)x'}, A: {Type: String, AllowedValues: [y, z]}, B: {Type: Number}, C: {Type: String, AllowedPattern: '[0-9]+'}, D: {Type: String, MaxLength: 3}, E: {Type: CommaDelimitedList, AllowedValues: [a, b]}, F: {Type: Number, MaxValue: 8}}\n" + queue,
			[]found{
				{"parameter-value", "root.yaml:4:49", `no "x" for its parameter A: it allows y, z`, ""},
				{"parameter-value", "root.yaml:4:55", "it is a number", ""},
				{"parameter-value", "root.yaml:4:64", "it must match [0-9]+", ""},
				{"parameter-value", "root.yaml:4:72", "it holds 3 characters", ""},
				{"parameter-value", "root.yaml:4:81", "it allows a, b", ""},
				{"parameter-value", "root.yaml:4:91", "the most is 8", ""},
				{"parameter-value", "root.yaml:4:97", "it needs 2 characters", ""},
				{"parameter-value", "root.yaml:4:103", "the least is 2", ""},
			},
		},
		{"a text whose blanks belong to it", "  Child: {Type: T, Properties: {Parameters: {A: ' x ', B: 'a, b'}}}", "Parameters: {A: {Type: String, AllowedPattern: ' x ', MinLength: 3}, B: {Type: CommaDelimitedList, AllowedValues: [a, b]}}\n" + queue, nil},
		{"parameters that are computed as a whole", "  Child: {Type: T, Properties: {Parameters: !If [Prod, {A: x}, {B: y}]}}", "Parameters: {C: {Type: String}}\n" + queue, nil},
		{
			"an environment that the child does not allow", "  Child: {Type: T, Properties: {Parameters: {E: !Ref Environment}}}",
			"Parameters: {E: {Type: String, AllowedValues: [dev, test]}}\n" + queue,
			[]found{{"parameter-value", "root.yaml:4:49", `no "prod" for its parameter E`, ""}},
		},
		{
			"an output that the child does not have", "  Child: {Type: T}\n  A: {Type: T, Properties: {Q: !GetAtt Child.Outputs.Arm}}",
			queue + "Outputs: {Arn: {Value: a}}",
			[]found{{"unknown-output", "root.yaml:5:32", `child.yaml has no output "Arm"`, "Arn?"}},
		},
		{
			"an output inside Sub", "  Child: {Type: T}\n  A: {Type: T, Properties: {Q: !Sub '${Child.Outputs.Arm}'}}",
			queue + "Outputs: {Arn: {Value: a}}",
			[]found{{"unknown-output", "root.yaml:5:32", "Arm", ""}},
		},
		{
			"an output that a condition leaves out", "  Child: {Type: T, Properties: {Parameters: {E: !Ref Environment}}}\n  A: {Type: T, Properties: {Q: !GetAtt Child.Outputs.Arn}}",
			"Parameters: {E: {Type: String}}\nConditions: {Prod: !Equals [!Ref E, prod]}\n" + queue + "Outputs: {Arn: {Value: a, Condition: Prod}}",
			[]found{{"absent-resource", "root.yaml:5:32", "the output Arn of child.yaml does not exist in dev, account 111111111111, eu-central-1", ""}},
		},
		{
			"a key that a mapping lacks for one environment", "  Child: {Type: T, Properties: {Parameters: {E: !Ref Environment}}}",
			"Parameters: {E: {Type: String}}\nMappings: {M: {dev: {a: b}}}\n" + queue + "  A: {Type: T, Properties: {Q: !FindInMap [M, !Ref E, a]}}",
			[]found{{"unknown-mapping", "child.yaml:5:47", `no key "prod"`, ""}},
		},
		{
			"a resource of the child that its stack has everywhere where it is", "  Child: {Type: T, Condition: Prod, Properties: {Parameters: {E: !Ref Environment}}}",
			"Parameters: {E: {Type: String}}\nConditions: {Prod: !Equals [!Ref E, prod]}\nResources: {A: {Type: T, Condition: Prod}, B: {Type: T, Properties: {Q: !Ref A}}}", nil,
		},
		{
			"a circle of stacks", "  Child: {Type: T, Properties: {Parameters: {P: !GetAtt Other.Arn}}}\n  Other: {Type: T, Properties: {Q: !GetAtt Child.Outputs.Arn}}",
			"Parameters: {P: {Type: String}}\n" + queue + "Outputs: {Arn: {Value: a}}",
			[]found{{"circular-reference", "root.yaml:4:49", "Child → Other → Child", ""}},
		},
	} {
		t.Run(tt.what, func(t *testing.T) { assertFound(t, check(nest(t, tt.parent, tt.child)...), tt.want...) })
	}
}

func TestAParameterThatCarriesAnOutputMustNotBeLookedAtEarly(t *testing.T) {
	const parent = "  Child: {Type: T, Properties: {Parameters: {P: !GetAtt Other.Outputs.O}}}\n  Other: {Type: T}"
	for _, tt := range []struct {
		what, child string
		want        []found
	}{
		{"a plain String", "Parameters: {P: {Type: String}}\nResources: {A: {Type: T, Properties: {Q: !Ref P}}}", nil},
		{"another type", "Parameters: {P: {Type: AWS::EC2::VPC::Id}}\n" + queue, []found{{"output-parameter", "root.yaml:4:49", "of the type AWS::EC2::VPC::Id", "make P of child.yaml a String"}}},
		{"a constraint", "Parameters: {P: {Type: String, MinLength: 1}}\n" + queue, []found{{"output-parameter", "root.yaml:4:49", "MinLength", "remove"}}},
		{"Select", "Parameters: {P: {Type: String}}\nResources: {A: {Type: T, Properties: {Q: !Select [0, !Split [',', !Ref P]]}}}", []found{{"output-inside", "child.yaml:2:67", "cannot stand in Fn::Split", ""}}},
		{"a condition", "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\n" + queue, []found{{"output-inside", "child.yaml:2:26", "cannot stand in a condition", ""}}},
	} {
		t.Run(tt.what, func(t *testing.T) { assertFound(t, check(nest(t, parent, tt.child)...), tt.want...) })
	}
}

func TestAnExportIsMadeOnceInAPlace(t *testing.T) {
	child := func(name string) string {
		return "Parameters: {E: {Type: String}}\n" + queue + "Outputs: {O: {Value: a, Export: {Name: " + name + "}}, P: {Value: a, Export: {Name: other}}}"
	}
	const parent = "  Child: {Type: T, Properties: {Parameters: {E: !Ref Environment}}}"
	elsewhere := nest(t, parent, child("one"))
	assertFound(t, check(elsewhere...))
	same := nest(t, parent, child("!Sub 'orders'"))
	same[1].Deployed[1].Account, same[1].Deployed[1].Region = "111111111111", "eu-central-1"
	assertFound(t, check(same...),
		found{"duplicate-export", "child.yaml:4:40", `the export "orders" is made twice in account 111111111111, eu-central-1`, "${Environment}"},
		found{"duplicate-export", "child.yaml:4:86", `"other"`, ""})
	apart := nest(t, parent, strings.ReplaceAll(child("!Sub 'orders-${E}'"), "Name: other", "Name: !Ref E"))
	apart[1].Deployed[1].Account, apart[1].Deployed[1].Region = "111111111111", "eu-central-1"
	assertFound(t, check(apart...))
}

// What a user's template imports may be exported by a stack that nobody here knows.
func TestAnImportOfAUserMayComeFromElsewhere(t *testing.T) {
	d := document(t, "t.yaml", queue+"  A: {Type: T, Properties: {Q: !ImportValue network-vpc}}")
	d.Deployed = []template.Deployment{{Account: "111111111111", Region: "eu-central-1"}}
	assertFound(t, check(d))
}

func TestTheDocumentsAreNotChanged(t *testing.T) {
	const text = "Parameters: {P: {Type: String}}\nResources: {A: {Type: T, Properties: {Q: !Sub ['${V}', {V: !Ref P}]}}}"
	d := document(t, "t.yaml", text)
	first := check(d)
	assert.Equal(t, first, check(d))
	assert.Equal(t, document(t, "t.yaml", text).Resources, d.Resources)
}

// A stack that only prod has need not know dev.
func TestAStackIsAskedOnlyAboutPlacesWhereItIs(t *testing.T) {
	const parent = "  Child: {Type: T, Condition: Prod, Properties: {Parameters: {E: !Ref Environment}}}"
	for what, child := range map[string]string{
		"a mapping":      "Parameters: {E: {Type: String}}\nMappings: {M: {prod: {a: b}}}\n" + queue + "  A: {Type: T, Properties: {Q: !FindInMap [M, !Ref E, a]}}",
		"allowed values": "Parameters: {E: {Type: String, AllowedValues: [prod]}}\n" + queue,
		"an export":      "Parameters: {E: {Type: String}}\n" + queue + "Outputs: {O: {Value: a, Export: {Name: one}}}",
	} {
		documents := nest(t, parent, child)
		documents[1].Deployed[0].Account, documents[1].Deployed[0].Region = documents[1].Deployed[1].Account, documents[1].Deployed[1].Region
		assert.Empty(t, check(documents...), what)
	}
}

func TestMetadataMustNameWhatIsThereAndWaitsForNothing(t *testing.T) {
	assertFound(t, check(document(t, "t.yaml", "Resources:\n  A: {Type: T, Metadata: {Of: !Ref A}}")))
	assertFound(t, check(document(t, "t.yaml", "Resources:\n  A: {Type: T, Metadata: {Of: !Ref B}}")), found{"unknown-reference", "t.yaml:2:31", `"B"`, ""})
}
