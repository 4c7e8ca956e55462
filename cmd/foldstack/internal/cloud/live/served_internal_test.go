package live

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// What is generated for a project names its accounts and regions in either template, and
// nothing beside them: a project that keeps none but the tooling account finds them again.
func TestEitherTemplateNamesWhatTheToolingAccountServes(t *testing.T) {
	projects := filepath.Join("..", "..", "..", "..", "..", "generator", "testdata")
	for _, name := range []string{"china", "fifty-accounts", "govcloud", "one-function", "one-account-two-environments", "tooling-is-a-target"} {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(projects, name)
			result, err := generator.Check(t.Context(), generator.Options{Root: root})
			require.NoError(t, err)
			p := result.Project
			emptied := &model.Project{Name: p.Name, Tooling: p.Tooling}
			accounts := slices.DeleteFunc(p.Accounts(), func(a string) bool { return a == p.Tooling.Account })
			for file, kind := range map[string]Kind{"tooling.yaml": Tooling, "pipeline.yaml": Pipeline} {
				text, err := os.ReadFile(filepath.Join(root, "out", file))
				require.NoError(t, err)
				s := &Stack{
					Stack: &stacks.Stack{Name: file}, Place: &stacks.Place{Account: p.Tooling.Account, Region: p.Tooling.Region},
					Kind: kind, Ours: true, Deployed: string(text),
				}
				left, leftRegions := served(emptied, []*Stack{s})
				assert.ElementsMatch(t, accounts, left, file)
				assert.ElementsMatch(t, p.Regions(), append(leftRegions, p.Tooling.Region), file)
				left, leftRegions = served(p, []*Stack{s})
				assert.Empty(t, append(left, leftRegions...), "nothing has left")
			}
		})
	}
}

// A template of which nothing can be read names nothing.
func TestATemplateThatNobodyUnderstandsNamesNothing(t *testing.T) {
	p := &model.Project{Name: "shop", Tooling: model.Location{Account: "111111111111", Region: "eu-central-1"}}
	for _, text := range []string{"", "{", "Resources: 1", "Resources: {Role: {Type: !Ref, Properties: [arn:aws:iam::*:role/foldstack-base/shop/shop-dev-deploy]}}"} {
		s := &Stack{Stack: &stacks.Stack{Name: "shop-tooling"}, Place: &stacks.Place{Account: "111111111111", Region: "eu-central-1"}, Kind: Tooling, Ours: true, Deployed: text}
		accounts, regions := served(p, []*Stack{s})
		assert.Empty(t, append(accounts, regions...), text)
	}
}
