package schema_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// A file of testdata/mistakes is a template that breaks one rule, by which it is
// called. Behind each line that does, and behind no other, stands what is found.
func TestEachMistakeIsFoundOnItsLineByItsRule(t *testing.T) {
	for _, rule := range rules(t) {
		t.Run(rule, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", "mistakes", rule+".yaml"))
			require.NoError(t, err, "every rule has a file of mistakes")
			var problems diag.Problems
			schema.Check([]*template.Document{read(t, rule+".yaml", text)}, &problems)
			found := map[int]string{}
			for _, p := range problems.Sorted() {
				assert.Equal(t, rule, p.Rule)
				found[p.Place.Line] += "  #: " + p.Text
				if !strings.HasPrefix(p.Hint, "see https://") {
					found[p.Place.Line] += " [" + p.Hint + "]"
				}
			}
			require.NotEmpty(t, found)
			var marked strings.Builder
			for i, line := range strings.SplitAfter(string(text), "\n") {
				line, end := strings.CutSuffix(line, "\n")
				marked.WriteString(strings.Split(line, "  #: ")[0] + found[i+1])
				if end {
					marked.WriteString("\n")
				}
			}
			assert.Equal(t, string(text), marked.String())
		})
	}
}

// rules are the ids that the sources report, but for the one that needs regions.
func rules(t *testing.T) []string {
	t.Helper()
	reported := regexp.MustCompile(`(?:report|reportKey)\("([a-z]+-[a-z-]+)"|rule: "([a-z]+-[a-z-]+)"`)
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var ids []string
	seen := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range reported.FindAllStringSubmatch(string(text), -1) {
			if id := match[1] + match[2]; !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	require.Greater(t, len(ids), 12)
	return ids
}
