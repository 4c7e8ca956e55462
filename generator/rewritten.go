package generator

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/template"
)

// extensions is the macro that adds functions, and loops, which are noted by themselves.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
const extensions = "AWS::LanguageExtensions"

// rewrittenNotes name what CloudFormation rewrites before it deploys a template: what that
// makes is in no estate, so that nothing is proved of it. The hint says what to do.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
func rewrittenNotes(documents []*template.Document, hint string) []proof.Note {
	var notes []proof.Note
	for _, d := range documents {
		told := map[string]bool{extensions: true}
		add := func(name string, place diag.Place) {
			if !told[name] {
				told[name] = true
				notes = append(notes, proof.Note{Place: place, Text: "what " + name + " makes of it is not known here, so that nothing of that is proved", Hint: hint})
			}
		}
		for _, m := range d.Macros {
			add(m.Name, m.Node.Place)
		}
		for i := range d.Resources {
			if r := &d.Resources[i]; strings.HasPrefix(r.Name, "Fn::ForEach::") {
				add(r.Name, r.Place)
			}
		}
	}
	return notes
}
