package scan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// A wildcard for the service would open the account to a boundary or a deployment.
func TestAnActionNamesOneService(t *testing.T) {
	for action, ok := range map[string]bool{
		"s3:GetObject": true, "s3:Get*": true, "s3:*": true, "s3:?etObject": true, "execute-api:Invoke": true,
		"*": false, "*:*": false, "?3:GetObject": false, "s*:GetObject": false, ":GetObject": false, "s3:": false, "s3.GetObject": false, "": false,
	} {
		var problems diag.Problems
		kept := actions([]source.Field[string]{{Value: action, Set: true}}, &problems)
		assert.Equal(t, ok, problems.Empty(), "%q", action)
		assert.Equal(t, ok, len(kept) == 1, "%q", action)
	}
}

func TestWhatIsNoActionIsToldHowToBeOne(t *testing.T) {
	for action, hint := range map[string]string{
		"SQS:SendMessage": "write sqs:SendMessage: ", "*:Get": "name one service, ", "GetItem": "write service:Action, ", "": "write service:Action, ",
	} {
		var problems diag.Problems
		actions([]source.Field[string]{{Value: action, Set: true}}, &problems)
		assert.True(t, strings.HasPrefix(problems.Sorted()[0].Hint, hint), "%q: %s", action, problems.Sorted()[0].Hint)
	}
}

func TestARepositoryIsNamedWithItsOwnerAndWithoutItsHost(t *testing.T) {
	for _, c := range []struct {
		provider, repository string
		ok                   bool
	}{
		{"github", "acme/shop", true},
		{"github", "shop", false},
		{"github", "github.com/acme/shop", false},
		{"github", "https://github.com/acme/shop", false},
		{"bitbucket", "acme/shop/api", false},
		{"gitlab", "acme/shop/api", true},
		{"gitlab-self-managed", "acme/shop/api", true},
	} {
		var problems diag.Problems
		text := "provider: " + c.provider + "\nrepository: " + c.repository + "\n"
		decodeSource(source.Parse("foldstack.yaml", []byte(text), &problems), diag.Place{}, &problems)
		assert.Equal(t, c.ok, problems.Empty(), "%s: %s", c.provider, c.repository)
	}
}

func TestAToolIsACommandOfOneLine(t *testing.T) {
	for text, ok := range map[string]bool{
		"tool: go tool foldstack": true, "tool: 'npx foldstack@1 --config \"a b.yaml\"'": true,
		"tool: ''": false, "tool: '  '": false, "tool: |\n  a\n  b": false, `tool: "a\tb"`: false, `tool: "a\u2028b"`: false,
	} {
		var problems diag.Problems
		o := source.Open(source.Parse("foldstack.yaml", []byte(text+"\n"), &problems), "foldstack.yaml", &problems)
		command(o.Text("tool"), &problems)
		assert.Equal(t, ok, problems.Empty(), text)
	}
}

func TestAProjectWithoutAnEnvironmentDeliversNowhere(t *testing.T) {
	const begin = "project: shop\ntooling: {account: \"111111111111\", region: eu-central-1}\n"
	for text, want := range map[string]string{
		"":                   "foldstack.yaml:1:1: foldstack.yaml needs the key environments",
		"environments:\n":    "foldstack.yaml:3:15: environments names none",
		"environments: {}\n": "foldstack.yaml:3:15: environments names none",
		"environments: []\n": "foldstack.yaml:3:15: environments of foldstack.yaml must be a mapping of keys to values, not a list",
	} {
		_, problems := scan(t, project(t, map[string]string{ConfigFile: begin + text, "functions/hello/index.mjs": "export const handler = async () => 1;\n"}))
		assert.Equal(t, []string{want}, texts(problems), text)
	}
}
