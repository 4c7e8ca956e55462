package tree

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// Tree is a project's files. Its methods may be called by many goroutines.
type Tree struct {
	root     string // of the project, on this machine: enters no result
	options  Options
	outer    []level // ignore files above the project, outermost first
	problems *diag.Problems
	folders  Memo[*Folder]
	files    Memo[*File]
}

// Options are what the caller knows of the project.
type Options struct {
	// Output is the folder that foldstack writes: no part of the project's code.
	Output string
	// Keep is the size up to which the bytes of a file are kept; 0 for a file that
	// is only hashed. Nil keeps none.
	Keep func(path string) int64
}

// Open returns the tree of the project at root, a path on this machine.
func Open(root string, options Options, problems *diag.Problems) (*Tree, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("finding the project's folder: %w", err)
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real // git looks for its repository from there
	}
	info, err := os.Stat(root)
	if err != nil {
		return nil, fmt.Errorf("opening the project's folder: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("opening the project's folder: %s is no folder", root)
	}
	t := &Tree{root: root, options: options, problems: problems}
	t.outer = outerLevels(root)
	return t, nil
}

// Kind is what stands under a name.
type Kind uint8

// The kinds of entry.
const (
	Regular Kind = iota
	Dir
	Link
	Special // a pipe, a socket, a device
)

// Entry is one name in a folder.
type Entry struct {
	Name string
	Kind Kind
	// Skip says why the entry is no part of the project; it is empty for what git
	// would track.
	Skip string
}

// Folder is a listed folder.
type Folder struct {
	Path    string // "." is the project's root
	Entries []Entry
	levels  []level // the ignore files that rule the folder, outermost first
}

// Entry returns the entry of that name, or nil.
func (f *Folder) Entry(name string) *Entry {
	if f == nil {
		return nil
	}
	i, ok := slices.BinarySearchFunc(f.Entries, name, func(e Entry, name string) int { return strings.Compare(e.Name, name) })
	if !ok {
		return nil
	}
	return &f.Entries[i]
}

// Join is the path of a name in a folder.
func Join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

// split is a path's folder and its last name.
func split(path string) (dir, name string) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i], path[i+1:]
	}
	return ".", path
}

// valid reports whether path stays in the project. Unlike io/fs it takes names
// that are no UTF-8: such files exist, and git tracks them.
func valid(path string) bool {
	if path == "." {
		return true
	}
	for name := range strings.SplitSeq(path, "/") {
		if name == "" || name == "." || name == ".." {
			return false
		}
	}
	return true
}

// Entry returns what git would track at path, or nil where there is nothing.
func (t *Tree) Entry(path string) *Entry {
	if !valid(path) {
		return nil
	}
	dir, name := split(path)
	e := t.Folder(dir).Entry(name)
	if e == nil || e.Skip != "" {
		return nil
	}
	return e
}

// Folder lists a folder; it is nil where git would track none of that path.
func (t *Tree) Folder(path string) *Folder {
	if !valid(path) {
		return nil
	}
	return t.folders.Get(path, func() *Folder { return t.list(path) })
}

func (t *Tree) list(path string) *Folder {
	levels := t.outer
	if path != "." {
		dir, name := split(path)
		parent := t.Folder(dir)
		e := parent.Entry(name)
		if e == nil || e.Kind != Dir || e.Skip != "" {
			return nil
		}
		levels = parent.levels
	}
	entries, err := os.ReadDir(t.onDisk(path))
	if err != nil {
		unreadable(t.problems, path, "folder", err)
	}
	f := &Folder{Path: path, Entries: make([]Entry, 0, len(entries))}
	names := siblings(entries)
	f.levels = t.withOwn(levels, path, names)
	for _, e := range entries {
		if e.Name() == ".git" {
			continue
		}
		entry := Entry{Name: e.Name(), Kind: kind(e.Type())}
		entry.Skip = t.skip(f, &entry, names)
		f.Entries = append(f.Entries, entry)
	}
	return f
}

func kind(mode fs.FileMode) Kind {
	switch {
	case mode.IsRegular():
		return Regular
	case mode.IsDir():
		return Dir
	case mode&fs.ModeSymlink != 0:
		return Link
	}
	return Special
}

// skip says why an entry is no part of the project.
func (t *Tree) skip(f *Folder, e *Entry, names siblings) string {
	path := Join(f.Path, e.Name)
	switch {
	case e.Kind == Special:
		return "a pipe, a socket or a device: never opened"
	case path == t.options.Output:
		return "the output folder"
	}
	if e.Kind == Dir {
		if reason := toolFolder(t.onDisk(path), e.Name, names); reason != "" {
			return reason
		}
	} else if left(e.Name) {
		return "left behind by the operating system or an editor"
	}
	return ignored(f.levels, path, e.Kind == Dir)
}

// Why says why git would track nothing at path; it is empty where it would.
func (t *Tree) Why(path string) string {
	if !valid(path) {
		return "it leads out of the project"
	}
	if path == "." {
		return ""
	}
	dir, name := split(path)
	if why := t.Why(dir); why != "" {
		return why
	}
	f := t.Folder(dir)
	if f == nil {
		_, name := split(dir)
		return name + " is " + t.Entry(dir).Kind.String()
	}
	switch e := f.Entry(name); {
	case e == nil:
		return "there is no " + path
	case e.Skip != "":
		return path + " is " + e.Skip
	}
	return ""
}

// Walk calls visit with every file and link below a folder that git would track,
// and with the reason for everything else. Folders are entered in the order of
// their names.
func (t *Tree) Walk(dir string, visit func(path string, e Entry)) {
	f := t.Folder(dir)
	if f == nil {
		return
	}
	for _, e := range f.Entries {
		path := Join(dir, e.Name)
		if e.Kind == Dir && e.Skip == "" {
			t.Walk(path, visit)
			continue
		}
		visit(path, e)
	}
}

// mostLinks is how many links of one way are followed: as many as Linux does.
const mostLinks = 40

// Follow is the path where a link ends whose text stands in a folder. It goes the
// operating system's way: through further links, tracked or not, and a step back
// leads out of the folder that a link stands for, not of the link's. inside is false
// where a step leaves the project. A way in circles ends at one of its links.
func (t *Tree) Follow(dir, text string) (end string, inside bool) {
	at, links := dir, 0
	texts := []string{filepath.ToSlash(text)} // what is left of each, the innermost link's last
	for len(texts) > 0 {
		last := len(texts) - 1
		if strings.HasPrefix(texts[last], "/") || filepath.IsAbs(texts[last]) {
			return "", false
		}
		step, rest, _ := strings.Cut(texts[last], "/")
		if texts[last] = strings.TrimLeft(rest, "/"); texts[last] == "" {
			texts = texts[:last]
		}
		switch step {
		case "", ".":
			continue
		case "..":
			if at == "." {
				return "", false
			}
			at, _ = split(at)
			continue
		}
		next := Join(at, step)
		text, err := os.Readlink(t.onDisk(next))
		if err != nil { // it is no link
			at = next
			continue
		}
		if links++; links > mostLinks {
			return next, true
		}
		texts = append(texts, filepath.ToSlash(text))
	}
	return at, true
}

func (t *Tree) onDisk(path string) string {
	return filepath.Join(t.root, filepath.FromSlash(path))
}

// unreadable reports what the operating system refused, without the path on this
// machine that its errors carry.
func unreadable(problems *diag.Problems, path, what string, err error) {
	if p, ok := err.(*fs.PathError); ok {
		err = p.Err
	}
	problems.Addf("unreadable-file", diag.Place{File: path}, "make it readable for the user who runs foldstack, or let an ignore file name it",
		"the %s cannot be read: %v", what, err)
}
