package archive

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// File is a file of a folder.
type File struct {
	Name       string // slash path from the root
	Size       int64
	Executable bool
}

// Refused is the error of files that no archive can hold: what is wrong with them is
// their author's to mend.
type Refused string

func (r Refused) Error() string { return string(r) }

// list are the files of a folder by name, with what links point at in their place.
func list(folder *os.Root) ([]File, error) {
	var files []File
	err := Walk(folder, ".", nil, func(f File) error {
		files = append(files, f)
		return nil
	})
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, err
}

// withStamp puts the stamp among the files. One that lies there already, because an
// archive was unpacked into the folder, gives way.
func withStamp(files []File) []File {
	i, found := slices.BinarySearchFunc(files, Stamp, func(f File, name string) int { return strings.Compare(f.Name, name) })
	if found {
		files = slices.Delete(files, i, i+1)
	}
	return slices.Insert(files, i, File{Name: Stamp})
}

// Walk visits every file at or below a path, in no order that means anything. It goes
// through links as if they were what they point at, and fails where one leads out of
// the root or has no end. What skip names it passes by.
func Walk(root *os.Root, from string, skip func(name string) bool, visit func(File) error) error {
	w := walk{root: root, skip: skip, visit: visit}
	return w.entry(from)
}

type walk struct {
	root   *os.Root
	skip   func(name string) bool
	visit  func(File) error
	around []fs.FileInfo // the folders that the walk is in
}

// entry visits what stands under a name. The root follows links by itself, and none
// that leads out of it.
func (w *walk) entry(name string) error {
	if w.skip != nil && w.skip(name) {
		return nil
	}
	info, err := w.root.Stat(name)
	switch {
	case err != nil:
		if link, lerr := w.root.Readlink(name); lerr == nil {
			return Refused(fmt.Sprintf("%s is a link to %s, which is not among the files", name, link))
		}
		return fmt.Errorf("looking at %s: %w", name, err)
	case !utf8.ValidString(name) || strings.Contains(name, `\`):
		return Refused(fmt.Sprintf("%q is no name that every system reads alike: it must be UTF-8 without a backslash", name))
	case info.IsDir():
		return w.dir(name, info)
	case !info.Mode().IsRegular():
		return Refused(name + " is a pipe, a socket or a device")
	}
	return w.visit(File{Name: name, Size: info.Size(), Executable: info.Mode()&0o100 != 0})
}

func (w *walk) dir(name string, info fs.FileInfo) error {
	if slices.ContainsFunc(w.around, func(a fs.FileInfo) bool { return os.SameFile(a, info) }) {
		return Refused(name + " is a link to a folder around it, which has no end")
	}
	w.around = append(w.around, info)
	defer func() { w.around = w.around[:len(w.around)-1] }()
	dir, err := w.root.Open(name)
	if err != nil {
		return fmt.Errorf("opening the folder %s: %w", name, err)
	}
	entries, err := dir.ReadDir(-1)
	dir.Close()
	if err != nil {
		return fmt.Errorf("reading the folder %s: %w", name, err)
	}
	for _, e := range entries {
		if err := w.entry(path.Join(name, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
