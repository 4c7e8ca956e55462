package output

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"strings"
)

// writer replaces files below a root, each at once or not at all.
type writer struct {
	root     *os.Root
	dirs     map[string]*os.Root // the folders it writes to; complete before writing in parallel
	manifest []byte              // the manifest as it is on disk
}

// mode is how a file is put in its place.
type mode int

const (
	replace mode = iota
	create       // nothing may be there: somebody may have put a file since the plan was made
	durable      // replaces, and has reached the disk when write returns
)

// step is called between any two steps that a kill may part; tests set it.
var step = func(string) {}

func (w *writer) close() {
	for _, dir := range w.dirs {
		dir.Close()
	}
}

// dir opens a folder and makes it where it is missing.
func (w *writer) dir(dir string) (*os.Root, error) {
	if open := w.dirs[dir]; open != nil {
		return open, nil
	}
	if err := makeFolder(w.root, dir); err != nil {
		return nil, err
	}
	open, err := w.root.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder %s: %w", dir, err)
	}
	w.dirs[dir] = open
	return open, nil
}

const (
	temporaryPrefix = ".foldstack-"
	temporarySuffix = ".tmp"
	temporaryDigits = 16
)

func temporaryName() string {
	return fmt.Sprintf("%s%0*x%s", temporaryPrefix, temporaryDigits, rand.Uint64(), temporarySuffix)
}

// isTemporary recognises what temporaryName made.
func isTemporary(name string) bool {
	hex, ok := strings.CutPrefix(name, temporaryPrefix)
	if !ok {
		return false
	}
	hex, ok = strings.CutSuffix(hex, temporarySuffix)
	return ok && len(hex) == temporaryDigits && strings.Trim(hex, "0123456789abcdef") == ""
}

// write puts a file in its place.
func (w *writer) write(p string, data []byte, m mode) error {
	dir, err := w.dir(path.Dir(p))
	if err != nil {
		return err
	}
	temporary := temporaryName()
	err = writeTemporary(dir, temporary, data, m == durable)
	if err == nil && m == create {
		err = absent(dir, path.Base(p))
	}
	step("before rename")
	if err == nil {
		err = dir.Rename(temporary, path.Base(p))
	}
	if err != nil {
		_ = dir.Remove(temporary) // the next run would do it; the error to report is the first
		return fmt.Errorf("writing %s: %w", p, err)
	}
	step("after rename")
	if m == durable {
		syncFolder(dir)
	}
	return nil
}

func writeTemporary(dir *os.Root, name string, data []byte, sync bool) error {
	file, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	step("before writing")
	_, err = file.Write(data)
	if err == nil && sync {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

func absent(dir *os.Root, name string) error {
	_, err := dir.Lstat(name)
	switch {
	case err == nil:
		return errors.New("a file appeared there in the meantime")
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}

// syncFolder brings a rename to disk, where the system can do that; where it cannot,
// the rename is as safe as the system makes it.
func syncFolder(dir *os.Root) {
	if file, err := dir.Open("."); err == nil {
		_ = file.Sync()
		file.Close()
	}
}

// remove removes a file, if it is still there.
func (w *writer) remove(p string) error {
	if err := w.root.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing %s: %w", p, err)
	}
	step("after removal")
	return nil
}

// names lists a folder; a folder that is gone is empty.
func (w *writer) names(dir string) ([]string, error) {
	file, err := w.root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("opening the folder %s: %w", dir, err)
	}
	defer file.Close()
	names, err := file.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("reading the folder %s: %w", dir, err)
	}
	return names, nil
}
