package build

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build/archive"
	"github.com/foldstack/foldstack/generator/model"
)

// site is where one function is built.
type site struct {
	*shared
	fn   *model.Function
	dir  string   // on this machine; everything below lies in it
	tree *os.Root // the function's inputs, under their paths in the project
	out  *os.Root // what becomes the archive or is the image
}

// newSite copies a function's inputs out of the project. outDir is the output folder on
// this machine; empty: one on the site.
func newSite(shared *shared, fn *model.Function, outDir string) (*site, error) {
	dir, err := os.MkdirTemp("", "foldstack-")
	if err != nil {
		return nil, fmt.Errorf("making a folder to build in: %w", err)
	}
	s := &site{shared: shared, fn: fn, dir: dir}
	if err := s.prepare(outDir); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *site) prepare(outDir string) (err error) {
	if s.dir, err = filepath.EvalSymlinks(s.dir); err != nil { // tools see the real path
		return fmt.Errorf("making a folder to build in: %w", err)
	}
	if outDir == "" {
		outDir = filepath.Join(s.dir, "out")
	}
	if s.tree, err = newFolder(filepath.Join(s.dir, "tree")); err != nil {
		return err
	}
	if s.out, err = newFolder(outDir); err != nil {
		return err
	}
	if err := s.tree.MkdirAll(s.fn.Dir, 0o755); err != nil {
		return fmt.Errorf("making a folder to build in: %w", err)
	}
	project, err := os.OpenRoot(s.root)
	if err != nil {
		return fmt.Errorf("opening the project: %w", err)
	}
	defer project.Close()
	for i := range s.fn.Inputs {
		if err := s.take(project, &s.fn.Inputs[i]); err != nil {
			return err
		}
	}
	return nil
}

func newFolder(dir string) (*os.Root, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making a folder to build in: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("making a folder to build in: %w", err)
	}
	return root, nil
}

func (s *site) close() {
	for _, root := range []*os.Root{s.tree, s.out} {
		if root != nil {
			root.Close()
		}
	}
	removeAll(s.dir)
}

// removeAll removes a folder in which tools may have made folders that nobody can write
// to, as Go's module cache does.
func removeAll(dir string) {
	if os.RemoveAll(dir) == nil {
		return
	}
	_ = filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			_ = os.Chmod(name, 0o755)
		}
		return nil
	})
	_ = os.RemoveAll(dir) // what stays is the temporary folder's to clear
}

// folder is the function's folder on the site, on this machine.
func (s *site) folder() string { return filepath.Join(s.tree.Name(), filepath.FromSlash(s.fn.Dir)) }

// take copies an input, if it is still what was hashed.
func (s *site) take(project *os.Root, in *model.Input) error {
	info, err := project.Lstat(in.Path)
	if err != nil {
		return s.changed(in.Path)
	}
	if err := s.tree.MkdirAll(path.Dir(in.Path), 0o755); err != nil {
		return fmt.Errorf("copying %s: %w", in.Path, err)
	}
	sum := in.Sum
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		var text string
		if text, err = project.Readlink(in.Path); err == nil {
			sum = sha256.Sum256([]byte("\x00" + filepath.ToSlash(text)))
			err = s.tree.Symlink(text, in.Path)
		}
	case info.IsDir(): // a folder that counts as one input: vendored modules
		err = copyAll(project, in.Path, s.tree, in.Path, nil)
	default:
		sum, err = copyFile(project, in.Path, s.tree, in.Path, in.Executable)
	}
	if err != nil {
		return fmt.Errorf("copying %s: %w", in.Path, err)
	}
	if sum != in.Sum {
		return s.changed(in.Path)
	}
	return nil
}

func (s *site) changed(file string) error {
	return s.failure(file+" changed while the functions were being built", "run `foldstack build` once more")
}

// packFolder puts the function's folder, as it now is, into the archive.
func (s *site) packFolder(skip func(name string) bool) error {
	if err := copyAll(s.tree, s.fn.Dir, s.out, ".", skip); err != nil {
		return s.refused(err)
	}
	return nil
}

// refused makes a failure of what no archive can hold, and leaves other errors.
func (s *site) refused(err error) error {
	var large archive.TooLarge
	var refused archive.Refused
	switch {
	case errors.As(err, &large):
		return s.failure(large.Error(), "move large files to S3 or into a layer, depend on less, or make the function a container image")
	case errors.As(err, &refused):
		return s.failure(s.forPeople(refused.Error()), "an archive holds what lies in the function's folder and what `include` names")
	}
	return err
}

// include puts what `include` names into the archive: a file of the function's folder
// under its path there, any other under its path from the project's root.
func (s *site) include() error {
	for _, in := range s.fn.Inputs {
		if as := strings.TrimPrefix(in.Path, s.fn.Dir+"/"); s.included(in.Path) {
			if err := copyAll(s.tree, in.Path, s.out, as, nil); err != nil {
				return fmt.Errorf("including %s: %w", in.Path, err)
			}
		}
	}
	return nil
}

// includeInFolder puts what `include` names outside of the function's folder into the
// folder, under its path from the project's root.
func (s *site) includeInFolder() error {
	for _, in := range s.fn.Inputs {
		if s.included(in.Path) && !strings.HasPrefix(in.Path, s.fn.Dir+"/") {
			if err := copyAll(s.tree, in.Path, s.tree, path.Join(s.fn.Dir, in.Path), nil); err != nil {
				return fmt.Errorf("including %s: %w", in.Path, err)
			}
		}
	}
	return nil
}

func (s *site) included(file string) bool {
	for _, written := range s.fn.Include {
		pattern := path.Clean(filepath.ToSlash(written))
		if file == pattern || strings.HasPrefix(file, pattern+"/") || doublestar.MatchUnvalidated(pattern, file) {
			return true
		}
	}
	return false
}

// holds reports whether a file is among the function's inputs.
func (s *site) holds(file string) bool {
	_, err := s.tree.Lstat(file)
	return err == nil
}

// nearest is the folder, the function's own or one above it, that holds one of some
// files, and the first of them that it holds.
func (s *site) nearest(names ...string) (dir, name string, ok bool) {
	for dir = s.fn.Dir; ; dir = path.Dir(dir) {
		for _, name := range names {
			if s.holds(path.Join(dir, name)) {
				return dir, name, true
			}
		}
		if dir == "." {
			return "", "", false
		}
	}
}

// read is the text of a file among the inputs; empty where there is none.
func (s *site) read(file string) string {
	data, err := s.tree.ReadFile(file)
	if err != nil {
		return ""
	}
	return string(data)
}

// on is a path of the project on this machine.
func (s *site) on(file string) string { return filepath.Join(s.tree.Name(), filepath.FromSlash(file)) }
