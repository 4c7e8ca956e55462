package detect

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// Folder is a candidate: every file in it that git would track.
type Folder struct {
	Dir   string // slash path relative to the project's root
	Files []File // sorted by path
	// Above finds the nearest file of that name in the folders above Dir, up to
	// the project's root; ok is false where there is none. It may be nil.
	Above func(name string) (path string, data []byte, ok bool)
}

// File is one file of a Folder.
type File struct {
	Path       string // slash path relative to Dir
	Executable bool
	Data       []byte // its bytes; nil when too large to be a source file
}

// Said is what function.yaml says; empty where it says nothing.
type Said struct {
	Runtime    string
	Handler    string
	Dockerfile string
	// Build is the function's own build command. Its output may hold the handler,
	// so the handler's file is not looked for among the sources.
	Build string
	Place diag.Place // of function.yaml

	// The places of the values; Place stands in where they are unknown.
	RuntimePlace    diag.Place
	HandlerPlace    diag.Place
	DockerfilePlace diag.Place
}

// Code tells whether the folder itself holds a function's code.
type Code struct {
	Found   bool
	Sources bool   // there is code, whether or not it has a handler
	Reason  string // why not, for `list --verbose`: "only a README", "a library: no handler"
}

// Result is how a function runs.
type Result struct {
	Package model.PackageType
	// Runtime is empty for an image, but its Evidence says what made it one.
	Runtime    model.Choice
	Handler    model.Choice
	Dockerfile string // of an image, relative to Dir
	// Entry is the file that the handler lives in, relative to Dir, and what a
	// build starts from: a module, a Go file of package main, a project file, a
	// Dockerfile. Empty where it is not known.
	Entry string
}

// Look reports whether the folder's own files (at its top or in src/) are a
// function's code. A function.yaml, or any value that was said, makes them so; so
// does a handler that Lambda could not call, which Function then reports.
func Look(folder Folder, said Said) Code {
	t := newTree(folder, said)
	if t.explicit || t.image() != nil || len(t.candidates(languages)) > 0 || len(t.missed) > 0 {
		return Code{Found: true, Sources: true}
	}
	return Code{Reason: t.reason(), Sources: t.contents().code()}
}

// Function finds out how the code of a folder runs. What was said is taken;
// the rest is read from the files. Where nothing or more than one thing was
// found, problems says what was searched, the candidates and the key to set.
func Function(folder Folder, said Said, problems *diag.Problems) Result {
	d := decision{tree: newTree(folder, said), problems: problems}
	switch {
	case said.Dockerfile != "":
		return d.saidImage()
	case said.Runtime != "":
		return d.withRuntime()
	case said.Handler != "":
		return d.withHandler()
	}
	if image := d.tree.image(); image != nil {
		return image.result()
	}
	return d.fromFiles()
}

// explicit reports whether the user wrote anything about this folder.
func (s Said) explicit() bool {
	return s.Runtime != "" || s.Handler != "" || s.Dockerfile != "" || s.Build != "" ||
		strings.HasSuffix(s.Place.File, "function.yaml")
}

func (s Said) runtimePlace() diag.Place    { return orPlace(s.RuntimePlace, s.Place) }
func (s Said) handlerPlace() diag.Place    { return orPlace(s.HandlerPlace, s.Place) }
func (s Said) dockerfilePlace() diag.Place { return orPlace(s.DockerfilePlace, s.Place) }

func orPlace(place, fallback diag.Place) diag.Place {
	if place.IsZero() {
		return fallback
	}
	return place
}
