package detect

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// Folder is a candidate: every file in it that git would track.
type Folder struct {
	Dir   string // slash path relative to the project's root
	Files []File // sorted by path
	// Above finds the nearest file of that name in the folders above Dir, up to
	// the project's root; ok is false where there is none.
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
	Place      diag.Place // of function.yaml
}

// Code tells whether the folder itself holds a function's code.
type Code struct {
	Found  bool
	Reason string // why not, for `list -v`: "only a README", "a library: no handler"
}

// Result is how a function runs.
type Result struct {
	Package    model.PackageType
	Runtime    model.Choice
	Handler    model.Choice
	Dockerfile string
}

// Look reports whether the folder's own files (at its top or in src/) are a
// function's code.
func Look(folder Folder, said Said) Code { panic("unwritten") }

// Function finds out how the code of a folder runs. What was said is taken;
// the rest is read from the files. Where nothing or more than one thing was
// found, problems says what was searched, the candidates and the key to set.
func Function(folder Folder, said Said, problems *diag.Problems) Result { panic("unwritten") }
