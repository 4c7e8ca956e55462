package event

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/source"
)

// The reference of the kinds is written from the table that the decoders are tested
// against, and from what their examples build.
func TestTheReferenceIsMadeFromTheTable(t *testing.T) {
	page := filepath.Join("..", "..", "docs", "events.md")
	got := reference(t)
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(got), 0o644))
	}
	want, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "docs/events.md is stale: run `make golden`")
}

const preface = `<!-- Generated from generator/event by its tests. Do not edit: change the table there and run make golden. -->

# Events

What calls a function stands under ` + "`events:`" + ` in its ` + "`function.yaml`" + `: a list in which each entry is one kind and its value.
Events call the alias ` + "`live`" + `; only an AWS Config rule calls the function itself. What they need for it is as narrow as AWS
knows it: one route, topic, rule or queue, the default group of schedules, or the account for AWS Config.

Keys that take an ARN also take CloudFormation's tags on the function's ` + "`resources.yaml`" + ` (` + "`!Ref`, `!GetAtt`, `!Sub`" + `) and
` + "`!Output name.Output`" + ` for what another stack offers; see [configuration](configuration.md).

`

// reference is docs/events.md.
func reference(t *testing.T) string {
	var b strings.Builder
	b.WriteString(preface)
	b.WriteString("| kind | |\n|---|---|\n")
	for _, kind := range Kinds() {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", kind.Name, kind.Name, cell(kind.Doc))
	}
	for _, kind := range Kinds() {
		b.WriteString("\n" + chapter(t, kind))
	}
	return b.String()
}

// chapter is what there is to know of one kind.
func chapter(t *testing.T, kind Kind) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n\n", kind.Name, kind.Doc)
	fmt.Fprintf(&b, "```yaml\n# functions/worker/function.yaml\nevents:\n  - %s\n```\n\n", kind.Example)
	b.WriteString("| key | |\n|---|---|\n")
	for _, key := range kind.Keys {
		fmt.Fprintf(&b, "| `%s` | %s |\n", key.Name, cell(key.Doc))
	}
	for _, fact := range facts(t, kind) {
		b.WriteString("\n" + fact + "\n")
	}
	return b.String()
}

// facts are what the example and what it builds tell of a kind.
func facts(t *testing.T, kind Kind) []string {
	var list []string
	if short := shortForm(t, kind); short != "" {
		list = append(list, fmt.Sprintf("A single value stands for `%s`: `%s`.", kind.Keys[0].Name, short))
	}
	c, problems := build(t, kind.Example)
	require.Empty(t, problems, kind.Name)
	var actions []string
	for _, s := range c.Statements {
		actions = append(actions, s.Actions...)
	}
	if len(actions) > 0 {
		list = append(list, "The execution role gets "+words(actions)+".")
	}
	e, _ := decode(t, kind.Example)
	if outputs := e.Outputs(); len(outputs) > 0 {
		list = append(list, "Other stacks can take what the example makes: "+words(outputs)+".")
	}
	return append(list, "Can add: "+words(kind.Types)+".")
}

// shortForm is the example, or its first value, as a single value; empty where the
// kind has no such form.
func shortForm(t *testing.T, kind Kind) string {
	e, problems := decode(t, kind.Example)
	require.Empty(t, problems, kind.Name)
	value := e.Node()
	if value.Kind == source.Mapping {
		value = value.Get(kind.Keys[0].Name)
	}
	if value == nil || value.Kind != source.Scalar {
		return ""
	}
	short := kind.Name + ": " + value.Text
	if _, problems := decode(t, short); len(problems) > 0 {
		return ""
	}
	return short
}

// cell escapes what would end a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func words(list []string) string {
	quoted := make([]string, len(list))
	for i, w := range slices.Sorted(slices.Values(list)) {
		quoted[i] = "`" + w + "`"
	}
	return strings.Join(quoted, ", ")
}
