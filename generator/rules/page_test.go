package rules

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite docs/rules.md")

func TestThePageIsMadeFromTheCatalogue(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "rules.md")
	got := written(t)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, string(want) == got, "docs/rules.md is stale: run `make golden`")
}

const preface = `<!-- Generated from generator/rules by its tests. Do not edit: change the catalogue there and run make golden. -->

# Rules

Everything that ` + "`foldstack check`" + ` can find. ` + "`generate`" + ` runs the same rules first and writes nothing when one is broken. All problems are
printed at once, each with the id of its rule, which is a heading below; only what holds between stacks, and of the pipeline, can be judged when
nothing is wrong with them one by one. The rules of [Output](#output) are about the output folder, at which only ` + "`generate`" + ` looks.

An example shows only what matters: a project also has a ` + "`foldstack.yaml`" + `, and a function has code. Of the files that keep a rule, those
that are the same in the example that breaks it are not shown again.

`

// written is docs/rules.md.
func written(t *testing.T) string {
	var b strings.Builder
	b.WriteString(preface)
	for _, g := range groups {
		fmt.Fprintf(&b, "- [%s](#%s):", g.title, strings.ReplaceAll(strings.ToLower(g.title), " ", "-"))
		for i, e := range members(g) {
			fmt.Fprintf(&b, "%s [`%s`](#%s)", strings.Repeat(",", min(i, 1)), e.ID, e.ID)
		}
		b.WriteString("\n")
	}
	for _, g := range groups {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", g.title, g.text)
		for _, e := range members(g) {
			b.WriteString(chapter(t, e))
		}
	}
	return b.String()
}

func members(g group) []entry {
	var list []entry
	for _, e := range entries() {
		if e.value("group") == g.name {
			list = append(list, e)
		}
	}
	return list
}

// chapter is what there is to know of one rule.
func chapter(t *testing.T, e entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n### %s\n\n%s%s\n", e.ID, e.Text, link(t, e.source))
	if test := e.value("shown by"); test != "" {
		_, name, _ := strings.Cut(test, ".")
		file, _ := testOf(t, test)
		fmt.Fprintf(&b, "\nNo small project shows it; [`%s`](../%s) does.\n", name, file)
		return b.String()
	}
	b.WriteString("\nBreaks it:\n")
	for _, f := range e.files() {
		if name, ok := e.on("bad", f.Name); ok {
			b.WriteString(block(name, f))
		}
	}
	b.WriteString(e.decorations("bad"))
	text, ok := shown.Load(e.ID)
	if !ok {
		problems, sources := e.run(t, "bad")
		text = printed(t, problems, sources)
	}
	fmt.Fprintf(&b, "\n```text\n%s```\n\nKeeps it:\n", text)
	for _, f := range e.files() {
		if name, ok := strings.CutPrefix(f.Name, "good/"); ok {
			b.WriteString(block(name, f))
		}
	}
	b.WriteString(e.decorations("good"))
	return b.String()
}

// link names the page that states a rule by its host.
func link(t *testing.T, source string) string {
	if source == "" {
		return ""
	}
	u, err := url.Parse(source)
	require.NoError(t, err)
	return fmt.Sprintf(" ([%s](%s))", u.Host, source)
}

// languages are the info strings of fenced blocks by the ending of a file.
var languages = map[string]string{".yaml": "yaml", ".mjs": "js", ".js": "js", ".py": "python", ".go": "go", ".json": "json", ".toml": "toml", ".rb": "ruby"}

func block(name string, f txtar.File) string {
	fence := "```"
	for strings.Contains(string(f.Data), fence) {
		fence += "`"
	}
	return fmt.Sprintf("\n`%s`\n\n%s%s\n%s%s\n", name, fence, languages[path.Ext(name)], f.Data, fence)
}

// decorations tell of what a block cannot show.
func (e entry) decorations(side string) string {
	var b strings.Builder
	for _, link := range e.head["link"] {
		if link, ok := e.on(side, link); ok {
			name, target, _ := strings.Cut(link, " -> ")
			fmt.Fprintf(&b, "\n`%s` is a link to `%s`.\n", name, target)
		}
	}
	for _, name := range e.head["executable"] {
		if name, ok := e.on(side, name); ok {
			fmt.Fprintf(&b, "\n`%s` may be executed.\n", name)
		}
	}
	return b.String()
}
