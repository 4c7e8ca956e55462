package stack

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"
)

// besideTheTooling is an environment in the account of the tooling.
func besideTheTooling(regions ...string) *model.Project {
	e := targetEnvironment("prod", 1, regions...)
	e.Accounts[0] = source.Field[string]{Value: "111111111111", Set: true}
	return targetProject(e)
}

// deniedOn are the ends of the resources on which statements deny what is chosen.
func deniedOn(t *testing.T, p *model.Project, document string, chosen func(s policy.Statement) bool) []string {
	t.Helper()
	template, _ := made(t, p)
	var on []string
	for _, s := range documents(template)[document].Statements {
		if s.Effect == policy.Deny && chosen(s) {
			require.Empty(t, s.Conditions)
			for _, r := range s.Resources {
				text := cfnText(r)
				on = append(on, text[strings.LastIndex(text, ":")+1:])
			}
		}
	}
	return on
}

func act(action string) func(policy.Statement) bool {
	return func(s policy.Statement) bool { return slices.Contains(s.Actions, action) }
}

func allBut(action string) func(policy.Statement) bool {
	return func(s policy.Statement) bool { return slices.Contains(s.NotActions, action) }
}

const (
	guardDocument    = "shop-${Environment}-cloudformation/guard"
	boundaryDocument = "shop-${Environment}-boundary"
	deployDocument   = "shop-${Environment}-deploy/change-sets"
)

func TestADeploymentChangesNoBaseStackOfItsAccount(t *testing.T) {
	for name, tt := range map[string]struct {
		project *model.Project
		stacks  []string
	}{
		"of any environment": {
			targetProject(targetEnvironment("dev", 1, "eu-central-1"), targetEnvironment("prod", 1, "eu-central-1")),
			[]string{"stack/shop-*-target/*"},
		},
		"of the tooling": {besideTheTooling("eu-central-1"), []string{"stack/shop-*-target/*", "stack/shop-pipeline/*", "stack/shop-tooling/*"}},
		"of the tooling in further regions": {
			besideTheTooling("eu-central-1", "us-east-1"),
			[]string{"stack/shop-*-target/*", "stack/shop-pipeline/*", "stack/shop-tooling/*", "stack/shop-tooling-region/*"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, tt.stacks, deniedOn(t, tt.project, guardDocument, act("cloudformation:*")))
		})
	}
}

func TestTheDeployRoleDeploysNotTheStackThatItStandsIn(t *testing.T) {
	for _, p := range []*model.Project{targetProject(targetEnvironment("prod", 1, "eu-central-1")), besideTheTooling("eu-central-1")} {
		assert.Equal(t, []string{"stack/shop-${Environment}-target/*"}, deniedOn(t, p, deployDocument, act("cloudformation:*")))
	}
}

// Across accounts the bucket's policy lets in only who reads there. In the account itself
// nothing stands between a function and what waits for an approval but its boundary.
func TestNothingDeployedTouchesWhatIsDelivered(t *testing.T) {
	delivered := []string{"shop-artifacts-111111111111-*", "shop-assets-111111111111-*"}
	for name, tt := range map[string]struct {
		project *model.Project
		on      []string
	}{
		"in another account":     {targetProject(targetEnvironment("prod", 1, "eu-central-1")), nil},
		"in the tooling account": {besideTheTooling("eu-central-1"), delivered},
		"with a source of ours":  {fromS3(besideTheTooling("eu-central-1"), ""), append(slices.Clone(delivered), "shop-source-111111111111-*")},
		"with a given bucket":    {fromS3(besideTheTooling("eu-central-1"), "uploads"), delivered},
	} {
		t.Run(name, func(t *testing.T) {
			tt.project.Boundary = allowances(t, "- allow: [\"s3:*\"]\n")
			assert.ElementsMatch(t, tt.on, deniedOn(t, tt.project, boundaryDocument, act("s3:*")))
			assert.ElementsMatch(t, tt.on, deniedOn(t, tt.project, guardDocument, allBut("s3:GetObject")))
		})
	}
}

func fromS3(p *model.Project, bucket string) *model.Project {
	p.Source = model.Source{Provider: model.S3, Bucket: bucket, Key: "source.zip"}
	return p
}

func TestADeploymentOnlyReadsByTheProjectsKey(t *testing.T) {
	assert.Equal(t, []string{"key/${KeyId}"}, deniedOn(t, besideTheTooling("eu-central-1"), guardDocument, allBut("kms:Decrypt")))
	assert.Empty(t, deniedOn(t, targetProject(targetEnvironment("prod", 1, "eu-central-1")), guardDocument, allBut("kms:Decrypt")))
}
