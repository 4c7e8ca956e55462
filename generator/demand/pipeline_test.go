package demand_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	tooling = "111111111111"
	home    = "eu-central-1"
	abroad  = "us-east-1"
)

// shipped is the tooling account of the shipped project. The key of its home region
// gives the parameter of the others.
func shipped(t testing.TB) *estate.Estate {
	t.Helper()
	base := root(t, "acme-shop-tooling", home, output(t, "tooling.yaml"), nil)
	key := instantiate(t, base).Stacks[0].Outputs["KeyId"]
	require.NotEmpty(t, key)
	return instantiate(t, base,
		root(t, "acme-shop-tooling-region", abroad, output(t, "tooling-region.yaml"), map[string]string{"KeyId": key}),
		root(t, "acme-shop-pipeline", home, output(t, "pipeline.yaml"), nil),
	)
}

func output(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "out", name))
	require.NoError(t, err)
	return string(text)
}

func root(t testing.TB, stack, region, text string, parameters map[string]string) estate.Root {
	t.Helper()
	var problems diag.Problems
	document := template.Written(stack+".yaml", source.Parse(stack+".yaml", []byte(text), &problems), len(text), &problems)
	require.Empty(t, problems.Sorted())
	return estate.Root{Document: document, Name: stack, Partition: model.Commercial, Account: tooling, Region: region, Parameters: parameters}
}

func instantiate(t testing.TB, roots ...estate.Root) *estate.Estate {
	t.Helper()
	var problems diag.Problems
	e := estate.Of(roots, &problems)
	require.Empty(t, problems.Sorted())
	return e
}

// of is an estate of a single template.
func of(t testing.TB, text string) *estate.Estate {
	t.Helper()
	return instantiate(t, root(t, "delivery", home, text, nil))
}

func publishTargets() demand.PublishTargets {
	targets := demand.PublishTargets{Partition: model.Commercial, Account: tooling}
	for _, region := range []string{home, abroad} {
		targets.Places = append(targets.Places, demand.PublishPlace{
			Region: region, Bucket: "acme-shop-assets-" + tooling + "-" + region, Prefixes: []string{"functions/", "templates/"}, Repository: "foldstack/acme-shop",
		})
	}
	return targets
}

const buildRole = "arn:aws:iam::" + tooling + ":role/foldstack-base/acme-shop/acme-shop-build"

// listing shows demands as people read them: what happens, who asks for it on what, and
// what the requests carry; ! marks what grants have to insist on.
func listing(demands []demand.Demand) string {
	var b strings.Builder
	var step demand.Step
	var why, last string
	for i := range demands {
		d := &demands[i]
		if d.Step != step {
			step, why = d.Step, ""
			fmt.Fprintf(&b, "\n# %s / %s\n", step.Stage, step.Action)
		}
		if d.Why != why {
			why, last = d.Why, ""
			fmt.Fprintf(&b, "\n%s\n", why)
		}
		if about := about(d); about != last {
			last = about
			b.WriteString(about)
		}
		fmt.Fprintf(&b, "    %s\n", d.Action)
	}
	return symbol.Show(b.String())
}

// about is what demands of several actions have in common.
func about(d *demand.Demand) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s on %s\n", nickname(d.Principal), d.Resource)
	for _, pattern := range d.Within {
		if pattern != d.Resource {
			fmt.Fprintf(&b, "      or %s\n", pattern)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.Context)) {
		if key != "aws:securetransport" && !slices.Contains(d.Narrowed, key) {
			fmt.Fprintf(&b, "      - %s: %s\n", key, strings.Join(d.Context[key], ", "))
		}
	}
	for _, key := range d.Narrowed {
		fmt.Fprintf(&b, "      ! %s: %s\n", key, strings.Join(slices.Concat(d.Context[key], d.Leeway[key]), " or "))
	}
	return b.String()
}

func nickname(p authz.Principal) string {
	if p.Service != "" {
		return p.Service
	}
	parts := strings.SplitN(p.ARN, ":", 6)
	return parts[4] + " " + parts[5][strings.LastIndex(parts[5], "/")+1:]
}

// matching are the demands for an action, by whom and on what.
func matching(demands []demand.Demand, action string, contains ...string) []demand.Demand {
	return slices.DeleteFunc(slices.Clone(demands), func(d demand.Demand) bool {
		text := d.Principal.ARN + " " + d.Principal.Service + " " + d.Resource + " " + d.Step.Stage + " " + d.Step.Action
		return d.Action != action || slices.ContainsFunc(contains, func(part string) bool { return !strings.Contains(text, part) })
	})
}

var assetName = regexp.MustCompile(`[0-9a-f]{64}`)

func compare(t *testing.T, golden string, demands []demand.Demand) {
	t.Helper()
	text := assetName.ReplaceAllString(listing(demands), "<digest>") // which every change of a function moves
	golden = filepath.Join("testdata", golden)
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(text), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	wanted, got := strings.Split(string(want), "\n"), strings.Split(text, "\n")
	for i := range min(len(wanted), len(got)) {
		require.Equal(t, wanted[i], got[i], "%s:%d; go test ./generator/demand -update writes it again", golden, i+1)
	}
	assert.Len(t, got, len(wanted), golden)
}

func TestEveryCallOfTheShippedPipelineIsListed(t *testing.T) {
	e := shipped(t)
	published := demand.Publish(e, buildRole, publishTargets(), demand.Step{Stage: "Build", Action: "build"})
	compare(t, "pipeline.golden", append(demand.Pipelines(e), published...))
}

func TestEveryCallOfEveryKindOfActionIsListed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "providers.yaml"))
	require.NoError(t, err)
	e := of(t, string(text))
	assert.Empty(t, demand.UnlistedActions(e))
	compare(t, "providers.golden", demand.Pipelines(e))
	kinds := map[string]bool{}
	for _, d := range demand.Pipelines(e) {
		if strings.Contains(d.Page, "action-reference-") {
			kinds[d.Page] = true
		}
	}
	for _, page := range demand.ActionPages() {
		assert.True(t, kinds[page], "no action of testdata/providers.yaml is that of %s", page)
	}
}

func TestEveryDemandSaysWhyAndWhere(t *testing.T) {
	e := shipped(t)
	demands := demand.Pipelines(e)
	require.NotEmpty(t, demands)
	for _, d := range demands {
		assert.NotEmpty(t, d.Why, d.Action)
		assert.NotEmpty(t, d.Step.Stage, d.Action)
		assert.NotEmpty(t, d.Step.Action, d.Action)
		assert.NotZero(t, d.Cause, d.Action)
		assert.True(t, strings.HasPrefix(d.Page, "https://docs.aws.amazon.com/"), "%s: %s", d.Action, d.Page)
		assert.NotEmpty(t, d.Within, d.Action)
		assert.NotEmpty(t, d.Principal.ARN+d.Principal.Service, d.Action)
	}
}
