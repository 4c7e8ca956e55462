package asset

import (
	"cmp"
	"encoding/hex"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// Part is one of the things that a digest is made of.
type Part struct {
	Kind     PartKind
	Text     string // of what is neither a file nor the revision
	Revision int

	// Of a file:
	Scope      Scope
	Path       string // from the folder of the scope
	Executable bool
	Sum        [32]byte // SHA-256 of its bytes
}

// PartKind says what a part is.
type PartKind string

// The kinds of parts, in the order in which they enter a digest.
const (
	ToolchainPart    PartKind = "toolchain"
	RevisionPart     PartKind = "revision" // of our own build steps
	RuntimePart      PartKind = "runtime"
	ArchitecturePart PartKind = "architecture"
	EntryPart        PartKind = "entry" // of a toolchain that starts from a file; else without text

	OwnFile    PartKind = "file"   // in the function's folder
	SharedFile PartKind = "shared" // elsewhere in the project
	LockFile   PartKind = "lock"   // says which versions of packages are used, wherever it lies

	BeforePart  PartKind = "before"
	CommandPart PartKind = "command"
	AfterPart   PartKind = "after"
)

// PartKinds lists them.
var PartKinds = []PartKind{
	ToolchainPart, RevisionPart, RuntimePart, ArchitecturePart, EntryPart, OwnFile, SharedFile, LockFile, BeforePart, CommandPart, AfterPart,
}

// settings is how many parts stand before the files.
const settings = 5

// IsFile reports whether parts of the kind are files.
func (k PartKind) IsFile() bool { return k == OwnFile || k == SharedFile || k == LockFile }

// Scope is the folder that a file moves with.
type Scope string

// The scopes: the nearest of these folders that holds a file.
const (
	InFunction Scope = "function"
	InGroup    Scope = "group"
	InProject  Scope = "project"
)

// ID is the same for two parts of which one came in the place of the other.
func (p *Part) ID() string {
	if p.Kind.IsFile() {
		return string(p.Scope) + " " + p.Path
	}
	return string(p.Kind)
}

// Value is the part as a text that is another one when the part is.
func (p *Part) Value() string {
	switch {
	case p.Kind == RevisionPart:
		return strconv.Itoa(p.Revision)
	case !p.Kind.IsFile():
		return p.Text
	case p.Executable:
		return hex.EncodeToString(p.Sum[:]) + " executable"
	}
	return hex.EncodeToString(p.Sum[:])
}

// Parts are all that a digest is made of, in the order in which they enter it. Neither
// the project's place on a machine nor the folder's place in the project is among them.
func Parts(recipe Recipe, inputs []model.Input) []Part {
	entry := ""
	if recipe.Toolchain.compiles() {
		entry = recipe.Entry
	}
	parts := make([]Part, settings, settings+len(inputs)+3)
	copy(parts, []Part{
		{Kind: ToolchainPart, Text: string(recipe.Toolchain)},
		{Kind: RevisionPart, Revision: toolchains[recipe.Toolchain].revision},
		{Kind: RuntimePart, Text: recipe.Runtime},
		{Kind: ArchitecturePart, Text: recipe.Architecture},
		{Kind: EntryPart, Text: entry},
	})
	parts = append(parts, recipe.files(inputs)...)
	if s := recipe.Steps; s != (model.Steps{}) { // behind all that was there before steps were
		parts = append(parts, Part{Kind: BeforePart, Text: s.Before}, Part{Kind: CommandPart, Text: s.Command}, Part{Kind: AfterPart, Text: s.After})
	}
	return parts
}

// files gives each input its place in the function's folder, in its group's or in the
// project, and puts them in order.
func (r Recipe) files(inputs []model.Input) []Part {
	group := ""
	if r.Group != "" {
		if i := strings.LastIndexByte(r.Dir, '/'); i > 0 {
			group = r.Dir[:i]
		}
	}
	files := make([]Part, len(inputs))
	for i := range inputs {
		in := &inputs[i]
		f := Part{Kind: SharedFile, Scope: InProject, Path: in.Path, Executable: in.Executable, Sum: in.Sum}
		if rest, ok := strings.CutPrefix(in.Path, r.Dir+"/"); ok {
			f.Kind, f.Scope, f.Path = OwnFile, InFunction, rest
		} else if rest, ok := strings.CutPrefix(in.Path, group+"/"); ok && group != "" {
			f.Scope, f.Path = InGroup, rest
		}
		if slices.Contains(lockFiles, path.Base(f.Path)) {
			f.Kind = LockFile
		}
		files[i] = f
	}
	slices.SortFunc(files, func(a, b Part) int { return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Path, b.Path)) })
	return slices.CompactFunc(files, func(a, b Part) bool { return a.Scope == b.Scope && a.Path == b.Path })
}
