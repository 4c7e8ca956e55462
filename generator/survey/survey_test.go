package survey_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/survey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// read writes files into a folder and reads its estate.yaml.
func read(t *testing.T, files map[string]string) (*survey.Survey, []string) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	problems := &diag.Problems{}
	s := survey.Read(survey.Options{
		File: filepath.Join(folder, "estate.yaml"), Templates: filepath.Join(folder, "templates"),
		Problems: problems, Sources: &diag.Sources{},
	})
	var told []string
	for _, p := range problems.Sorted() {
		told = append(told, strings.ReplaceAll(p.Rule+" "+p.Place.String()+" "+p.Text+"; "+p.Hint, filepath.ToSlash(folder)+"/", ""))
	}
	return s, told
}

const (
	parent = `Parameters: {Bucket: {Type: String}, List: {Type: CommaDelimitedList}}
Resources:
  Network: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./parts/network.yaml}}
  Named: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Sub "https://${Bucket}.s3.amazonaws.com/x/${Key}"}}
  Remote: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: !Sub "https://${Bucket}.s3.amazonaws.com/x/network.json?versionId=1"}}
Outputs: {Id: {Value: !Ref Network}}
`
	leaf = "Parameters: {Id: {Type: String, Default: none}}\nResources: {Topic: {Type: AWS::SNS::Topic}}\n"
)

func TestAnEstateNamesItsStacksAndTheirTemplates(t *testing.T) {
	s, told := read(t, map[string]string{
		"estate.yaml": `stacks:
  tools:
    template: parent.yaml
    account: "111111111111"
    region: eu-central-1
    nested: {Named: other.yaml}
    parameters: {Bucket: b, List: [x, y]}
  target:
    name: shop-prod
    template: leaf.yaml
    account: ["222222222222", "333333333333"]
    region: [eu-central-1, us-east-1]
    parameters: {Id: !Output tools.Id}
organization:
  - policies: full.json
  - accounts: ["222222222222"]
    policies: [full.json, unit.json]
`,
		"full.json":                    `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
		"unit.json":                    `{"Version":"2012-10-17","Statement":[]}`,
		"templates/parent.yaml":        parent,
		"templates/parts/network.yaml": leaf,
		"templates/network.json":       `{"Resources": {}}`,
		"templates/other.yaml":         leaf,
		"templates/leaf.yaml":          leaf,
	})
	require.Empty(t, told)
	require.Len(t, s.Stacks, 2)

	tools, target := s.Stacks[0], s.Stacks[1]
	assert.Equal(t, "tools", tools.Name)
	assert.Equal(t, "x,y", tools.Parameters[1].Value)
	require.Len(t, tools.Document.Children, 3)
	for id, file := range map[string]string{"Network": "parts/network.yaml", "Named": "other.yaml", "Remote": "network.json"} {
		assert.True(t, strings.HasSuffix(tools.Document.Children[id].Path, "templates/"+file), id)
	}
	assert.Equal(t, "shop-prod", target.Name)
	assert.Equal(t, []string{"222222222222", "333333333333"}, target.Accounts)
	assert.Equal(t, []string{"eu-central-1", "us-east-1"}, target.Regions)
	assert.Equal(t, "tools", target.Parameters[0].Stack)
	assert.Equal(t, "Id", target.Parameters[0].Output)

	require.Len(t, s.Levels, 2)
	assert.Empty(t, s.Levels[0].Accounts)
	assert.Equal(t, []string{"222222222222"}, s.Levels[1].Accounts)
	assert.Len(t, s.Levels[1].Policies, 2)
}

func TestWhatIsWrongWithAnEstateIsToldAtOnce(t *testing.T) {
	_, told := read(t, map[string]string{
		"estate.yaml": `stacks:
  tools:
    template: parent.yaml
    account: 11111111111
    parameters: {Buckets: b}
    nested: {Netwrk: leaf.yaml}
    region: eu-centrall-1
  1st: {template: missing.yaml, account: "111111111111", region: eu-central-1}
  leaf:
    template: leaf.yaml
    account: "111111111111"
    regions: eu-central-1
    parameters: {A: !Output tolls.Id, B: !Output tools.Name, C: {}}
  circle: {template: circle.yaml, account: "111111111111", region: eu-central-1}
organization:
  - policy: x.json
`,
		"templates/parent.yaml":        parent,
		"templates/parts/network.yaml": leaf,
		"templates/network.json":       leaf,
		"templates/leaf.yaml":          leaf,
		"templates/circle.yaml":        "Resources: {Again: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: circle.yaml}}}\n",
	})
	for _, want := range []string{
		"account-id estate.yaml:4:14 ",
		"unknown-region estate.yaml:7:13 there is no region \"eu-centrall-1\"; did you mean eu-central-1?",
		"unknown-parameter estate.yaml:5:18 templates/parent.yaml has no parameter \"Buckets\"; did you mean Bucket?",
		"estate-template estate.yaml:6:14 templates/parent.yaml has no nested stack \"Netwrk\"; did you mean Network?",
		"estate-stack-name estate.yaml:8:",
		"estate-file estate.yaml:8:19 there is no file templates/missing.yaml; name a file that is there",
		"unknown-key estate.yaml:12:5 a stack has no key \"regions\"; did you mean region?",
		"missing-key estate.yaml:10:5 a stack needs the key region",
		"estate-output estate.yaml:13:21 the parameter A of leaf takes tolls.Id, and there is no stack tolls; did you mean tools.Id?",
		"estate-output estate.yaml:13:42 the parameter B of leaf takes tools.Name, which its template does not put out",
		"wrong-kind estate.yaml:13:65 the parameter C is a mapping",
		"estate-template templates/parent.yaml:4:",
		"estate-circle templates/circle.yaml:1:",
		"unknown-key estate.yaml:16:5 ",
		"missing-key estate.yaml:16:5 ",
	} {
		assert.Condition(t, func() bool {
			for _, line := range told {
				if strings.HasPrefix(line, want) {
					return true
				}
			}
			return false
		}, "%s\nis not in\n%s", want, strings.Join(told, "\n"))
	}
}

func TestWhatAStackSaysFitsItsTemplate(t *testing.T) {
	_, told := read(t, map[string]string{
		"estate.yaml": `stacks:
  a: {template: pass.yaml, account: "111111111111", region: eu-central-1, parameters: {Id: !Output b.Id}}
  b: {template: pass.yaml, account: "111111111111", region: eu-central-1, parameters: {Id: !Output a.Id, Idd: x, Size: huge}}
  c: {template: ../estate.yaml, account: "111111111111", region: eu-central-1}
  d: {template: hello.yaml, account: "111111111111", region: eu-central-1}
`,
		"templates/pass.yaml":  "Parameters: {Id: {Type: String}, Size: {Type: String, Default: small, AllowedValues: [small, large]}}\nResources: {}\nOutputs: {Id: {Value: !Ref Id}}\n",
		"templates/hello.yaml": "hello\n",
	})
	assert.Equal(t, []string{
		"estate-circle estate.yaml:2:3 outputs are handed round in a circle: a takes one of b takes one of a; give one of them its value as a text",
		"unknown-parameter estate.yaml:3:106 templates/pass.yaml has no parameter \"Idd\"; did you mean Id?",
		"estate-parameter estate.yaml:3:120 the parameter Size of templates/pass.yaml does not allow \"huge\"; it allows small, large",
		"estate-template estate.yaml:4:17 ../estate.yaml lies outside of it; name a file below the folder of templates",
		"estate-template templates/hello.yaml:1:1 hello.yaml has no Resources, which a template has; name another file",
	}, told)
}

func TestAPlaceHasOneStackOfAName(t *testing.T) {
	_, told := read(t, map[string]string{
		"estate.yaml": `stacks:
  shop: {template: leaf.yaml, account: "111111111111", region: [eu-central-1, us-east-1]}
  elsewhere: {name: shop, template: leaf.yaml, account: "222222222222", region: eu-central-1}
  other: {template: leaf.yaml, account: "111111111111", region: eu-central-1}
  again: {name: shop, template: leaf.yaml, account: ["333333333333", "111111111111"], region: us-east-1}
  itself: {template: leaf.yaml, account: "111111111111", region: [eu-west-1, eu-west-1]}
`,
		"templates/leaf.yaml": leaf,
	})
	const hint = "already; give one of the two another name, and write each account and region once"
	assert.Equal(t, []string{
		"estate-duplicate-stack estate.yaml:5:3 there is a stack shop in account 111111111111, us-east-1, " + hint,
		"estate-duplicate-stack estate.yaml:6:3 there is a stack itself in account 111111111111, eu-west-1, " + hint,
	}, told)
}

func TestAnEstateThatIsNotThereIsAProblem(t *testing.T) {
	_, told := read(t, nil)
	require.Len(t, told, 1)
	assert.Equal(t, "estate-file estate.yaml there is no such file; check the path", told[0])
}

func TestAnEmptyEstateIsAProblem(t *testing.T) {
	_, told := read(t, map[string]string{"estate.yaml": ""})
	require.Len(t, told, 1)
	assert.Contains(t, told[0], "missing-key estate.yaml:1:1 ")
}

func FuzzAnyEstateIsReadOrRefused(f *testing.F) {
	f.Add("stacks: {a: {template: leaf.yaml, account: '1', region: x, nested: {A: leaf.yaml}}}", leaf)
	f.Add("stacks: {a: {template: leaf.yaml}}", parent)
	f.Fuzz(func(t *testing.T, estate, document string) {
		read(t, map[string]string{"estate.yaml": estate, "templates/leaf.yaml": document, "templates/network.yaml": leaf})
	})
}

func TestAnEstateOfNoStacksIsAProblem(t *testing.T) {
	for _, text := range []string{"stacks: {}\n", "stacks:\norganization: []\n"} {
		_, told := read(t, map[string]string{"estate.yaml": text})
		require.Len(t, told, 1, text)
		assert.Contains(t, told[0], "missing-key estate.yaml:1:")
		assert.Contains(t, told[0], "estate.yaml names no stack; write each under `stacks:` with its template, account and region")
	}
}

func TestAPolicyOfAnOrganisationThatIsNotThereIsToldWhereItIsNamed(t *testing.T) {
	_, told := read(t, map[string]string{
		"estate.yaml":         "stacks: {a: {template: leaf.yaml, account: \"111111111111\", region: eu-central-1}}\norganization: [{policies: none.json}]\n",
		"templates/leaf.yaml": leaf,
	})
	assert.Equal(t, []string{"estate-file estate.yaml:2:27 there is no file none.json; name a file that is there"}, told)
}
