package detect

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// decision turns candidates and what was said into a Result.
type decision struct {
	tree     *tree
	problems *diag.Problems
}

// saidImage: function.yaml names a Dockerfile.
func (d decision) saidImage() Result {
	t, said := d.tree, d.tree.said
	name := path.Clean(said.Dockerfile)
	if t.file(name) == nil {
		d.problems.Addf("no-such-file", said.dockerfilePlace(),
			"write the path of a file in this folder, relative to the folder",
			"there is no file %s in %s", said.Dockerfile, t.folder.Dir)
	}
	for _, key := range []struct {
		name, value string
		place       diag.Place
	}{
		{"runtime", said.Runtime, said.runtimePlace()},
		{"handler", said.Handler, said.handlerPlace()},
	} {
		if key.value != "" {
			d.problems.Addf("image-and-archive", key.place,
				"remove "+key.name+": or dockerfile:; an image says what it runs by its CMD",
				"an image has no %s, but both dockerfile: and %s: are set", key.name, key.name)
		}
	}
	choice := model.Choice{Origin: model.Said, Evidence: "dockerfile: " + said.Dockerfile, Place: said.dockerfilePlace()}
	return Result{Package: model.Image, Runtime: choice, Dockerfile: name, Entry: name}
}

// withRuntime: function.yaml names the runtime.
func (d decision) withRuntime() Result {
	said := d.tree.said
	r := Result{
		Package: model.Zip,
		Runtime: model.Choice{Value: said.Runtime, Origin: model.Said, Place: said.runtimePlace()},
	}
	if said.Handler != "" {
		r.Handler = model.Choice{Value: said.Handler, Origin: model.Said, Place: said.handlerPlace()}
	}
	if !knownRuntime(said.Runtime) {
		d.unknownRuntime()
		return r
	}
	among := languagesOf(said.Runtime)
	if said.Handler != "" {
		r.Entry = d.entry(among)
		return r
	}
	if c, ok := d.one(among); ok {
		r.Handler, r.Entry = d.handler(c), c.start().Path
	}
	return r
}

func (d decision) unknownRuntime() {
	said := d.tree.said
	hint := "the current runtimes are " + strings.Join(currentRuntimes(), ", ")
	if said.Runtime == "go1.x" {
		hint = "go1.x is gone: set runtime: " + osOnly
	} else if near, ok := diag.Suggest(said.Runtime, currentRuntimes()); ok {
		hint = "did you mean " + near + "?"
	}
	d.problems.Addf("unknown-runtime", said.runtimePlace(), hint, "Lambda has no runtime %s", said.Runtime)
}

// entry is the file that a said handler names or, in a compiled language, the one
// program that there is.
func (d decision) entry(among []language) string {
	t, handler := d.tree, d.tree.said.Handler
	if !d.nameable(handler, t.said.handlerPlace(), "rename what it names, or correct it") {
		return ""
	}
	for _, l := range among {
		if form := l.malformed(handler); form != "" {
			d.malformed(l, form)
			return ""
		}
		f, wanted := l.locate(t, handler)
		if f != nil {
			return f.Path
		}
		if wanted != "" && t.said.Build == "" {
			d.missing(l, wanted)
			return ""
		}
	}
	if found := best(t.candidates(slices.DeleteFunc(slices.Clone(among), interpreted))); len(found) == 1 {
		return found[0].start().Path
	}
	return ""
}

// interpreted languages name a file in their handler.
func interpreted(l language) bool {
	switch l.(type) {
	case node, python, ruby:
		return true
	}
	return false
}

func (d decision) missing(l language, wanted string) {
	t := d.tree
	hint := d.instead(l, "a handler names a source file by its path in the folder; a build keeps that path")
	d.problems.Addf("handler-file-missing", t.said.handlerPlace(), hint,
		"the handler %s is not in %s: there is no %s", t.said.Handler, t.folder.Dir, wanted)
}

func (d decision) malformed(l language, form string) {
	d.problems.Addf("handler-form", d.tree.said.handlerPlace(), d.instead(l, "write it so, or leave handler: out where the code has one"),
		"%s is no handler in %s, which takes %s", d.tree.said.Handler, l.name(), form)
}

// instead is the hint that names the handler that the code has.
func (d decision) instead(l language, otherwise string) string {
	if found := best(d.tree.candidates([]language{l})); len(found) == 1 {
		return fmt.Sprintf("%s: leave handler: out, or set handler: %s", found[0].evidence, found[0].handler)
	}
	return otherwise
}

// withHandler: function.yaml names the handler alone; the language is the one in
// which it names a file.
func (d decision) withHandler() Result {
	t, said := d.tree, d.tree.said
	r := Result{Package: model.Zip, Handler: model.Choice{Value: said.Handler, Origin: model.Said, Place: said.handlerPlace()}}
	var found []candidate
	for _, l := range languages {
		if f, _ := l.locate(t, said.Handler); f != nil {
			found = append(found, candidate{language: l, file: f, evidence: f.Path})
		}
	}
	if len(found) == 0 {
		found = best(t.candidates(languages))
	}
	switch among := languagesIn(found); {
	case len(among) == 0:
		d.runtimeNeeded()
	case len(among) > 1:
		d.ambiguousRuntime(found)
	default:
		r.Runtime, r.Entry = d.runtime(among[0], found[0].start()), d.entry(among)
	}
	return r
}

func (d decision) runtimeNeeded() {
	t := d.tree
	d.problems.Add(diag.Problem{
		Rule:  "runtime-needed",
		Place: t.said.handlerPlace(),
		Text:  fmt.Sprintf("handler: %s names no file in %s, so the runtime is not known", t.said.Handler, t.folder.Dir),
		Hint:  "set runtime: as well, or correct handler:",
		Notes: t.notes(),
	})
}

// fromFiles: function.yaml says neither.
func (d decision) fromFiles() Result {
	r := Result{Package: model.Zip}
	c, ok := d.one(languages)
	if !ok {
		return r
	}
	r.Runtime, r.Handler, r.Entry = d.runtime(c.language, c.start()), d.handler(c), c.start().Path
	return r
}

// one is the only candidate that remains; where none or several do, it reports so.
func (d decision) one(among []language) (candidate, bool) {
	found := best(d.tree.candidates(among))
	switch {
	case len(found) == 0:
		d.noHandler(among)
	case len(languagesIn(found)) > 1:
		d.ambiguousRuntime(found)
	case len(found) > 1:
		d.ambiguousHandler(found)
	default:
		return found[0], true
	}
	return candidate{}, false
}

// best is the candidates of the highest standing: sure before possible, and
// within each language the better name, then the nearer file.
func best(found []candidate) []candidate {
	if slices.ContainsFunc(found, func(c candidate) bool { return !c.weak }) {
		found = reject(found, func(c candidate) bool { return c.weak })
	}
	var kept []candidate
	for _, l := range languagesIn(found) {
		own := reject(found, func(c candidate) bool { return c.language != l })
		first := slices.MinFunc(own, candidate.compare)
		kept = append(kept, reject(own, func(c candidate) bool { return c.compare(first) != 0 })...)
	}
	return kept
}

func (c candidate) compare(d candidate) int {
	if c.rank != d.rank {
		return c.rank - d.rank
	}
	return int(c.start().tier) - int(d.start().tier)
}

func languagesIn(found []candidate) []language {
	var list []language
	for _, c := range found {
		if !slices.Contains(list, c.language) {
			list = append(list, c.language)
		}
	}
	return list
}

// maxHandler is the length that Lambda allows; a handler holds no white space.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#lambda-CreateFunction-request-Handler
const maxHandler = 128

func (d decision) nameable(handler string, place diag.Place, hint string) bool {
	if len(handler) <= maxHandler && !strings.ContainsAny(handler, " \t\r\n\v\f") {
		return true
	}
	d.problems.Addf("handler-name", place, hint,
		"Lambda cannot take %q for a handler: it may have at most %d characters (this has %d) and no white space", handler, maxHandler, len(handler))
	return false
}

func (d decision) handler(c candidate) model.Choice {
	t := d.tree
	place := t.place(c.file, c.offset)
	d.nameable(c.handler, place, "rename the file or its folder")
	if _, custom := c.language.(bootstrap); custom && !c.file.Executable {
		d.problems.Addf("bootstrap-not-executable", place, "chmod +x "+path.Join(t.folder.Dir, c.file.Path),
			"Lambda starts bootstrap, but the file is not executable")
	}
	return model.Choice{Value: c.handler, Origin: model.Detected, Evidence: c.evidence, Place: place}
}

func (d decision) runtime(l language, entry *file) model.Choice {
	choice, bad := l.runtime(d.tree, entry)
	if bad != nil {
		d.problems.Addf("no-runtime-for-version", bad.place, bad.hint, "%s", bad.text)
	}
	return choice
}
