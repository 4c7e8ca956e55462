package generator_test

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
)

const publishedProject = `project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop, branch: main}
environments:
  dev: {accounts: ["222222222222"], regions: [eu-central-1]}
stacks: {orders: orders.yaml, refunds: refunds.yaml}
`

const topic = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"

func published(t *testing.T, files map[string]string) *generator.Result {
	t.Helper()
	root := t.TempDir()
	write(t, root, "foldstack.yaml", publishedProject)
	write(t, root, "orders.yaml", topic)
	write(t, root, "refunds.yaml", topic)
	write(t, root, "functions/hello/index.mjs", "export const handler = async () => null;\n")
	write(t, root, "functions/worker/app.py", "def lambda_handler(event, context):\n    return event\n")
	for name, text := range files {
		write(t, root, name, text)
	}
	result, err := generator.Check(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	return result
}

func TestWhatTheOrchestrationNestsIsThereToBePublishedUnderTheKeysThatItNames(t *testing.T) {
	result := published(t, nil)
	require.Empty(t, result.Problems)
	files := map[string]string{}
	for _, f := range result.Files {
		files[f.Path] = string(f.Data)
	}
	orchestration := files["out/orchestration.yaml"]
	var names []string
	for _, a := range result.Assets {
		names = append(names, a.Name)
		sum := sha256.Sum256(a.Data)
		assert.Equal(t, "templates/"+hex.EncodeToString(sum[:])+".yaml", a.Key)
		assert.Contains(t, orchestration, "/"+a.Key+"\n")
		folder := "functions"
		if a.Name == "orders" {
			folder = "stacks"
		}
		assert.Equal(t, files[path.Join("out", folder, a.Name+".yaml")], string(a.Data))
	}
	assert.True(t, slices.IsSortedFunc(result.Assets, func(a, b generator.Asset) int { return strings.Compare(a.Key, b.Key) }))
	slices.Sort(names)
	assert.Equal(t, []string{"hello", "orders", "worker"}, names, "two stacks with the same bytes are one template")
	assert.Equal(t, 4, strings.Count(orchestration, "TemplateURL: "))
}

func TestAProjectWithProblemsPublishesNothing(t *testing.T) {
	for name, file := range map[string][2]string{
		"in the input":    {"functions/hello/function.yaml", "memroy: 512\n"},
		"in the template": {"refunds.yaml", "Resources:\n  Topic:\n    Type: AWS::SNS::Tropic\n"},
	} {
		result := published(t, map[string]string{file[0]: file[1]})
		assert.NotEmpty(t, result.Problems, name)
		assert.Empty(t, result.Assets, name)
	}
}
