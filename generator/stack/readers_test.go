package stack_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/stack"
	"github.com/foldstack/foldstack/generator/template"
)

// spread has environments whose regions differ.
func spread(environments ...model.Environment) *model.Project {
	return delivery(append([]model.Environment{
		environment("dev", "222222222222", "eu-central-1", nil),
		environment("qa", "333333333333 555555555555", "eu-central-1 us-east-1", nil),
		environment("prod", "333333333333 444444444444", "eu-central-1 us-east-1 ap-south-1", nil),
	}, environments...)...)
}

// deployed is a stack's resources as they are in a region.
func deployed(t *testing.T, written *cfn.Template, account, region string, parameters map[string]string) map[string]cfn.Map {
	t.Helper()
	var problems diag.Problems
	root := estate.Root{
		Document: template.Of("stack.yaml", diag.Place{File: "stack.yaml"}, written, 0, nil), Name: "stack",
		Account: account, Region: region, Parameters: parameters,
	}
	made := map[string]cfn.Map{}
	for _, r := range estate.Of([]estate.Root{root}, &problems).Stacks[0].Resources {
		made[r.ID] = r.Properties
	}
	require.Empty(t, problems.Sorted())
	return made
}

// toolingIn is what the tooling account holds in a region.
func toolingIn(t *testing.T, p *model.Project, region string) map[string]cfn.Map {
	t.Helper()
	stacks := baseStacks(t, p)
	if region == p.Tooling.Region {
		return deployed(t, stacks["tooling"], p.Tooling.Account, region, nil)
	}
	return deployed(t, stacks["region"], p.Tooling.Account, region, map[string]string{stack.KeyParameter: "mrk-" + strings.Repeat("0", 32)})
}

// toReaders are the policies of a region that name readers, as text.
func toReaders(t *testing.T, p *model.Project, region string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	made := toolingIn(t, p, region)
	for id, property := range map[string]string{
		"Key": "KeyPolicy", "ArtifactBucketPolicy": "PolicyDocument", "AssetBucketPolicy": "PolicyDocument", "Images": "RepositoryPolicyText",
	} {
		texts[id] = fmt.Sprint(made[id].Get(property))
	}
	return texts
}

func TestATargetIsNamedInItsOwnRegionsOnly(t *testing.T) {
	for name, p := range map[string]*model.Project{
		"one further region": usual(), "further regions that differ": spread(), "home is no target": delivery(
			environment("dev", "222222222222", "us-east-1", nil), environment("prod", "333333333333", "us-east-1 ap-south-1", nil),
		),
	} {
		for _, region := range p.Regions() {
			there := map[string]bool{}
			for _, target := range p.Targets() {
				for _, word := range []string{target.Account, "-" + target.Environment + "-"} {
					there[word] = there[word] || target.Region == region
				}
			}
			for holder, text := range toReaders(t, p, region) {
				for word, is := range there {
					assert.Equal(t, is, strings.Contains(text, word), "%s: %s in %s of %s", name, word, holder, region)
				}
			}
		}
	}
}

// An Allow of nobody is refused by IAM, and would be by S3 when it is deployed.
func TestNoPolicyNamesNobody(t *testing.T) {
	const abroad = "us-east-1 ap-south-1"
	for name, p := range map[string]*model.Project{
		"home is no target":           delivery(environment("dev", "222222222222", abroad, nil)),
		"the tooling account alone":   delivery(environment("dev", "111111111111", "eu-central-1 "+abroad, nil)),
		"the tooling account abroad":  spread(environment("own", "111111111111", "eu-west-1", nil)),
		"the tooling account as well": spread(environment("own", "111111111111", abroad, nil)),
	} {
		for _, region := range p.Regions() {
			for holder, text := range toReaders(t, p, region) {
				for _, empty := range []string{"{AWS []}", "{AWS <nil>}", "PrincipalArn []", "SourceArn []", "{Statement []}"} {
					assert.NotContains(t, text, empty, "%s: %s in %s", name, holder, region)
				}
			}
		}
	}
}

func TestTheToolingAccountNeedsNoPolicyButTheRepositorys(t *testing.T) {
	p := delivery(environment("ops", "111111111111", "eu-central-1 us-east-1", nil))
	for _, region := range p.Regions() {
		for holder, text := range toReaders(t, p, region) {
			assert.NotContains(t, text, "-cloudformation", "%s in %s", holder, region)
			assert.NotContains(t, text, "-deploy", "%s in %s", holder, region)
		}
		assert.Contains(t, toReaders(t, p, region)["Images"], "arn:aws:lambda:"+region+":111111111111:function:notifications-ops-*", "Lambda is nobody's role")
	}
}

func TestARoleOfATargetReadsInTheRegionsOfItsEnvironmentOnly(t *testing.T) {
	var problems diag.Problems
	target, err := stack.Target(spread(), &problems)
	require.NoError(t, err)
	require.Empty(t, problems.Sorted())
	for environment, want := range map[string][]string{
		"dev": {"eu-central-1"}, "qa": {"eu-central-1", "us-east-1"}, "prod": {"ap-south-1", "eu-central-1", "us-east-1"},
	} {
		made := deployed(t, target, "222222222222", "eu-central-1", map[string]string{
			stack.EnvironmentParameter: environment, stack.KeyParameter: "mrk-" + strings.Repeat("0", 32),
		})
		for bucket, holder := range map[string]string{"artifacts": "DeployRole", "assets": "CloudFormationPermissions"} {
			found := map[string]bool{}
			for id, properties := range made {
				for _, word := range strings.Fields(fmt.Sprint(properties)) {
					if region, ok := strings.CutPrefix(strings.Trim(word, "[]{}"), "arn:aws:s3:::notifications-"+bucket+"-111111111111-"); ok && strings.HasPrefix(id, holder) {
						region, _, _ = strings.Cut(region, "/")
						found[region] = true
					}
				}
			}
			assert.Equal(t, want, slices.Sorted(maps.Keys(found)), "%s of %s", bucket, environment)
		}
	}
}

func TestEnvironmentsOfEqualRegionsNeedNoCondition(t *testing.T) {
	p := delivery(environment("dev", "222222222222", "eu-central-1 us-east-1", nil), environment("prod", "333333333333", "us-east-1 eu-central-1", nil))
	var problems diag.Problems
	target, err := stack.Target(p, &problems)
	require.NoError(t, err)
	assert.Empty(t, target.Conditions)
	for name, template := range baseStacks(t, p) {
		assert.Empty(t, template.Conditions, name)
	}
	assert.Empty(t, baseStacks(t, usual())["region"].Conditions, "the one further region has prod's targets only")
}
