package generator

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/scan"
	"github.com/foldstack/foldstack/generator/stack"
	"github.com/foldstack/foldstack/generator/template"
)

// proved is a project that was put to the proof.
type proved struct {
	project   *model.Project
	documents []*template.Document
	set       *proof.Set
	proof     *proof.Proof
}

// provedProjects are the projects whose policies are changed, each with what only it has.
var provedProjects = []struct{ name, root string }{
	{"the shipped project", ".."},
	{"images", golden("images")},
	{"one-account-two-environments", golden("one-account-two-environments")},
	{"tooling-is-a-target", golden("tooling-is-a-target")},
	{"govcloud", golden("govcloud")},
}

func golden(name string) string { return filepath.Join("testdata", name) }

// proofs are made once for all tests.
var proofs sync.Map // root -> func() (*proved, error)

func provedAt(t testing.TB, root string) *proved {
	t.Helper()
	once, _ := proofs.LoadOrStore(root, sync.OnceValues(func() (*proved, error) { return putToTheProof(root) }))
	p, err := once.(func() (*proved, error))()
	require.NoError(t, err)
	return p
}

// prove puts templates to the proof, in which no rule found anything wrong.
func prove(p *model.Project, documents []*template.Document, levels []proof.Level, problems *diag.Problems) *proof.Proof {
	return proof.Prove(setOf(p, documents, levels, problems))
}

func putToTheProof(root string) (*proved, error) {
	var problems diag.Problems
	project, err := scan.Scan(context.Background(), scan.Options{Root: root, Problems: &problems, Sources: &diag.Sources{}})
	if err != nil {
		return nil, err
	}
	r := newRendering(project, &problems)
	if _, err := r.build(context.Background(), stack.Lock{}); err != nil {
		return nil, err
	}
	p := &proved{project: project, documents: r.documents}
	p.set = setOf(project, r.documents, nil, &problems)
	p.proof = proof.Prove(p.set)
	if list := problems.Sorted(); len(list) > 0 {
		return nil, fmt.Errorf("%s has problems: %v", root, list)
	}
	return p, nil
}

// demands are all demands of a project.
func (p *proved) demands() []*demand.Demand {
	lists := [][]demand.Demand{p.set.Demands}
	for i := range p.set.Classes {
		lists = append(lists, p.set.Classes[i].Demands)
	}
	var all []*demand.Demand
	for _, list := range lists {
		for i := range list {
			all = append(all, &list[i])
		}
	}
	return all
}
