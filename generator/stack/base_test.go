package stack_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/stack"
)

func init() {
	if flag.Lookup("update") == nil {
		flag.Bool("update", false, "rewrite the golden files")
	}
}

func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// environment is an environment in a test; accounts and regions are separated by blanks.
func environment(name, accounts, regions string, approval *model.Approval) model.Environment {
	return model.Environment{
		Name: name, Place: diag.Place{File: "foldstack.yaml", Line: 10}, Approval: approval,
		Accounts: fields(accounts), Regions: fields(regions),
	}
}

func fields(words string) []source.Field[string] {
	var list []source.Field[string]
	for _, w := range strings.Fields(words) {
		list = append(list, source.Field[string]{Value: w, Set: true})
	}
	return list
}

// delivery is a project as scan makes it, without functions.
func delivery(environments ...model.Environment) *model.Project {
	return &model.Project{
		Place: diag.Place{File: "foldstack.yaml"}, Name: "notifications", Output: "out", Tool: "go tool foldstack",
		Tooling: model.Location{Account: "111111111111", Region: "eu-central-1"},
		Source:  model.Source{Provider: model.GitHub, Repository: "acme/notifications", Branch: "main", Key: model.DefaultSourceKey},
		Build: model.Build{
			Image: model.DefaultBuildImages[model.DefaultBuildType], Type: model.DefaultBuildType, ComputeType: model.DefaultBuildComputeType, Timeout: model.DefaultBuildTimeout,
		},
		Environments: environments,
	}
}

func approval(addresses ...string) *model.Approval {
	return &model.Approval{Notify: addresses, Timeout: model.DefaultApprovalTimeout}
}

// usual is a project of three accounts and two regions.
func usual() *model.Project {
	return delivery(
		environment("dev", "222222222222", "eu-central-1", nil),
		environment("prod", "333333333333 444444444444", "eu-central-1 us-east-1", approval("ops@example.com")),
	)
}

// bucketed takes its source from the tooling stack's bucket in China, and deploys
// to the tooling account too.
func bucketed() *model.Project {
	p := delivery(
		environment("dev", "111111111111", "cn-north-1", nil),
		environment("prod", "111111111111 222222222222", "cn-north-1 cn-northwest-1", approval()),
	)
	p.Tooling.Region = "cn-north-1"
	p.Source = model.Source{Provider: model.S3, Key: "project.zip"}
	return p
}

// given has a connection of its own and a build on other machines.
func given() *model.Project {
	p := delivery(environment("live", "222222222222", "us-gov-east-1", approval("b@example.com", "a@example.com", "a@example.com")))
	p.Tooling.Region = "us-gov-east-1"
	p.Source.Provider, p.Source.Connection = model.GitHubEnterprise, "arn:aws-us-gov:codeconnections:us-gov-east-1:111111111111:connection/6a9b1f6c-0000-4000-8000-000000000000"
	p.Build = model.Build{Image: "aws/codebuild/standard:7.0", Type: "LINUX_CONTAINER", ComputeType: "BUILD_GENERAL1_LARGE", Privileged: true, Timeout: 30}
	p.Output, p.Tool = "delivery/out", "npx foldstack@1 --config 'foldstack.yaml'"
	return p
}

// many has n accounts in two regions, the first of two environments holding one.
// Past 200 accounts each has one region, because a pipeline holds no more targets.
func many(n int) *model.Project {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("%012d", 200000000000+i))
	}
	regions := "eu-central-1 us-east-1"
	if n > 200 {
		regions = "us-east-1"
	}
	return delivery(
		environment("dev", ids[0], "eu-central-1", nil),
		environment("prod", strings.Join(ids, " "), regions, approval("ops@example.com")),
	)
}

// files is everything that a project's base stacks are, by file name.
func files(t *testing.T, p *model.Project, orchestrations int) map[string][]byte {
	t.Helper()
	var problems diag.Problems
	made := map[string][]byte{}
	add := func(name string, template *cfn.Template, err error) {
		require.NoError(t, err, name)
		if template == nil {
			return
		}
		text, err := template.Render()
		require.NoError(t, err, name)
		made[name] = text
	}
	tooling, err := stack.Tooling(p, &problems)
	add("tooling.yaml", tooling, err)
	region, err := stack.Region(p, &problems)
	add("tooling-region.yaml", region, err)
	add("seed.yaml", stack.Seed(p), nil)
	pipeline, err := stack.Pipeline(p, orchestrations, &problems)
	add("pipeline.yaml", pipeline, err)
	buildspec, err := stack.Buildspec(p)
	require.NoError(t, err)
	made["build.yml"] = buildspec
	require.Empty(t, problems.Sorted())
	return made
}

func TestBaseStacksLookAsTheyAreMeantTo(t *testing.T) {
	const root = "testdata/base"
	var made []string
	for name, c := range map[string]struct {
		project        *model.Project
		orchestrations int
	}{
		"usual":    {usual(), 1},
		"bucketed": {bucketed(), 1},
		"given":    {given(), 2},
		"spread":   {spread(), 1},
	} {
		for file, text := range files(t, c.project, c.orchestrations) {
			path := filepath.Join(root, name, file)
			made = append(made, path)
			if updating() {
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
				require.NoError(t, os.WriteFile(path, text, 0o644))
				continue
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err, "run the test with -update")
			assert.Empty(t, udiff.Unified(path, "made", string(want), string(text)))
		}
	}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			assert.True(t, slices.Contains(made, filepath.Clean(path)), "nobody makes %s", path)
		}
		return err
	}))
}

func TestBaseStacksDependOnNoFunction(t *testing.T) {
	for _, p := range []*model.Project{usual(), bucketed()} {
		before := files(t, p, 1)
		p.Functions = []model.Function{
			{Name: "orders", Package: model.Zip, Only: model.Only{}},
			{Name: "thumbnail", Package: model.Image},
		}
		p.Stacks = []model.Stack{{Name: "tables", File: "tables.yaml"}}
		for file, text := range files(t, p, 1) {
			assert.Equal(t, string(before[file]), string(text), file)
		}
	}
}

func TestBaseStacksAreEqualEachTime(t *testing.T) {
	first := files(t, many(20), 3)
	for range 5 {
		assert.Equal(t, first, files(t, many(20), 3))
	}
}

func TestBaseStacksHoldNoLiteralPartitionOrHost(t *testing.T) {
	for _, p := range []*model.Project{usual(), bucketed(), many(3)} {
		for file, text := range files(t, p, 2) {
			for number, line := range strings.Split(string(text), "\n") {
				assert.NotContains(t, line, "arn:aws", "%s:%d", file, number+1)
				if strings.Contains(line, "amazonaws.com") {
					assert.Regexp(t, `^ *(- |Service: |[a-z-]+:PassedToService: |iam:PassedToService: )?[a-z]+\.amazonaws\.com$`, line, "%s:%d", file, number+1)
				}
			}
		}
	}
}

func TestAProjectOfOneRegionHasNoRegionStack(t *testing.T) {
	var problems diag.Problems
	region, err := stack.Region(given(), &problems)
	require.NoError(t, err)
	assert.Nil(t, region)
}

func TestTheRegionStackNamesNoRegionButThePrimaryKeys(t *testing.T) {
	text := string(files(t, usual(), 1)["tooling-region.yaml"])
	assert.NotContains(t, text, "us-east-1", "one template serves every further region")
	assert.Equal(t, 1, strings.Count(text, "eu-central-1"), "the primary key's region and no other mention")
}
