package check

import (
	"github.com/foldstack/foldstack/generator/check/link"
	"github.com/foldstack/foldstack/generator/check/quota"
	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/parallel"
	"github.com/foldstack/foldstack/generator/template"
)

// templateRules are all rules on the templates of an output.
var templateRules = []func([]*template.Document, *diag.Problems){link.Check, quota.Check, schema.Check, WrittenRuntimes}

// Templates runs every rule on the templates of an output and adds what they find
// to problems.
func Templates(documents []*template.Document, problems *diag.Problems) {
	parallel.Each(len(templateRules), func(i int) { templateRules[i](documents, problems) })
}

// References runs the rules that hold for templates of others: what CloudFormation
// refuses whoever deploys them.
func References(documents []*template.Document, problems *diag.Problems) {
	link.References(documents, problems)
}

// Written runs the rules that need nothing but the entry that a user wrote: not what
// it is named by, nor what a project without problems would add.
func Written(documents []*template.Document, problems *diag.Problems) {
	schema.Check(documents, problems)
	WrittenRuntimes(documents, problems)
}
