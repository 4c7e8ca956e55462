package source

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	yaml3 "gopkg.in/yaml.v3"

	"github.com/foldstack/foldstack/generator/diag"
)

// outline writes a tree so that two readers can be compared: its shape, tags
// and texts.
func outline(n *Node) string {
	if n == nil {
		return "null"
	}
	var parts []string
	prefix := ""
	if n.Tag != "" {
		prefix = n.Tag + " "
	}
	switch n.Kind {
	case Sequence:
		for _, item := range n.Items {
			parts = append(parts, outline(item))
		}
		return prefix + "[" + strings.Join(parts, ", ") + "]"
	case Mapping:
		for _, p := range n.Pairs {
			parts = append(parts, fmt.Sprintf("%q: %s", p.Key.Text, outline(p.Value)))
		}
		return prefix + "{" + strings.Join(parts, ", ") + "}"
	case Null:
		return prefix + "null"
	}
	return prefix + fmt.Sprintf("%q", n.Text)
}

// outlineV3 reads data with yaml.v3 and writes the same outline. It fails
// where yaml.v3 does, and where the document holds what Parse refuses on purpose.
func outlineV3(data []byte) (string, error) {
	var doc yaml3.Node
	err := yaml3.Unmarshal(data, &doc)
	if err != nil || doc.Kind == 0 {
		return "null", err
	}
	nodes := 0
	return outlineV3Node(doc.Content[0], &nodes)
}

func outlineV3Node(n *yaml3.Node, nodes *int) (string, error) {
	if *nodes++; *nodes > 50_000 {
		return "", errors.New("aliases without end")
	}
	prefix := ""
	if n.Style&yaml3.TaggedStyle != 0 {
		prefix = n.Tag + " "
	}
	switch n.Kind {
	case yaml3.AliasNode:
		return outlineV3Node(n.Alias, nodes)
	case yaml3.SequenceNode:
		var parts []string
		for _, item := range n.Content {
			s, err := outlineV3Node(item, nodes)
			if err != nil {
				return "", err
			}
			parts = append(parts, s)
		}
		return prefix + "[" + strings.Join(parts, ", ") + "]", nil
	case yaml3.MappingNode:
		pairs, err := pairsV3(n, nodes)
		if err != nil {
			return "", err
		}
		return prefix + "{" + strings.Join(pairs, ", ") + "}", nil
	}
	if n.Tag == "!!null" && prefix == "" {
		return "null", nil
	}
	return prefix + fmt.Sprintf("%q", n.Value), nil
}

// pairsV3 are a mapping's entries, with those that << merges at the end.
func pairsV3(n *yaml3.Node, nodes *int) ([]string, error) {
	var pairs []string
	var merges []*yaml3.Node
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml3.ScalarNode {
			return nil, errors.New("a complex key")
		}
		if key.Tag == "!!merge" {
			merges = append(merges, value)
			continue
		}
		s, err := outlineV3Node(value, nodes)
		if err != nil {
			return nil, err
		}
		seen[key.Value] = true
		pairs = append(pairs, fmt.Sprintf("%q: %s", key.Value, s))
	}
	for len(merges) > 0 {
		m := merges[0]
		merges = merges[1:]
		for m.Kind == yaml3.AliasNode {
			m = m.Alias
		}
		switch m.Kind {
		case yaml3.SequenceNode:
			merges = append(append([]*yaml3.Node{}, m.Content...), merges...)
		case yaml3.MappingNode:
			for i := 0; i < len(m.Content); i += 2 {
				key := m.Content[i]
				if key.Tag == "!!merge" {
					return nil, errors.New("a merge within a merge")
				}
				if seen[key.Value] {
					continue
				}
				seen[key.Value] = true
				s, err := outlineV3Node(m.Content[i+1], nodes)
				if err != nil {
					return nil, err
				}
				pairs = append(pairs, fmt.Sprintf("%q: %s", key.Value, s))
			}
		}
	}
	return pairs, nil
}

// accepted are documents that both readers must take, and take alike.
var accepted = []string{
	"", "\n", "# only a comment\n", "a: b\nc: d\n", "a: b", "---\na: b\n", "---\na: b\n...\n", "--- text\n", "text\n", "two words\n", "[]", "{}",
	"a:\n- b\n- c\n", "a:\n  - b\n  - c\nd: e\n", "- a\n- - b\n  - c\n- d: e\n  f: g\n", "- - - a\n", "-\n-\n", "- \n  a: b\n", "a:\n\n\n  b: c\n\n\n  d: e\n",
	// numbers, booleans and nothing are text as written
	"a: 0123\nb: 0512\nc: 1.10\nd: no\ne: 1_000\nf: 12:30:45\ng: ~\nh:\ni: null\nj: 0x1F\nk: 1e3\nl: .inf\nm: true\nn: 012345678901\n",
	"no: 1\n0123: 2\n1e3: 3\nnull: 4\n~: 5\ntrue: 6\n",
	// block scalars
	"a: >\n  x\n  y\n\n  z\n\n\nb: 1\n", "a: >-\n  x\n    more\n  y\n", "a: >\n\n  lead\n  x\n", "a: |\n  x\n\n  y\n\n\nb: 2\n", "a: |+\n  x\n\n\nb: 2\n",
	"a: |-\n  x\n\n", "a: |2\n   x\n  y\n", "a: |\n b\n  c\n d\ne: f\n", "a: >\n b\n  c\n d\n\n  e\n f\n", "a: |  # comment\n  x\n", "a: |\n  # no comment\n  x\n # comment\nb: c\n",
	"a: >\n  x\n\n\n   y\n\n  z\n", "a: >+\n  x\n\n", "a: |\nb: c\n", "a:\n  |\n  b\n", "- |\n x\n- >\n y\n", "a: |\n  x: [1, {\n  \t tab\n", "a: |1-\n  x\n",
	"a: !Sub |\n  x ${y}\n", "|\n x\n y\n",
	// quotes
	"a: 'it''s\n  two\n\n  three'\n", "a: \"x\\\n   y\"\n", "a: \"x \n   y\"\n", "a: \"tab\\tx\\u00e9\\x41y\\U0001F600\"\n", "a: '\n  x'\n", "a: ' x '\n", "a: \"\\ x\"\n", "a: ''\n", "a: \"\"\n",
	"'a': b\n\"c\": d\n", "a: 'x' # c\n", "a: \"a\\\n\n  b\"\n", "a: \"x\ty\"\n", "a: 'x\t\n  y'\n",
	// plain scalars
	"a: plain\n  more\n  and\n\n  para\nb: 1\n", "a: plain   \n  more  \n", "a: b # c\n", "a: b#c\n", "a: # c\n  b\n", "a: b\tc\n", "a: b \t\n", "a:\tb\n", "a : b\n", "a  :  b\n",
	"a: x - y\n  - z\n", "a: x\n  -z\n", "a: -1\n", "a: b:c\n", "a: x::y\n", "a: http://x.y/z?a=b&c=d\n", "a: x%y\n", "a: b, c\n", "a: b]\n", "a: b}\n", "a: b[c\n", "é: ü\nb: [é, ü]\n", "a: arn:aws:s3:::bucket/*\n",
	// flow
	"a: {b: c, d: [e, f]}\n", "a: [b:c, d: e]\n", "a: {\"x\":1}\n", "a: {'x':1, y}\n", "a: [x\n  y, z]\n", "a: [\n  b,\n  c,\n]\nd: e\n", "a: [ ]\nb: { }\n", "a: {\n  b: c,\n}\n", "a: {b c: d}\n", "a: [{b: c}, d]\n",
	"a: {x: , y: z}\n", "a: [b, # comment\n  c]\n",
	// the colon within braces
	"a: {b: c:d, e: arn:aws:s3:::x}\n", "a: {u: http://x.y/z}\n", "a: {b: 12:30:45}\n", "permissions: [{allow: [dynamodb:GetItem, dynamodb:PutItem], on: !Output x}]\n", "a: {x: !Ref AWS::Region}\n",
	"a: {x: !Ref AWS::Region, y: !GetAtt a.b}\n", "a: {b: [c:d], e: f}\n", "a: {b: {c: {d: e:f}}}\n", "a: {b: c :d}\n", "a: {b: x::y, c: z}\n", "a: {b::c: d}\n", "a: {b:c: d}\n", "a: {b::c}\n", "a: {b: \"c\", d: e:'f'}\n", "a: {b: [x:y z:w, q]}\n",
	"a: {b: x:y\n       z}\n", "Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId, a:b: \"c, d\"}}\n", "a: {aws:x: [b:c, {d:e: f:g}]}\n",
	"a: \ue000b:c\nd: {e:f: g}\n",
	// tags
	"a: !Ref x\nb: !Sub\n  - a\n  - {b: c}\n", "a: [!Ref a, !Ref b]\n", "a: !GetAtt a.b\n", "a: !Sub '${x}'\n", "a: !If [a, !Ref b, !Ref AWS::NoValue]\n", "a: !x\n  b: c\n", "a: !x {b: c}\n", "a: !x\n- b\nc: d\n", "- !x\n  a: b\n",
	"a: !Equals [!Ref x, 'y']\n", "a: !Sub \"\"\n", "!x\na: b\n", "--- !x\na: b\n", "a: !Fn::If [a, b]\n", "a: !x null\n", "a: !x\n  b\n", "- !x a\n- b\n", "a: !Ref null\n",
	// anchors, aliases, merges
	"a: &x\n  b: c\nd: *x\n", "a: &x b\nc: *x\n", "a: &x [b, c]\nd: {e: *x, f: [*x]}\n", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3\n", "a: &x {b: 1}\ne: &y {b: 2, f: 3}\nd:\n  <<: [*x, *y]\n  g: 3\n", "a: &x !Ref b\nc: *x\n", "a: !x &y b\nc: *y\n",
	"a: &x 1\nb: &x 2\nc: *x\n", "a: &x\n- b\nc: *x\n", "- &a a\n- *a\n",
	// whole files
	typical, resources, "\ufeffa: b\n", "a: b\r\nc: |\r\n  x\r\n  y\r\nd: 'x\r\n  y'\r\n",
}

// typical is a function.yaml of everyday size.
const typical = `# takes orders
runtime: nodejs24.x
handler: src/index.handler
memory: 512
environment:
  TABLE: !Output orders.TableName
  REGION: !Ref AWS::Region
  LEVEL: info
permissions:
  - allow: [dynamodb:GetItem, dynamodb:PutItem]
    on: !Output orders.TableArn
events:
  - http: GET /orders/{id}
  - schedule: rate(5 minutes)
  - sqs: {queue: jobs, batchSize: 10}
environments:
  prod: {memory: 1024}
only: {environments: [prod], regions: [us-east-1]}
`

// resources is a resources.yaml with the shapes that people write there.
const resources = `
# The table and who may read it.
Conditions:
  IsProd: !Equals [!Ref Environment, prod]

Resources:
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      AttributeDefinitions:
      - {AttributeName: id, AttributeType: S}
      - AttributeName: "at"
        AttributeType: 'N'
      KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]
      BillingMode: !If [IsProd, PROVISIONED, !Ref "AWS::NoValue"]
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub
        - "${AWS::StackName}-${Suffix}"   # a name
        - Suffix: !Select [0, !Split ["-", !Ref AWS::StackId]]
  Policy:
    Type: AWS::SNS::TopicPolicy
    DependsOn: [Topic,
      Table]
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {Service: events.amazonaws.com}
            Action: sns:Publish
            Resource: "*"
            Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}, ArnLike: {"aws:SourceArn": !Sub "arn:${AWS::Partition}:events:*"}}
  Inline:
    Type: AWS::Lambda::Function
    Properties:
      Code:
        ZipFile: |
          import json

          def handler(event, context):
              print("a: b # no comment")	# a tab before
              return {'statusCode': 200}
      Description: >-
        folded text
        of two lines
`

func TestParseReadsAsYAMLv3Does(t *testing.T) {
	for _, doc := range accepted {
		var problems diag.Problems
		got := Parse("f.yaml", []byte(doc), &problems)
		if !assert.Empty(t, problems.Sorted(), "%q", doc) {
			continue
		}
		// A last line without a line break is read as if it had one.
		want, err := outlineV3([]byte(strings.TrimSuffix(strings.ReplaceAll(doc, "\r\n", "\n"), "\n") + "\n"))
		require.NoError(t, err, "%q", doc)
		assert.Equal(t, want, outline(got), "%q", doc)
	}
}

// disagreement is how Parse and yaml.v3 read data where both accept it and
// differ; empty otherwise.
func disagreement(data []byte) string {
	var problems diag.Problems
	got := Parse("f.yaml", data, &problems)
	if !problems.Empty() {
		return ""
	}
	text, _ := readable("f.yaml", data)
	want, err := outlineV3([]byte(text))
	if have := outline(got); err == nil && have != want {
		return fmt.Sprintf("%q\nParse:   %s\nyaml.v3: %s", data, have, want)
	}
	return ""
}

// FuzzDifferential holds Parse against yaml.v3: what both accept they must read
// alike.
func FuzzDifferential(f *testing.F) {
	for _, doc := range accepted {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if d := disagreement(data); d != "" {
			t.Fatal(d)
		}
	})
}

// pieces are what documents are made and spoilt with: bytes alone rarely hit
// the rules of YAML.
var pieces = []string{
	"a", "b: ", "c", "- ", "- ", "\n", "\n", "\n", "\n  ", "\n  ", "\n    ", "\n ", ": ", ":", ",", ", ", "[", "]", "{", "}", "'", "\"", "'x'", "\"y\"",
	"|\n", "|-\n", ">\n", ">+\n", "  ", "!Ref ", "!x", "&a ", "*a", "<<: ", "#", "# c", " # c\n", "~", "null", "0123", "\t", "\\n", "?", "? ", "---\n", "...",
	"a: b\n", "a:\n", "  b: c\n", "- d\n", "%", "@", "a:b", "http://x", "{a: b}", "[a, b]", "{a: b:c}", "é", "世", "\r\n", "!Sub\n", "|2\n", "\\", "-", "x y", "<<",
}

func TestSpoiltDocumentsAreReadAsYAMLv3DoesOrRefused(t *testing.T) {
	const documents = 6000
	random := rand.New(rand.NewPCG(1, 2))
	compared := 0
	for range documents {
		doc := ""
		if random.IntN(2) == 0 {
			doc = accepted[random.IntN(len(accepted))]
		}
		for range 1 + random.IntN(4) {
			from := random.IntN(len(doc) + 1)
			to := min(len(doc), from+random.IntN(4))
			doc = doc[:from] + pieces[random.IntN(len(pieces))] + doc[to:]
		}
		if d := disagreement([]byte(doc)); d != "" {
			t.Error(d)
		}
		var problems diag.Problems
		if Parse("f.yaml", []byte(doc), &problems); problems.Empty() {
			compared++
		}
	}
	assert.Greater(t, compared, documents/5, "too many documents were refused for the comparison to mean much")
}
