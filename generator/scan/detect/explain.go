package detect

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// settings is where a user writes what could not be decided.
func (t *tree) settings() string { return path.Join(t.folder.Dir, "function.yaml") }

func (d decision) noHandler(among []language) {
	t := d.tree
	if len(t.missed) > 0 {
		d.uncallable()
		return
	}
	var sought []string
	for _, l := range among {
		if sources := t.sources(l); len(sources) > 0 {
			sought = append(sought, fmt.Sprintf("looked in %s for %s", enumerate(sources), l.sought()))
		}
	}
	if len(sought) == 0 {
		names := make([]string, len(among))
		for i, l := range among {
			names[i] = l.name()
		}
		sought = []string{"there is no code for " + strings.Join(names, ", ")}
	}
	d.problems.Add(diag.Problem{
		Rule:  "no-handler",
		Place: t.here(),
		Text:  fmt.Sprintf("no handler found in %s: %s", t.folder.Dir, strings.Join(sought, "; ")),
		Hint:  fmt.Sprintf("set handler: in %s, or list the folder under exclude: in foldstack.yaml", t.settings()),
		Notes: t.notes(),
	})
}

// uncallable reports each handler that Lambda could not call.
func (d decision) uncallable() {
	t := d.tree
	for _, m := range t.missed {
		d.problems.Addf("uncallable-handler", m.place,
			fmt.Sprintf("correct it, or set handler: in %s to use another one; a folder that is no function goes under exclude: in foldstack.yaml", t.settings()),
			"Lambda cannot call the handler in %s: %s", m.path, m.text)
	}
}

// sources is the folder's code in a language, tests left out.
func (t *tree) sources(l language) []string {
	var list []string
	for i := range t.files {
		if f := &t.files[i]; !f.test && !f.junk && l.source(f) {
			list = append(list, f.Path)
		}
	}
	return list
}

// notes are the things that looked like a handler.
func (t *tree) notes() []diag.Note {
	var notes []diag.Note
	for _, r := range t.remarks {
		notes = append(notes, diag.Note{Place: r.place, Text: r.text})
	}
	if t.box != nil {
		notes = append(notes, diag.Note{Place: t.box.place, Text: t.box.text})
	}
	return notes
}

func (d decision) ambiguousHandler(found []candidate) {
	t := d.tree
	hint := fmt.Sprintf("set handler: in %s, such as handler: %s; if they are several functions, give each a folder of its own", t.settings(), found[0].handler)
	if found[0].handler == bootstrapHandler {
		hint = "keep one program in this folder, and give each other one a folder of its own"
	}
	d.problems.Add(diag.Problem{
		Rule:  "ambiguous-handler",
		Place: t.here(),
		Text:  fmt.Sprintf("%s has %d possible handlers: %s", t.folder.Dir, len(found), evidence(found)),
		Hint:  hint,
		Notes: t.places(found),
	})
}

func (d decision) ambiguousRuntime(found []candidate) {
	t := d.tree
	var names []string
	for _, l := range languagesIn(found) {
		names = append(names, l.name())
	}
	choice, _ := found[0].language.runtime(t, found[0].start())
	d.problems.Add(diag.Problem{
		Rule:  "ambiguous-runtime",
		Place: t.here(),
		Text:  fmt.Sprintf("%s may be %s: %s", t.folder.Dir, strings.Join(names, " or "), evidence(found)),
		Hint:  fmt.Sprintf("set runtime: in %s, such as runtime: %s", t.settings(), choice.Value),
		Notes: t.places(found),
	})
}

// maxNamed bounds how many things a sentence lists.
const maxNamed = 5

func evidence(found []candidate) string {
	list := make([]string, len(found))
	for i, c := range found {
		list[i] = c.evidence
		if c.entry != nil && c.handler == bootstrapHandler {
			list[i] = c.entry.Path
		}
	}
	return enumerate(list)
}

func enumerate(list []string) string {
	if len(list) > maxNamed {
		list = append(slices.Clone(list[:maxNamed-1]), fmt.Sprintf("%d more", len(list)-maxNamed+1))
	}
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

func (t *tree) places(found []candidate) []diag.Note {
	notes := make([]diag.Note, len(found))
	for i, c := range found {
		text := "handler: " + c.handler
		if c.handler == "" || c.handler == bootstrapHandler {
			text = c.language.name()
		}
		f, offset := c.file, c.offset
		if c.entry != nil && c.handler == bootstrapHandler {
			f, offset = c.entry, 0
		}
		notes[i] = diag.Note{Place: t.place(f, offset), Text: text}
	}
	return notes
}

// reason says why a folder without candidates is no function.
func (t *tree) reason() string {
	c := t.contents()
	switch {
	case len(t.files) == 0:
		return "empty: no file that git would track"
	case len(t.remarks) > 0:
		return t.remarks[0].String()
	case len(c.sources) > 0:
		return "a library: no handler in " + enumerate(c.sources)
	case t.box != nil:
		return t.box.String()
	case c.below:
		return "no code at its top or in src/"
	case c.tests:
		return "only tests"
	case len(c.manifests) > 0:
		return "only " + enumerate(c.manifests) + ": no code"
	case len(c.documents) == len(t.files) && len(c.documents) == 1 && strings.HasPrefix(strings.ToLower(c.documents[0]), "readme"):
		return "only a README"
	case len(c.documents) == len(t.files):
		return "only documents"
	}
	return "only data: no code"
}

// contents is what kinds of files a folder without candidates holds.
type contents struct {
	sources   []string // code at the top or in src/
	manifests []string // at the top
	documents []string
	tests     bool
	below     bool // code in other folders
}

// manifests are files that describe a project and are no code.
var manifests = map[string]bool{
	"package.json": true, "package-lock.json": true, "yarn.lock": true, "pnpm-lock.yaml": true, "tsconfig.json": true,
	"requirements.txt": true, "pyproject.toml": true, "poetry.lock": true, "Pipfile": true, "Pipfile.lock": true, "uv.lock": true,
	"setup.py": true, "setup.cfg": true, "go.mod": true, "go.sum": true, "go.work": true, "Cargo.toml": true, "Cargo.lock": true,
	"Gemfile": true, "Gemfile.lock": true, "pom.xml": true, "build.gradle": true, "build.gradle.kts": true,
	"settings.gradle": true, "settings.gradle.kts": true, "Dockerfile": true, "Makefile": true,
}

var documents = map[string]bool{".md": true, ".txt": true, ".rst": true, ".adoc": true, ".pdf": true, ".png": true, ".svg": true}

func (c contents) code() bool { return len(c.sources) > 0 || c.below }

func (t *tree) contents() contents {
	var c contents
	for i := range t.files {
		f := &t.files[i]
		code := slices.ContainsFunc(languages, func(l language) bool { return l.source(f) })
		switch {
		case f.junk:
		case f.test:
			c.tests = c.tests || code || f.tier == top
		case code && f.tier < other:
			c.sources = append(c.sources, f.Path)
		case code:
			c.below = true
		case f.tier == top && (manifests[f.base] || projectFile(f)):
			c.manifests = append(c.manifests, f.base)
		case documents[f.ext] || strings.HasPrefix(strings.ToLower(f.base), "readme") || strings.HasPrefix(f.base, "LICENSE"):
			c.documents = append(c.documents, f.Path)
		}
	}
	return c
}
