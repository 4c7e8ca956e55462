package detect

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
)

// tree is a folder whose files are sorted by what they can be.
type tree struct {
	folder   Folder
	said     Said
	explicit bool // the user wrote about this folder: look everywhere in it
	files    []file
	remarks  []remark
	missed   []remark // those that were surely meant as a handler
	box      *remark  // the Dockerfile, when it makes no image function
}

// file is a File with the parts of its path.
type file struct {
	File
	dir  string // "" at the top
	base string
	stem string // base without its last extension
	ext  string // with the dot
	tier tier
	test bool // a test or what tests need: never a handler
	junk bool // in a folder that holds what tools make or fetch
}

// tier is how far a file is from where a handler is expected.
type tier uint8

const (
	top   tier = iota // beside function.yaml
	src               // directly in src/
	deep              // further down in src/
	other             // in any other folder; only looked at when the user wrote about the folder
)

// remark is something that looked like a handler and is none.
type remark struct {
	path  string
	place diag.Place
	text  string
}

func (r remark) String() string { return r.path + ": " + r.text }

// Names of folders that hold tests and their data, in any language.
var testDirs = map[string]bool{
	"test": true, "tests": true, "__tests__": true, "spec": true, "specs": true, "e2e": true,
	"fixtures": true, "__fixtures__": true, "__mocks__": true, "mocks": true, "testdata": true,
}

// Names of folders that hold what tools make or fetch.
var junkDirs = map[string]bool{
	"node_modules": true, "bower_components": true, "vendor": true, "dist": true, "build": true, "out": true,
	"target": true, "bin": true, "obj": true, "cdk.out": true, "coverage": true, "site-packages": true,
	"__pycache__": true, "venv": true,
}

func newTree(folder Folder, said Said) *tree {
	t := &tree{folder: folder, said: said, explicit: said.explicit(), files: make([]file, 0, len(folder.Files))}
	for _, f := range folder.Files {
		if f.Path != "" {
			t.files = append(t.files, newFile(f))
		}
	}
	return t
}

func newFile(f File) file {
	n := file{File: f, base: f.Path}
	if i := strings.LastIndexByte(f.Path, '/'); i >= 0 {
		n.dir, n.base = f.Path[:i], f.Path[i+1:]
	}
	n.stem = n.base
	if i := strings.LastIndexByte(n.base, '.'); i > 0 {
		n.stem, n.ext = n.base[:i], n.base[i:]
	}
	switch {
	case n.dir == "":
		n.tier = top
	case n.dir == "src":
		n.tier = src
	case strings.HasPrefix(n.dir, "src/"):
		n.tier = deep
	default:
		n.tier = other
	}
	n.test = testName(n.base, n.stem, n.ext)
	n.classifyDirs()
	return n
}

// classifyDirs looks at the folders on the way to the file. Below src/main/ the
// folders are Java packages, which may have any name.
func (f *file) classifyDirs() {
	for dir := f.dir; dir != ""; {
		if strings.HasPrefix(dir, "main/") && f.dir != dir {
			return
		}
		name, rest, _ := strings.Cut(dir, "/")
		f.test = f.test || testDirs[name]
		f.junk = f.junk || junkDirs[name]
		dir = rest
	}
}

// testName reports whether a file's name marks it as a test.
func testName(base, stem, ext string) bool {
	switch ext {
	case ".py":
		return strings.HasPrefix(base, "test_") || strings.HasSuffix(stem, "_test") || base == "conftest.py"
	case ".go":
		return strings.HasSuffix(stem, "_test")
	case ".rb":
		return strings.HasPrefix(base, "test_") || strings.HasSuffix(stem, "_test") || strings.HasSuffix(stem, "_spec")
	case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx":
		return strings.HasSuffix(stem, ".test") || strings.HasSuffix(stem, ".spec")
	}
	return false
}

// file returns the file of that path, or nil. A Folder's files are sorted.
func (t *tree) file(p string) *file {
	i, ok := slices.BinarySearchFunc(t.files, p, func(f file, p string) int { return strings.Compare(f.Path, p) })
	if !ok {
		return nil
	}
	return &t.files[i]
}

// place is where an offset of a file stands.
func (t *tree) place(f *file, offset int) diag.Place {
	return position(path.Join(t.folder.Dir, f.Path), f.Data, offset)
}

func position(name string, data []byte, offset int) diag.Place {
	before := data[:min(max(offset, 0), len(data))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return diag.Place{
		File:   name,
		Line:   bytes.Count(before, []byte{'\n'}) + 1,
		Column: utf8.RuneCount(before[start:]) + 1,
	}
}

// here is where a problem of the folder as a whole stands.
func (t *tree) here() diag.Place {
	if t.said.Place.IsZero() {
		return diag.Place{File: t.folder.Dir}
	}
	return t.said.Place
}

func (t *tree) remark(f *file, offset int, text string) {
	r := remark{f.Path, t.place(f, offset), text}
	if !slices.Contains(t.remarks, r) {
		t.remarks = append(t.remarks, r)
	}
}

// miss is a remark on something that was surely meant as a handler, so that the
// folder is a function with a mistake in it and not a library.
func (t *tree) miss(f *file, offset int, text string) {
	t.remark(f, offset, text)
	t.missed = append(t.missed, remark{f.Path, t.place(f, offset), text})
}

// search reads the files that accepts takes: those at the top and in src/ first,
// the rest of src/ where these hold no candidate, and every other folder when the
// user wrote about this one.
func (t *tree) search(accepts func(*file) bool, read func(*file) []candidate) []candidate {
	for _, tiers := range [][2]tier{{top, src}, {deep, deep}, {other, other}} {
		if tiers[0] == other && !t.explicit {
			break
		}
		var found []candidate
		for i := range t.files {
			f := &t.files[i]
			if f.tier < tiers[0] || f.tier > tiers[1] || f.test || f.junk || !accepts(f) {
				continue
			}
			found = append(found, read(f)...)
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// nearest is the file of that name at the folder's top or, where there is none,
// in the nearest folder above.
func (t *tree) nearest(name string) (p string, data []byte, ok bool) {
	if f := t.file(name); f != nil {
		return path.Join(t.folder.Dir, name), f.Data, true
	}
	if t.folder.Above == nil {
		return "", nil, false
	}
	return t.folder.Above(name)
}
