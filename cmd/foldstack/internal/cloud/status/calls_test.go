package status_test

import (
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
)

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "docs", "status.md"))
	require.NoError(t, err)
	return string(text)
}

// Whoever writes a role goes by that table. The permission of each of these calls has
// its name.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/permissions-reference.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
func TestThePageListsTheCallsThatAreMadeWithTheirAccountsAndNoOthers(t *testing.T) {
	made := map[string]map[string]bool{}
	for _, s := range situations {
		w := newWorld(t)
		s.arrange(w)
		w.server.Forget()
		w.read()
		for _, c := range w.server.Calls() {
			permission := c.Service + ":" + c.Operation
			if made[permission] == nil {
				made[permission] = map[string]bool{}
			}
			made[permission][map[bool]string{true: "tooling", false: "targets"}[c.Account == tooling]] = true
		}
	}
	listed := cloudtest.Documented(t, "status.md", "What it calls")
	assert.ElementsMatch(t, slices.Collect(maps.Keys(listed)), slices.Collect(maps.Keys(made)))
	for permission, accounts := range made {
		if strings.HasPrefix(permission, "sts:") {
			continue // of whom and for whom the table says in words
		}
		names := slices.Sorted(maps.Keys(accounts))
		slices.Reverse(names)
		assert.Equal(t, strings.Join(names, ", "), listed[permission], permission)
	}
}

func TestEveryKindOfFindingIsOnThePageAndIsFound(t *testing.T) {
	kinds := map[string]bool{}
	for _, s := range situations {
		for _, line := range s.found {
			kind, _, _ := strings.Cut(line, " | ")
			kinds[kind] = true
		}
	}
	var listed []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|").FindAllStringSubmatch(page(t), -1) {
		listed = append(listed, m[1])
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(kinds)), listed)
}

func TestATargetTakesThreeCallsAndThePipelineThree(t *testing.T) {
	w := newWorld(t)
	healthy(w)
	w.server.Forget()
	w.read()
	counts := map[string]int{}
	for _, c := range w.server.Calls() {
		counts[c.Service]++
	}
	assert.Equal(t, map[string]int{"sts": 5, "codepipeline": 3, "cloudformation": 5 + 3*3}, counts, "five base stacks, and who is who in three accounts, two of them by a role")
}
