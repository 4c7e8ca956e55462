package estate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// document reads a template; children are called by the logical ids of its stacks.
func document(t testing.TB, text string, children ...any) *template.Document {
	t.Helper()
	var problems diag.Problems
	d := template.Written("t.yaml", source.Parse("t.yaml", []byte(text), &problems), len(text), &problems)
	require.Empty(t, problems.Sorted(), text)
	d.Children = map[string]*template.Document{}
	for n := 0; n < len(children); n += 2 {
		d.Children[children[n].(string)] = children[n+1].(*template.Document)
	}
	return d
}

// root is a document in a place of the commercial partition.
func root(d *template.Document, parameters ...string) estate.Root {
	r := estate.Root{Document: d, Name: "shop", Partition: model.Commercial, Account: "111111111111", Region: "eu-west-1", Parameters: map[string]string{}}
	for n := 0; n < len(parameters); n += 2 {
		r.Parameters[parameters[n]] = parameters[n+1]
	}
	return r
}

// of instantiates roots that have no problem.
func of(t testing.TB, roots ...estate.Root) *estate.Estate {
	t.Helper()
	var problems diag.Problems
	e := estate.Of(roots, &problems)
	require.Empty(t, problems.Sorted())
	return e
}

// outputs are those of one template in that place, as people read them.
func outputs(t testing.TB, text string, parameters ...string) map[string]string {
	t.Helper()
	shown := map[string]string{}
	for name, value := range of(t, root(document(t, text), parameters...)).Stacks[0].Outputs {
		require.True(t, whole(value), "%q has a symbol within a symbol", value)
		shown[name] = symbol.Show(value)
	}
	return shown
}

// whole reports whether a text has its symbols beside each other.
func whole(text string) bool {
	const controls = "\x01\x02"
	nested := false
	rest := symbol.Map(text, func(name string) string {
		nested = nested || strings.ContainsAny(name, controls)
		return ""
	})
	return !nested && !strings.ContainsAny(rest, controls)
}

func ids(resources []*estate.Resource) []string {
	var list []string
	for _, r := range resources {
		list = append(list, r.ID)
	}
	return list
}

func TestAResourceWhoseConditionDoesNotHoldIsNotThere(t *testing.T) {
	e := of(t, root(document(t, `
Parameters: {Environment: {Type: String}}
Conditions:
  IsProd: !Equals [!Ref Environment, prod]
  IsOther: !Not [!Condition IsProd]
Resources:
  Always: {Type: AWS::SNS::Topic}
  Prod: {Type: AWS::SNS::Topic, Condition: IsProd}
  Other: {Type: AWS::SNS::Topic, Condition: IsOther}
Outputs:
  Here: {Condition: IsProd, Value: a}
  There: {Condition: IsOther, Value: b}
`), "Environment", "prod"))
	assert.Equal(t, []string{"Always", "Prod"}, ids(e.Stacks[0].Resources))
	assert.Equal(t, map[string]string{"Here": "a"}, e.Stacks[0].Outputs)
}

func TestWhatMayExistExists(t *testing.T) {
	e := of(t, root(document(t, `
Parameters: {Flag: {Type: "AWS::SSM::Parameter::Value<String>", Default: /flag}}
Conditions:
  On: !Equals [!Ref Flag, "on"]
  Off: !Not [!Condition On]
  Both: !And [!Condition On, !Equals [a, a]]
  Never: !And [!Condition On, !Equals [a, b]]
  Surely: !Or [!Condition On, !Equals [a, a]]
Resources:
  On: {Type: AWS::SNS::Topic, Condition: On, Properties: {DisplayName: !If [On, then, else]}}
  Off: {Type: AWS::SNS::Topic, Condition: Off}
  Both: {Type: AWS::SNS::Topic, Condition: Both}
  Never: {Type: AWS::SNS::Topic, Condition: Never}
  Surely: {Type: AWS::SNS::Topic, Condition: Surely, Properties: {DisplayName: !Ref Flag}}
`)))
	assert.Equal(t, []string{"On", "Off", "Both", "Surely"}, ids(e.Stacks[0].Resources))
	assert.Equal(t, "then", e.Stacks[0].Resources[0].Properties.Get("DisplayName"))
	assert.Equal(t, "<{{resolve:ssm:/flag}} in 111111111111 eu-west-1?>", symbol.Show(e.Stacks[0].Resources[3].Properties.Get("DisplayName").(string)))
}

// An id that AWS makes is no text that anybody wrote.
func TestAGeneratedNameIsNeverEmptyAndNeverALiteral(t *testing.T) {
	child := document(t, `
Parameters: {Topic: {Type: String, Default: ""}}
Conditions: {HasTopic: !Not [!Equals [!Ref Topic, ""]]}
Resources: {Policy: {Type: AWS::SNS::TopicPolicy, Condition: HasTopic, Properties: {Topics: [!Ref Topic]}}}
`)
	e := of(t, root(document(t, `
Resources:
  Topic: {Type: AWS::SNS::Topic}
  With: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Topic: !Ref Topic}}}
  Without: {Type: AWS::CloudFormation::Stack}
`, "With", child, "Without", child)))
	require.Len(t, e.OfType("AWS::SNS::TopicPolicy"), 1)
	assert.Equal(t, []any{e.Stacks[0].Resources[0].ARN}, e.OfType("AWS::SNS::TopicPolicy")[0].Properties.Get("Topics"))
}

func TestNestedStacksTakeParametersAndGiveOutputs(t *testing.T) {
	table := document(t, `
Parameters: {Environment: {Type: String}, Size: {Type: Number, Default: 5}}
Resources: {Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "orders-${Environment}-${Size}"}}}
Outputs: {Arn: {Value: !GetAtt Table.Arn}}
`)
	reader := document(t, `
Parameters: {Table: {Type: String}}
Resources: {Role: {Type: AWS::IAM::Role, Properties: {Policies: [{Resource: !Ref Table}]}}}
`)
	e := of(t, root(document(t, `
Parameters: {Environment: {Type: String}}
Resources:
  Reader: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Table: !GetAtt Tables.Outputs.Arn}}}
  Tables: {Type: AWS::CloudFormation::Stack, Properties: {Parameters: {Environment: !Ref Environment}}}
Outputs: {Table: {Value: !Sub "${Tables.Outputs.Arn}"}}
`, "Tables", table, "Reader", reader), "Environment", "dev"))
	const arn = "arn:aws:dynamodb:eu-west-1:111111111111:table/orders-dev-5"
	require.Len(t, e.Stacks, 3)
	assert.Equal(t, arn, e.Stacks[0].Outputs["Table"])
	assert.Equal(t, map[string]string{"Table": arn}, e.Stacks[1].Parameters)
	assert.Equal(t, map[string]string{"Environment": "dev", "Size": "5"}, e.Stacks[2].Parameters)
	for n, id := range []string{"Reader", "Tables"} {
		nested := e.Stacks[n+1]
		assert.Same(t, e.Stacks[0], nested.Parent)
		assert.Equal(t, id, nested.Nesting.ID)
		assert.Equal(t, nested.ARN, nested.Nesting.ARN)
		assert.Equal(t, "shop-"+id+"-<shop/"+id+">", symbol.Show(nested.Name))
	}
	policies := e.Stacks[1].Resources[0].Properties.Get("Policies").([]any)
	assert.Equal(t, cfn.Map{{Key: "Resource", Value: arn}}, policies[0])
	assert.Same(t, e.Stacks[2].Resources[0], e.ByARN(arn))
}

func TestAStackThatDoesNotExistNestsNothing(t *testing.T) {
	child := document(t, "Resources: {Topic: {Type: AWS::SNS::Topic}}\nOutputs: {Arn: {Value: !Ref Topic, Export: {Name: topic}}}")
	e := of(t, root(document(t, `
Conditions: {Never: !Equals [a, b]}
Resources: {Nested: {Type: AWS::CloudFormation::Stack, Condition: Never}}
Outputs: {Topic: {Value: !ImportValue topic}}
`, "Nested", child)))
	assert.Len(t, e.Stacks, 1)
	assert.Empty(t, e.OfType("AWS::SNS::Topic"))
	assert.Equal(t, "<the export topic in 111111111111 eu-west-1?>", symbol.Show(e.Stacks[0].Outputs["Topic"]))
}

func TestImportsFindExportsOfTheirPlaceWhateverComesFirst(t *testing.T) {
	importer := document(t, "Resources: {}\nOutputs: {Topic: {Value: !ImportValue shop-topic}, Again: {Value: !ImportValue shop-topic}}")
	exporter := document(t, "Parameters: {Name: {Type: String}}\nResources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name}}}\nOutputs: {Topic: {Value: !Ref Topic, Export: {Name: !Sub '${AWS::StackName}-topic'}}}")
	elsewhere, here, other := root(exporter, "Name", "there"), root(exporter, "Name", "here"), root(importer)
	elsewhere.Region, other.Name = "eu-west-2", "other"
	for _, roots := range [][]estate.Root{{other, elsewhere, here}, {elsewhere, here, other}} {
		for _, s := range of(t, roots...).Stacks {
			if s.Name == "other" {
				assert.Equal(t, "arn:aws:sns:eu-west-1:111111111111:here", s.Outputs["Topic"])
				assert.Equal(t, s.Outputs["Topic"], s.Outputs["Again"])
			}
		}
	}
}

func TestWhatHasNoValueGoes(t *testing.T) {
	e := of(t, root(document(t, `
Conditions: {Never: !Equals [a, b]}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Gone: !Ref AWS::NoValue
      AlsoGone: !If [Never, x, !Ref AWS::NoValue]
      Kept: {List: [a, !If [Never, b, !Ref AWS::NoValue], c], Map: {x: !Ref AWS::NoValue}}
`)))
	assert.Equal(t, cfn.Map{{Key: "Kept", Value: cfn.Map{
		{Key: "List", Value: []any{"a", "c"}},
		{Key: "Map", Value: cfn.Map{}},
	}}}, e.Stacks[0].Resources[0].Properties)
}

// Nothing becomes a number that loses a zero.
func TestScalarsStayAsTheyAreWritten(t *testing.T) {
	e := of(t, root(document(t, "Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {A: 012345678901, B: '012345678901', C: 1.10, D: yes, E: 1e3}}}")))
	assert.Equal(t, cfn.Map{
		{Key: "A", Value: "012345678901"}, {Key: "B", Value: "012345678901"}, {Key: "C", Value: "1.10"}, {Key: "D", Value: "yes"}, {Key: "E", Value: "1e3"},
	}, e.Stacks[0].Resources[0].Properties)
}

func TestWhatUsersDeclareForARoleHasNoFunctions(t *testing.T) {
	d := document(t, "Conditions: {No: !Equals [a, b]}\nResources: {Role: {Type: AWS::IAM::Role}, Gone: {Type: AWS::IAM::Role, Condition: No}}")
	d.Declared = []template.Declared{
		{Role: "Role", Actions: []string{"sqs:SendMessage"}, Resources: []string{cfn.Sub("arn:aws:sqs:${AWS::Region}:1:q"), "*"}},
		{Role: "Gone", Actions: []string{"sqs:SendMessage"}, Resources: []string{"*"}},
	}
	s := of(t, root(d)).Stacks[0]
	assert.Equal(t, []estate.Declared{{Role: s.Resources[0], Actions: []string{"sqs:SendMessage"}, Resources: []string{"arn:aws:sqs:eu-west-1:1:q", "*"}}}, s.Declared)
}

func TestAPropertyKnowsTheLineThatItComesFrom(t *testing.T) {
	e := of(t, root(document(t, "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      Tags:\n        - Key: !Ref AWS::StackName\n")))
	assert.Equal(t, diag.Place{File: "t.yaml", Line: 6, Column: 16}, e.Stacks[0].Resources[0].At("Tags", "0", "Key"))
}

func TestWhatIsWrongIsReportedAndTheRestRemains(t *testing.T) {
	for name, c := range map[string]struct {
		template string
		says     string
		remains  []string
	}{
		"a parameter without value": {
			"Parameters: {P: {Type: String}}\nResources: {A: {Type: T, Properties: {X: !Ref P}}}",
			`the parameter "P" of t.yaml has no value in account 111111111111, eu-west-1`,
			[]string{"A"},
		},
		"a parameter in a circle": {
			"Parameters: {P: {Type: String, Default: !Ref P}}\nResources: {A: {Type: T, Properties: {X: !Ref P}}}",
			`the parameter "P" of t.yaml is made of itself`,
			[]string{"A"},
		},
		"resources in a circle": {
			"Resources: {A: {Type: T, Properties: {X: !Ref B}}, B: {Type: T, Properties: {X: !GetAtt A.Arn}}}",
			`the resource "A" of t.yaml is made of itself`,
			[]string{"A", "B"},
		},
		"conditions in a circle": {
			"Conditions: {C: !Not [!Condition D], D: !And [!Condition C, !Condition C]}\nResources: {A: {Type: T, Condition: C}}",
			`the condition "C" of t.yaml is made of itself`,
			[]string{"A"},
		},
		"an export in a circle": {
			"Resources: {}\nOutputs: {O: {Value: !ImportValue o, Export: {Name: o}}}",
			`the output "O" of t.yaml is made of itself`, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var problems diag.Problems
			e := estate.Of([]estate.Root{root(document(t, c.template))}, &problems)
			list := problems.Sorted()
			require.Len(t, list, 1)
			assert.Equal(t, c.says, list[0].Text)
			assert.Equal(t, "t.yaml", list[0].Place.File)
			assert.Equal(t, c.remains, ids(e.Stacks[0].Resources))
		})
	}
}

func TestAStackThatNestsItselfEndsThere(t *testing.T) {
	child := document(t, "Resources: {Back: {Type: AWS::CloudFormation::Stack}}\nOutputs: {O: {Value: !GetAtt Back.Outputs.O}}")
	d := document(t, "Resources: {Again: {Type: AWS::CloudFormation::Stack}}\nOutputs: {O: {Value: !GetAtt Again.Outputs.O}}", "Again", child)
	child.Children["Back"] = d
	var problems diag.Problems
	e := estate.Of([]estate.Root{root(d)}, &problems)
	require.Len(t, problems.Sorted(), 1)
	assert.Equal(t, `t.yaml nests itself by its resource "Back"`, problems.Sorted()[0].Text)
	assert.Len(t, e.Stacks, 2)
	assert.Equal(t, "<shop/Again/Back.Outputs.O?>", symbol.Show(e.Stacks[0].Outputs["O"]))
}

func TestTemplatesThatDoubleThemselvesEndSomewhere(t *testing.T) {
	const two = "Resources: {A: {Type: AWS::CloudFormation::Stack}, B: {Type: AWS::CloudFormation::Stack}}"
	d := document(t, "Resources: {}")
	for range 30 {
		d = document(t, two, "A", d, "B", d)
	}
	var problems diag.Problems
	e := estate.Of([]estate.Root{root(d)}, &problems)
	require.Len(t, problems.Sorted(), 1)
	assert.Equal(t, "too-many-stacks", problems.Sorted()[0].Rule)
	assert.Len(t, e.Stacks, 40_000)
}

// What the generator hands over is typed and was never text.
func TestATypedTemplateIsInstantiatedLikeAWrittenOne(t *testing.T) {
	typed := &cfn.Template{Resources: []*cfn.Resource{{ID: "Queue", Raw: cfn.Map{{Key: "Type", Value: "AWS::SQS::Queue"}, {Key: "Properties", Value: cfn.Map{
		{Key: "QueueName", Value: cfn.Sub("q-${AWS::Region}")}, {Key: "DelaySeconds", Value: 5}, {Key: "FifoQueue", Value: false}, {Key: "Rate", Value: 0.5},
	}}}}}}
	r := of(t, root(template.Of("t.yaml", diag.Place{File: "foldstack.yaml"}, typed, 0, nil))).Stacks[0].Resources[0]
	assert.Equal(t, "arn:aws:sqs:eu-west-1:111111111111:q-eu-west-1", r.ARN)
	assert.Equal(t, cfn.Map{{Key: "QueueName", Value: "q-eu-west-1"}, {Key: "DelaySeconds", Value: 5}, {Key: "FifoQueue", Value: false}, {Key: "Rate", Value: 0.5}}, r.Properties)
	assert.Equal(t, "foldstack.yaml", r.At("QueueName").File)
}

// Each function reads what is inside of it once.
func TestFunctionsInFunctionsAreReadOnce(t *testing.T) {
	value := "{'Fn::GetAtt': [Custom, List]}"
	for range 45 {
		value = "{'Fn::Join': ['', " + value + "]}"
	}
	got := outputs(t, "Resources: {Custom: {Type: Custom::Thing}}\nOutputs: {Value: {Value: "+value+"}}")
	assert.Contains(t, got["Value"], "Custom.List")
}

func TestTextsThatDoubleThemselvesStayShort(t *testing.T) {
	var b strings.Builder
	b.WriteString("Resources:\n  R0: {Type: AWS::SQS::Queue}\n")
	for n := 'A'; n < 'Z'; n++ {
		b.WriteString("  " + string(n) + ": {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${" + string(n+1) + ".QueueName}${" + string(n+1) + ".QueueName}'}}\n")
	}
	b.WriteString("  Z: {Type: AWS::SQS::Queue, Properties: {QueueName: zzzzzzzzzzzzzzzz}}\n")
	for _, r := range of(t, root(document(t, b.String()))).Stacks[0].Resources {
		assert.Less(t, len(r.ARN), 1<<17)
	}
}

func TestRootsOfOneNameHaveSymbolsOfTheirOwn(t *testing.T) {
	d := document(t, "Resources: {Key: {Type: AWS::KMS::Key}}")
	here, there, again := root(d), root(d), root(d)
	there.Region = "eu-west-2"
	e := of(t, here, there, again)
	assert.Equal(t, "<shop in 111111111111 eu-west-1/Key>", symbol.Show(e.Stacks[0].Resources[0].Ref))
	assert.Equal(t, "<shop in 111111111111 eu-west-2/Key>", symbol.Show(e.Stacks[1].Resources[0].Ref))
	assert.Equal(t, "<shop in 111111111111 eu-west-1, 2/Key>", symbol.Show(e.Stacks[2].Resources[0].Ref))
}
