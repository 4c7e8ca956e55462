package bootstrap_test

import (
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

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/generator"
)

// services are those whose actions are called as their operations are.
var services = map[string]string{
	"account": "account", "cloudformation": "cloudformation", "codeconnections": "codeconnections", "s3": "s3", "sts": "sts",
}

// Who gives somebody the permission to bootstrap goes by that table.
func TestThePageListsTheCallsThatAreMadeAndNoOthers(t *testing.T) {
	made := map[string]bool{
		"s3:GetObject": true, "kms:Decrypt": true, // CloudFormation reads a large template for whoever deploys it
		"kms:GenerateDataKey": true, // S3 encrypts it
	}
	note := func(w *world) {
		for _, c := range w.Calls() {
			require.NotEmpty(t, services[c.Service], c)
			made[services[c.Service]+":"+c.Operation] = true
			if c.DescribesAll() {
				made["cloudformation:ListStacks"] = true
			}
		}
	}
	w := newWorld(t, with("environments", many(20)))
	w.FailResource("shop-prod-target", "DeployRole", "no")
	require.Error(t, w.run(t.Context()))
	w.FailResource("shop-prod-target", "DeployRole", "")
	require.NoError(t, w.run(t.Context()), "stacks that were rolled back are deleted")
	w.result = generated(t, with("environments", many(20))+"boundary: [{allow: [\"dynamodb:*\"]}]\n")
	require.NoError(t, w.run(t.Context()))
	note(w)
	w = newOrganization(t, management)
	require.NoError(t, w.run(t.Context()))
	w.result = generated(t, usual+"boundary: [{allow: [\"dynamodb:*\"]}]\n")
	require.NoError(t, w.run(t.Context()))
	note(w)
	assert.ElementsMatch(t, slices.Collect(maps.Keys(made)), slices.Collect(maps.Keys(cloudtest.Documented(t, "bootstrap.md", "What it calls"))))
}

func TestThePageListsTheServicesOfTheStacks(t *testing.T) {
	listed := map[string][]string{}
	for _, row := range cells(t, "`(out/[a-z-]+\\.yaml` \\| [A-Za-z0-9, ]+)") {
		file, names, _ := strings.Cut(row, "` | ")
		listed[file] = strings.Split(strings.TrimSpace(names), ", ")
	}
	for _, b := range generated(t, usual).Bases {
		assert.ElementsMatch(t, listed[b.File], servicesOf(b), b.File)
	}
}

func servicesOf(b generator.Base) []string {
	var list []string
	for _, kind := range b.Types {
		if name := strings.Split(kind, "::")[1]; !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// cells are the parts of the page that begin a row of a table and fit a pattern.
func cells(t *testing.T, pattern string) []string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "docs", "bootstrap.md"))
	require.NoError(t, err)
	var list []string
	for _, m := range regexp.MustCompile(`(?m)^\| `+pattern).FindAllStringSubmatch(string(page), -1) {
		list = append(list, m[1])
	}
	return list
}

// many are the accounts of an environment.
func many(n int) string {
	var accounts []string
	for i := range n {
		accounts = append(accounts, fmt.Sprintf("%q", fmt.Sprint(300000000000+i)))
	}
	return "{prod: {accounts: [" + strings.Join(accounts, ", ") + "], regions: [eu-central-1, us-east-1]}}"
}
