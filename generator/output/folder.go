package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/foldstack/foldstack/generator/diag"
)

// place is where to point when the folder itself is wrong.
func (f Folder) place() diag.Place {
	if f.Place.IsZero() {
		return diag.Place{File: f.Path}
	}
	return f.Place
}

// Check reports whether the folder may be written to at all, by its name alone, and
// adds what is wrong with it to problems.
func (f Folder) Check(problems *diag.Problems) bool {
	const rule = "output-folder"
	hint := "name a folder of its own inside the project, such as `output: out`"
	if path.Clean(f.Path) == "." {
		problems.Addf(rule, f.place(), hint, "the output folder is the project itself")
		return false
	}
	if !fs.ValidPath(f.Path) || strings.ContainsAny(f.Path, "\\\x00") {
		problems.Addf(rule, f.place(), hint, "the output folder %q does not lie in the project", f.Path)
		return false
	}
	if !portable.MatchString(f.Path) {
		problems.Addf(rule, f.place(), "use a-z, A-Z, 0-9, . _ and -, and no - in front", "a shell, a build or another system would not take the output folder %q as it is", f.Path)
		return false
	}
	ok := true
	for _, input := range f.Inputs {
		switch {
		case input == f.Path:
			problems.Addf(rule, f.place(), hint, "the output folder %q is also input", f.Path)
		case within(input, f.Path):
			problems.Addf(rule, f.place(), hint, "the output folder %q holds the input %q", f.Path, input)
		case within(f.Path, input):
			problems.Addf(rule, f.place(), hint, "the output folder %q lies in the input %q", f.Path, input)
		default:
			continue
		}
		ok = false
	}
	return ok
}

// portable is a path that means itself in a shell, in the patterns and variables of a
// build's artifacts, and on every file system.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.artifacts.files
var portable = regexp.MustCompile(`^[A-Za-z0-9._][A-Za-z0-9._-]*(/[A-Za-z0-9._][A-Za-z0-9._-]*)*$`)

// within reports whether the slash path p lies below dir.
func within(p, dir string) bool { return strings.HasPrefix(p, dir+"/") }

// listing is what a folder holds now.
type listing struct {
	root  *os.Root // the folder; nil when there is none
	modes map[string]fs.FileMode
}

// maxFile is the size up to which a file is read: several times that of the largest
// template, and of the manifest of ten thousand functions.
const maxFile = 8 << 20

// read reads a file of the folder. One that is larger than any that foldstack writes
// is a problem, and its data nil.
func (l listing) read(p string, problems *diag.Problems) (data []byte, err error) {
	file, err := l.root.Open(path.Base(p))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", p, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", p, err)
	}
	if info.Size() > maxFile {
		problems.Addf("unusable-file", diag.Place{File: p}, "move it away; foldstack writes a file of that name",
			"%s has %d bytes; more than %d are not read", path.Base(p), info.Size(), maxFile)
		return nil, nil
	}
	data = make([]byte, info.Size())
	n, err := io.ReadFull(file, data)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("reading %s: %w", p, err)
	}
	return data[:n], nil
}

// list reads a folder. It takes every step of the way by itself, because a link or
// a file in it is a problem to report, not a path to follow.
func list(root *os.Root, dir string, problems *diag.Problems) (listing, error) {
	var l listing
	for i, r := range dir + "/" {
		if r != '/' {
			continue
		}
		info, err := root.Lstat(dir[:i])
		if errors.Is(err, fs.ErrNotExist) {
			return l, nil
		}
		if err != nil {
			return l, fmt.Errorf("looking at %s: %w", dir[:i], err)
		}
		if !isFolder(dir[:i], info.Mode(), problems) {
			return l, nil
		}
	}
	folder, err := root.OpenRoot(dir)
	if err != nil {
		return l, fmt.Errorf("opening the folder %s: %w", dir, err)
	}
	l.root = folder
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return l, fmt.Errorf("reading the folder %s: %w", dir, err)
	}
	l.modes = make(map[string]fs.FileMode, len(entries))
	for _, e := range entries {
		l.modes[e.Name()] = e.Type()
	}
	return l, nil
}

func isFolder(dir string, mode fs.FileMode, problems *diag.Problems) bool {
	switch {
	case mode.IsDir():
		return true
	case mode&fs.ModeSymlink != 0:
		problems.Addf("output-link", diag.Place{File: dir}, "replace it by a real folder; foldstack does not write through links",
			"%s is a symbolic link", dir)
	default:
		problems.Addf("output-blocked", diag.Place{File: dir}, "move it away or name another output folder",
			"%s is a file, and foldstack needs a folder of that name", dir)
	}
	return false
}

// foldsCase reports whether the file system under dir, or under the nearest folder
// above it that exists, takes Name and name for one file.
func foldsCase(root *os.Root, dir string) bool {
	for ; ; dir = path.Dir(dir) {
		if file, err := root.Open(dir); err == nil {
			names, _ := file.Readdirnames(-1)
			file.Close()
			for _, name := range names {
				if other := flipCase(name); other != name {
					return sameFile(root, path.Join(dir, name), path.Join(dir, other))
				}
			}
		}
		if dir == "." {
			return false
		}
	}
}

func flipCase(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, name)
}

func sameFile(root *os.Root, a, b string) bool {
	x, err := root.Lstat(a)
	if err != nil {
		return false
	}
	y, err := root.Lstat(b)
	return err == nil && os.SameFile(x, y)
}
