package generator

import (
	"bytes"
	"encoding/json"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/template"
)

// printed is everything that a proof says, as it is printed.
func printed(t *testing.T, p *proof.Proof, problems *diag.Problems) string {
	t.Helper()
	p.Report(problems)
	p.ReportUnproved(problems)
	p.ReportSurplus(problems, func(*proof.Document) bool { return true })
	var text bytes.Buffer
	require.NoError(t, diag.WriteText(&text, problems.Sorted(), &diag.Sources{}, false))
	said, err := json.MarshalIndent(p, "", "  ")
	require.NoError(t, err)
	return text.String() + string(said)
}

// Defects of every kind, so that there is much to say.
var severalDefects = all(
	withoutStatement(toolingFile, "Key", "OnlyServicesGrant"),
	withoutStatement(toolingFile, "Images", "LambdaPulls"),
	after(toolingFile, "Sid: TargetsDecrypt", second, ""),
	edit(ordersFile, "                  - dynamodb:GetItem\n", "                  - dynamodb:*\n"),
	edit(targetFile, "                  - cloudformation:ExecuteChangeSet\n", ""),
)

func TestAProofSaysTheSameTwiceOnOneThreadAndInWhateverOrderItIsGivenTemplates(t *testing.T) {
	set, err := shippedSet()
	require.NoError(t, err)
	said := func(order func([]*template.Document)) string {
		var problems diag.Problems
		documents := set.with(t, severalDefects, &problems)
		order(documents)
		return printed(t, prove(set.project, documents, nil, &problems), &problems)
	}
	first := said(func([]*template.Document) {})
	assert.Contains(t, first, missing)
	assert.Contains(t, first, forbidden)
	assert.Contains(t, first, surplus)
	assert.Equal(t, first, said(func([]*template.Document) {}), "twice")
	assert.Equal(t, first, said(func(d []*template.Document) { slices.Reverse(d) }), "backwards")
	assert.Equal(t, first, said(func(d []*template.Document) { d[0], d[len(d)/2] = d[len(d)/2], d[0] }), "two of them changed")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	assert.Equal(t, first, said(func([]*template.Document) {}), "on one thread")
}
