package diag

import (
	"encoding/json"
	"io"
)

// The JSON shape is a contract with programs: keys are only ever added.
type (
	jsonReport struct {
		Problems []jsonProblem `json:"problems"`
	}
	jsonProblem struct {
		Rule   string     `json:"rule"`
		File   string     `json:"file"`
		Line   int        `json:"line"`
		Column int        `json:"column"`
		Text   string     `json:"text"`
		Hint   string     `json:"hint"`
		Notes  []jsonNote `json:"notes"`
	}
	jsonNote struct {
		File   string `json:"file"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
		Text   string `json:"text"`
	}
)

// WriteJSON writes problems for programs, in the given order, as one object:
//
//	{"problems": [{
//	  "rule": "unknown-key",            kebab-case, stable
//	  "file": "functions/a/function.yaml",  slash-separated, relative to the project; "" when unknown
//	  "line": 3, "column": 1,           counted from 1, in runes; 0 when unknown
//	  "text": "…", "hint": "…",         for people; hint may be ""
//	  "notes": [{"file": …, "line": …, "column": …, "text": …}]
//	}]}
//
// Every key is always there, and lists are never null.
func WriteJSON(w io.Writer, problems []Problem) error {
	report := jsonReport{Problems: make([]jsonProblem, len(problems))}
	for i, p := range problems {
		out := jsonProblem{
			Rule: p.Rule, File: p.Place.File, Line: p.Place.Line, Column: p.Place.Column,
			Text: p.Text, Hint: p.Hint, Notes: make([]jsonNote, len(p.Notes)),
		}
		for j, n := range p.Notes {
			out.Notes[j] = jsonNote{File: n.Place.File, Line: n.Place.Line, Column: n.Place.Column, Text: n.Text}
		}
		report.Problems[i] = out
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(report)
}
