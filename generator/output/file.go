package output

import "github.com/foldstack/foldstack/generator/diag"

// File is one rendered file.
type File struct {
	Path   string // slash path relative to the project's root
	Data   []byte
	Source string // what it was made from: "function orders", "foldstack.yaml"
}

// Folder is the output folder of a project.
type Folder struct {
	Root   string     // the project's root on this machine
	Path   string     // slash path relative to Root
	Place  diag.Place // where the user named it; zero when nobody did
	Inputs []string   // slash paths of the folders and files that are input
}

// Kind is what a plan does to a file.
type Kind string

// The kinds of change.
const (
	Created   Kind = "created"
	Updated   Kind = "updated"
	Unchanged Kind = "unchanged"
	Removed   Kind = "removed"
)

// Change is what a plan does to one file.
type Change struct {
	Path   string // slash path relative to the project's root
	Kind   Kind
	Source string // what it was made from
	// Edited reports that somebody changed the file since foldstack wrote it, so that
	// an update or a removal discards that.
	Edited bool

	old, new []byte
	from     string // its path until now, where only the letter case differs
}

// Before is what the file holds until the plan is applied; nil for one that is created.
func (c Change) Before() []byte { return c.old }

// Summary counts the changes of a plan.
type Summary struct {
	Created   int
	Updated   int
	Unchanged int
	Removed   int
}

// Changed counts the files that differ from what is on disk.
func (s Summary) Changed() int { return s.Created + s.Updated + s.Removed }
