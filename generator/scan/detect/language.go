package detect

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// language reads the sources of one language.
type language interface {
	// name is for people: "Node.js".
	name() string
	// runs reports whether a runtime identifier runs this language.
	runs(runtime string) bool
	// source reports whether a file is code in this language rather than tooling.
	source(f *file) bool
	// find returns every handler that Lambda could call.
	find(t *tree) []candidate
	// runtime is the runtime of a candidate; what is no version of Lambda's is
	// reported by its second result.
	runtime(t *tree, entry *file) (model.Choice, *mismatch)
	// locate finds the file that a handler from function.yaml names. wanted says
	// which files would do; it is empty where the handler cannot be checked.
	locate(t *tree, handler string) (entry *file, wanted string)
	// malformed is how a handler is written where the runtime cannot take this one
	// apart; it is empty where it can, and where no runtime looks at it.
	malformed(handler string) (form string)
	// sought says in a problem what was searched for.
	sought() string
}

// languages is every language, in the order in which problems name them.
var languages = []language{node{}, python{}, golang{}, java{}, dotnet{}, ruby{}, rust{}, bootstrap{}}

// candidate is a handler that was found.
type candidate struct {
	language language
	file     *file
	offset   int
	handler  string // as Lambda takes it
	evidence string // "index.mjs exports handler"
	rank     int    // 0 is the name that everybody uses
	weak     bool   // possible, not sure
	entry    *file  // what a build starts from; file where nil
	from     *file  // the module that a handler is only exported again from
}

func (c candidate) start() *file {
	if c.entry != nil {
		return c.entry
	}
	return c.file
}

// mismatch is a version that the files ask for and Lambda has no runtime for.
type mismatch struct {
	place diag.Place
	text  string
	hint  string
}

// candidates asks the given languages.
func (t *tree) candidates(among []language) []candidate {
	var all []candidate
	for _, l := range among {
		all = append(all, l.find(t)...)
	}
	return all
}

// languagesOf is every language that a runtime identifier runs.
func languagesOf(runtime string) []language {
	var list []language
	for _, l := range languages {
		if l.runs(runtime) {
			list = append(list, l)
		}
	}
	return list
}

// reject is the candidates that out does not name.
func reject(list []candidate, out func(candidate) bool) []candidate {
	var kept []candidate
	for _, c := range list {
		if !out(c) {
			kept = append(kept, c)
		}
	}
	return kept
}
