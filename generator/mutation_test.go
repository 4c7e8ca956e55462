package generator

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/scan"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/stack"
	"github.com/foldstack/foldstack/generator/template"
)

// A defect is one thing that is made wrong in what is right: in a generated set, or
// in the files that it is generated from. The catalogues stand in files of their own:
// defects_templates_test.go, defects_pipeline_test.go, defects_schema_test.go,
// defects_quota_test.go, defects_inputs_test.go and defects_policies_test.go.
type defect struct {
	what  string // a sentence
	plant plant
	rule  string // which has to find it
	text  string // a part of what it says
}

// plant makes a defect in a set of files.
type plant func(t *testing.T, files map[string]string)

// edit takes old text for new where it first stands in a file.
func edit(file, old, new string) plant { return editNth(1, file, old, new) }

// editNth takes old text for new where it stands for the nth time.
func editNth(n int, file, old, new string) plant {
	return func(t *testing.T, files map[string]string) {
		t.Helper()
		parts := strings.SplitAfterN(files[file], old, n+1)
		require.Len(t, parts, n+1, "%s has no %q any more: the entry needs another text", file, old)
		parts[n-1] = strings.TrimSuffix(parts[n-1], old) + new
		files[file] = strings.Join(parts, "")
	}
}

// editAll takes old text for new wherever it stands in a file.
func editAll(file, old, new string) plant {
	return func(t *testing.T, files map[string]string) {
		t.Helper()
		require.Contains(t, files[file], old, "%s needs another text", file)
		files[file] = strings.ReplaceAll(files[file], old, new)
	}
}

// again takes what first matches in a file for what matches there next.
func again(file string, pattern *regexp.Regexp) plant {
	return func(t *testing.T, files map[string]string) {
		t.Helper()
		matches := pattern.FindAllString(files[file], 2)
		require.Len(t, matches, 2, file)
		files[file] = strings.Replace(files[file], matches[1], matches[0], 1)
	}
}

// cut removes what stands from one text up to the next other one.
func cut(file, from, to string) plant {
	return func(t *testing.T, files map[string]string) {
		t.Helper()
		before, rest, found := strings.Cut(files[file], from)
		_, after, closed := strings.Cut(rest, to)
		require.True(t, found && closed, "%s has no %q … %q any more", file, from, to)
		files[file] = before + to + after
	}
}

// add puts text at the end of a file, or makes the file.
func add(file, text string) plant {
	return func(_ *testing.T, files map[string]string) { files[file] += text }
}

// remove removes a file.
func remove(file string) plant {
	return func(t *testing.T, files map[string]string) {
		t.Helper()
		require.Contains(t, files, file)
		delete(files, file)
	}
}

// all makes several edits that are one defect.
func all(plants ...plant) plant {
	return func(t *testing.T, files map[string]string) {
		t.Helper()
		for _, p := range plants {
			p(t, files)
		}
	}
}

// generatedSet is the output of a project that is right: its files, and its templates
// as they are read from those.
type generatedSet struct {
	project   *model.Project
	files     map[string]string
	documents []*template.Document
}

// shippedSet is what the repository's own project generates.
var shippedSet = sync.OnceValues(func() (generatedSet, error) { return generate(context.Background(), "..") })

func generate(ctx context.Context, root string) (generatedSet, error) {
	var problems diag.Problems
	project, err := scan.Scan(ctx, scan.Options{Root: root, Problems: &problems, Sources: &diag.Sources{}})
	if err != nil {
		return generatedSet{}, err
	}
	r := newRendering(project, &problems)
	if _, err := r.build(ctx, stack.Lock{}); err != nil {
		return generatedSet{}, err
	}
	set := generatedSet{project: project, files: map[string]string{}}
	for _, f := range r.files {
		set.files[f.Path] = string(f.Data)
	}
	for _, d := range r.documents {
		set.documents = append(set.documents, reread(d, set.files[d.Path], &problems))
	}
	if list := problems.Sorted(); len(list) > 0 {
		return generatedSet{}, fmt.Errorf("the project has problems: %v", list)
	}
	return set, nil
}

// reread reads a rendered template in the place of the generated one: its entries are
// nobody's, and what it nests is called as before.
func reread(d *template.Document, text string, problems *diag.Problems) *template.Document {
	read := template.Written(d.Path, source.Parse(d.Path, []byte(text), problems), len(text), problems)
	for _, section := range []*[]template.Entry{&read.Parameters, &read.Mappings, &read.Conditions, &read.Resources, &read.Outputs} {
		for i, e := range *section {
			(*section)[i] = template.Entry{Name: e.Name, Value: e.Value, Place: read.Place}
		}
	}
	read.Key, read.Deployed, read.Regions, read.Children, read.Files, read.Declared = d.Key, d.Deployed, d.Regions, d.Children, d.Files, d.Declared
	return read
}

// problems runs the rules on the set with a defect in it and, where they find nothing,
// proves the permissions.
func (s generatedSet) problems(t *testing.T, plant plant) []diag.Problem {
	t.Helper()
	var problems diag.Problems
	documents := s.with(t, plant, &problems)
	check.Templates(documents, &problems)
	if problems.Empty() {
		found := prove(s.project, documents, nil, &problems)
		found.Report(&problems)
		found.ReportSurplus(&problems, func(*proof.Document) bool { return true })
	}
	return problems.Sorted()
}

// with is the documents of the set with a defect in it.
func (s generatedSet) with(t *testing.T, plant plant, problems *diag.Problems) []*template.Document {
	t.Helper()
	files := maps.Clone(s.files)
	plant(t, files)
	documents := map[string]*template.Document{}
	for _, d := range s.documents {
		changed := *d
		if files[d.Path] != s.files[d.Path] {
			changed = *reread(d, files[d.Path], problems)
		}
		documents[d.Path] = &changed
	}
	require.Empty(t, problems.Sorted(), "the defect leaves no template")
	beside := map[string][]byte{}
	for name, text := range files {
		if documents[name] == nil {
			beside[name] = []byte(text)
		}
	}
	var list []*template.Document
	for _, d := range s.documents {
		changed := documents[d.Path]
		changed.Children = map[string]*template.Document{}
		for id, child := range d.Children {
			changed.Children[id] = documents[child.Path]
		}
		if d.Files != nil {
			changed.Files = beside
		}
		list = append(list, changed)
	}
	return list
}

func TestASetWithoutADefectHasNoProblems(t *testing.T) {
	set, err := shippedSet()
	require.NoError(t, err)
	assert.Empty(t, set.problems(t, all()))
}

// assertAllSeen plants the defects one at a time into a generated set.
func assertAllSeen(t *testing.T, defects []defect) {
	t.Helper()
	set, err := shippedSet()
	require.NoError(t, err)
	for _, d := range defects {
		t.Run(d.what, func(t *testing.T) {
			t.Parallel()
			assertSeen(t, d, set.problems(t, d.plant))
		})
	}
}

func assertSeen(t *testing.T, d defect, list []diag.Problem) {
	t.Helper()
	assert.True(t, slices.ContainsFunc(list, d.is), "%s should say %q, and there is: %v", d.rule, d.text, list)
}

// is reports whether a problem is what the defect should give.
func (d defect) is(p diag.Problem) bool { return p.Rule == d.rule && strings.Contains(p.Text, d.text) }

func TestTheCatalogueOfDefectsIsLongAndSaysNothingTwice(t *testing.T) {
	list := slices.Concat(templateDefects, pipelineDefects, schemaDefects, quotaDefects, policyDefects, inputDefects)
	assert.GreaterOrEqual(t, len(list), 100)
	said := map[string]bool{}
	for _, d := range list {
		assert.False(t, said[d.what], "%q stands there twice", d.what)
		said[d.what] = true
	}
}
