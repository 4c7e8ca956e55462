package detect_test

import (
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/scan/detect"
)

var update = flag.Bool("update", false, "rewrite what the archives in testdata expect")

// dir is where the folder of every case lies.
const dir = "functions/orders"

// TestFolders runs one case per archive. The comment says what is shown, and may
// hold lines "said: key value" and "executable: path". A file above/x lies in the
// project's root; the file "want" is what is expected.
func TestFolders(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(archives), 60)
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			require.NoError(t, err)
			c := readCase(t, archive)
			got := describe(c.folder, c.said)
			if *update {
				c.write(t, name, archive, got)
				return
			}
			assert.Equal(t, c.want, got)
		})
	}
}

type testCase struct {
	folder detect.Folder
	said   detect.Said
	want   string
}

func readCase(t *testing.T, archive *txtar.Archive) testCase {
	c := testCase{folder: detect.Folder{Dir: dir}}
	above := map[string][]byte{}
	executable := map[string]bool{}
	for line := range strings.Lines(string(archive.Comment)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 3 && fields[0] == "said:" && fields[1] == "runtime":
			c.said.Runtime = fields[2]
		case len(fields) == 3 && fields[0] == "said:" && fields[1] == "handler":
			c.said.Handler = fields[2]
		case len(fields) == 3 && fields[0] == "said:" && fields[1] == "dockerfile":
			c.said.Dockerfile = fields[2]
		case len(fields) > 2 && fields[0] == "said:" && fields[1] == "build":
			c.said.Build = strings.Join(fields[2:], " ")
		case len(fields) == 2 && fields[0] == "executable:":
			executable[fields[1]] = true
		default:
			require.False(t, strings.HasPrefix(line, "said:") || strings.HasPrefix(line, "executable:"), line)
		}
	}
	c.said.Place = diag.Place{File: dir}
	if c.said.Runtime+c.said.Handler+c.said.Dockerfile+c.said.Build != "" {
		c.said.Place = diag.Place{File: path.Join(dir, "function.yaml"), Line: 1, Column: 1}
	}
	for _, f := range archive.Files {
		rest, isAbove := strings.CutPrefix(f.Name, "above/")
		switch {
		case f.Name == "want":
			c.want = string(f.Data)
		case isAbove:
			above[rest] = f.Data
		default:
			if f.Name == "function.yaml" {
				c.said.Place.File = path.Join(dir, "function.yaml")
			}
			c.folder.Files = append(c.folder.Files, detect.File{Path: f.Name, Data: f.Data, Executable: executable[f.Name]})
		}
	}
	slices.SortFunc(c.folder.Files, func(a, b detect.File) int { return strings.Compare(a.Path, b.Path) })
	c.folder.Above = func(name string) (string, []byte, bool) {
		data, ok := above[name]
		return name, data, ok
	}
	return c
}

func (c testCase) write(t *testing.T, name string, archive *txtar.Archive, got string) {
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got)})
	require.NoError(t, os.WriteFile(name, txtar.Format(archive), 0o644))
}

// describe is everything that detection says of a folder, for reading.
func describe(folder detect.Folder, said detect.Said) string {
	var b strings.Builder
	code := detect.Look(folder, said)
	if !code.Found {
		fmt.Fprintf(&b, "no function: %s\n", code.Reason)
	}
	var problems diag.Problems
	r := detect.Function(folder, said, &problems)
	if code.Found || said.Place.Line > 0 {
		describeResult(&b, r)
		for _, p := range problems.Sorted() {
			fmt.Fprintf(&b, "problem %s at %s: %s\n  hint: %s\n", p.Rule, p.Place, p.Text, p.Hint)
			for _, n := range p.Notes {
				fmt.Fprintf(&b, "  %s: %s\n", n.Place, n.Text)
			}
		}
	}
	return b.String()
}

func describeResult(b *strings.Builder, r detect.Result) {
	if r.Package == model.Image {
		fmt.Fprintf(b, "image %s (%s, %s at %s)\n", r.Dockerfile, r.Runtime.Origin, r.Runtime.Evidence, r.Runtime.Place)
		return
	}
	for _, c := range []struct {
		name   string
		choice model.Choice
	}{{"runtime", r.Runtime}, {"handler", r.Handler}} {
		if c.choice.Value == "" {
			continue
		}
		fmt.Fprintf(b, "%s %s (%s", c.name, c.choice.Value, c.choice.Origin)
		if c.choice.Evidence != "" {
			fmt.Fprintf(b, ", %s", c.choice.Evidence)
		}
		fmt.Fprintf(b, " at %s)\n", c.choice.Place)
	}
	if r.Entry != "" {
		fmt.Fprintf(b, "entry %s\n", r.Entry)
	}
}
