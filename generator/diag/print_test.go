package diag

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

// shown is a set of problems that has whatever a printer must cope with.
func shown() ([]Problem, *Sources) {
	sources := &Sources{}
	sources.Add("functions/orders/function.yaml", []byte("runtime: nodejs24.x\n\tmemory:\t64\nname: 世界 é\u0301 x\n"))
	sources.Add("foldstack.yaml", []byte("\ufeffproject: a\r\nproject: b\r\n"))
	sources.Add("long.yaml", []byte(strings.Repeat("word ", 60)+"HERE"+strings.Repeat(" more", 60)+"\n"+strings.Repeat("世", 200)+"\n"))
	sources.Add("odd.yaml", []byte("a: \x1b[31mred\u202e \xff x\n"))
	return []Problem{
		{Rule: "wrong-value", Place: Place{"functions/orders/function.yaml", 2, 10}, Text: `memory is a whole number from 128 to 10240, not "64"`, Hint: "the unit is MB"},
		{Rule: "wide", Place: Place{"functions/orders/function.yaml", 3, 12}, Text: "wide and combining runes before the caret"},
		{
			Rule: "duplicate-key", Place: Place{"foldstack.yaml", 2, 1}, Text: `the key "project" is there twice`, Hint: "keep one\nof the two",
			Notes: []Note{{Place{"foldstack.yaml", 1, 1}, "the first one"}, {Place{"other.yaml", 3, 0}, "a file without source"}},
		},
		{Rule: "long", Place: Place{"long.yaml", 1, 301}, Text: "a long line is cut around the column"},
		{Rule: "long", Place: Place{"long.yaml", 1, 1}, Text: "at its beginning"},
		{Rule: "long", Place: Place{"long.yaml", 1, 605}, Text: "behind its end"},
		{Rule: "long", Place: Place{"long.yaml", 2, 150}, Text: "with wide runes"},
		{Rule: "control", Place: Place{"odd.yaml", 1, 15}, Text: "a text with \x1b[0m in it", Hint: "\u202eevil"},
		{Rule: "folder", Place: Place{File: "functions/empty"}, Text: "a folder has no lines"},
		{Rule: "line", Place: Place{File: "foldstack.yaml", Line: 1}, Text: "a line without a column"},
		{Rule: "far", Place: Place{"foldstack.yaml", 99, 1}, Text: "a line that the file has not"},
		{Text: "a problem of nowhere"},
	}, sources
}

func TestTextShowsExcerptsCaretsNotesAndHints(t *testing.T) {
	problems, sources := shown()
	var plain, colored bytes.Buffer
	require.NoError(t, WriteText(&plain, problems, sources, false))
	require.NoError(t, WriteText(&colored, problems, sources, true))
	golden(t, "problems.txt", plain.Bytes())
	golden(t, "problems.ansi", colored.Bytes())

	withoutColor := colored.String()
	for _, style := range []string{styleReset, styleBold, styleDim, styleRed, styleCyan} {
		withoutColor = strings.ReplaceAll(withoutColor, style, "")
	}
	assert.Equal(t, plain.String(), withoutColor, "colour changes nothing else")
	assert.NotContains(t, plain.String(), "\x1b")
}

func TestJSONHasAllKeysAndNoNulls(t *testing.T) {
	problems, _ := shown()
	var out bytes.Buffer
	require.NoError(t, WriteJSON(&out, problems))
	golden(t, "problems.json", out.Bytes())
	assert.True(t, json.Valid(out.Bytes()))
	assert.NotContains(t, out.String(), "null")

	out.Reset()
	require.NoError(t, WriteJSON(&out, nil))
	assert.Equal(t, "{\n  \"problems\": []\n}\n", out.String())
}

func TestEveryGoldenFileIsMade(t *testing.T) {
	files, err := filepath.Glob("testdata/problems.*")
	require.NoError(t, err)
	assert.Equal(t, []string{"testdata/problems.ansi", "testdata/problems.github", "testdata/problems.json", "testdata/problems.sarif", "testdata/problems.txt"}, files)
}

func TestTextWithoutSourcesHasNoExcerpt(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, WriteText(&out, []Problem{{Rule: "r", Place: Place{"a", 1, 1}, Text: "t"}}, nil, false))
	assert.Equal(t, "a:1:1: t [r]\n", out.String())
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestPrintersReturnTheWritersError(t *testing.T) {
	problems, sources := shown()
	assert.ErrorContains(t, WriteText(brokenWriter{}, problems, sources, false), "disk full")
	assert.ErrorContains(t, WriteJSON(brokenWriter{}, problems), "disk full")
	assert.ErrorContains(t, WriteGitHub(brokenWriter{}, problems), "disk full")
	assert.ErrorContains(t, WriteSARIF(brokenWriter{}, problems, nil), "disk full")
}

func TestSourcesGiveLinesWithoutTheirBreaks(t *testing.T) {
	var s Sources
	s.Add("a", []byte("\ufeffone\r\ntwo\n"))
	for line, want := range map[int]string{1: "one", 2: "two", 3: ""} {
		got, ok := s.Line("a", line)
		assert.True(t, ok)
		assert.Equal(t, want, got)
	}
	for _, line := range []int{-1, 0, 4} {
		_, ok := s.Line("a", line)
		assert.False(t, ok, "line %d", line)
	}
	_, ok := s.Line("b", 1)
	assert.False(t, ok)
}

func TestSourcesMayBeUsedByManyGoroutines(t *testing.T) {
	var s Sources
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			name := fmt.Sprint(i % 10)
			s.Add(name, []byte("a\nb"))
			line, ok := s.Line(name, 2)
			assert.True(t, ok)
			assert.Equal(t, "b", line)
		})
	}
	wg.Wait()
}

func TestSuggestGuessesWhatWasMeant(t *testing.T) {
	keys := []string{"memory", "timeout", "handler", "environment", "environments", "events", "only", "runtime", "tracing", "sns", "sqs", "name"}
	for word, want := range map[string]string{
		"memroy": "memory", "Memory": "memory", "MEMORY": "memory", "memorySize": "memory", "eventSource": "events", "lambdaHandler": "handler", "timeOut": "timeout", "time_out": "timeout", "handlr": "handler",
		"env": "environment", "enviroment": "environment", "environmnets": "environments", "event": "events", "sqss": "sqs", "nmae": "name", "sn": "",
		"x": "", "": "", "zebra": "", "runtimes": "runtime", "tracng": "tracing", "ony": "only",
	} {
		got, ok := Suggest(word, keys)
		assert.Equal(t, want, got, "%q", word)
		assert.Equal(t, want != "", ok, "%q", word)
	}
	for word, want := range map[string]string{"Url": "", "Name": "", "httpApi": "http", "http": "", "Arns": "Arn"} {
		got, _ := Suggest(word, []string{"QueueUrl", "QueueName", "http", "Arn"})
		assert.Equal(t, want, got, "%q", word)
	}
	got, _ := Suggest("sxs", []string{"sqs", "sns"})
	assert.Equal(t, "sns", got, "of equally near ones the first in the alphabet")
}

func displayWidth(s string) int {
	width := 0
	for _, r := range s {
		width += runeWidth(r)
	}
	return width
}

// FuzzWriteText wants whole lines without control characters, the caret within
// an excerpt that is not too wide, and no panic.
func FuzzWriteText(f *testing.F) {
	f.Add("a: b", "text", 1, 1)
	f.Add("\t世é\u0301\x1b\xff", "\x00\n", 1, 4)
	f.Add(strings.Repeat("世\u0301\t", 100), "x", 1, 250)
	f.Add("a\nb", "x", 2, -5)
	f.Fuzz(func(t *testing.T, source, text string, line, column int) {
		var sources Sources
		sources.Add("f", []byte(source))
		problems := []Problem{{Rule: "r", Place: Place{"f", line, column}, Text: text, Hint: text, Notes: []Note{{Place{"f", 1, column}, text}}}}
		var out bytes.Buffer
		if err := WriteText(&out, problems, &sources, false); err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(out.Bytes()) || bytes.ContainsFunc(out.Bytes(), func(r rune) bool { return r != '\n' && hidden(r) }) {
			t.Fatalf("%q is not fit for a terminal", out.String())
		}
		for _, l := range strings.Split(source, "\n") {
			shown, caret := cut(cells(l), column-1)
			if width := displayWidth(shown); width > excerptWidth+2 || caret > width {
				t.Fatalf("%q is %d wide, the caret at %d", shown, width, caret)
			}
		}
	})
}
