package build

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build/archive"
	"github.com/foldstack/foldstack/generator/model"
)

// Folder is the local store, beside foldstack.yaml.
const Folder = ".foldstack"

const (
	imageFolder   = "images"
	stagingFolder = "staging"
)

// present are the keys of all that lies in the local store of a project.
func present(root string) (map[string]bool, error) {
	keys := map[string]bool{}
	for _, dir := range []string{filepath.Dir(model.ArchiveKey("")), imageFolder} {
		entries, err := os.ReadDir(filepath.Join(root, Folder, dir))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("reading the local store: %w", err)
		}
		for _, e := range entries {
			keys[dir+"/"+e.Name()] = true
		}
	}
	return keys, nil
}

// store is the local store, open for writing.
type store struct {
	dir     string // .foldstack, on this machine
	staging string // a folder in it that is this process's alone
	lock    *os.File
}

// openStore opens the store of a project, makes it where there is none, and removes
// what killed runs left unfinished in it.
func openStore(root string) (*store, error) {
	s := &store{dir: filepath.Join(root, Folder)}
	for _, dir := range []string{filepath.Dir(model.ArchiveKey("")), imageFolder, stagingFolder} {
		if err := os.MkdirAll(filepath.Join(s.dir, dir), 0o777); err != nil {
			return nil, fmt.Errorf("making the local store: %w", err)
		}
	}
	// Git passes by what ignores itself, whatever the project's own file says.
	if err := os.WriteFile(filepath.Join(s.dir, ".gitignore"), []byte("*\n"), 0o666); err != nil {
		return nil, fmt.Errorf("making the local store: %w", err)
	}
	if err := s.sweep(); err != nil {
		return nil, fmt.Errorf("removing what an earlier run left behind: %w", err)
	}
	if err := s.stage(); err != nil {
		return nil, fmt.Errorf("making a folder in the local store: %w", err)
	}
	return s, nil
}

// stage makes the folder that is this process's alone. Until it is locked, a run that
// begins at the same moment may take it for one that was left behind; then it makes
// another.
func (s *store) stage() error {
	for {
		dir, err := os.MkdirTemp(filepath.Join(s.dir, stagingFolder), "")
		if err != nil {
			return err
		}
		held, err := lock(dir)
		if err != nil {
			continue
		}
		if _, err := os.Lstat(dir); err == nil {
			s.staging, s.lock = dir, held
			return nil
		}
		held.Close()
	}
}

// sweep removes the folders in staging that no process has locked.
func (s *store) sweep() error {
	if !locks {
		return nil
	}
	entries, err := os.ReadDir(filepath.Join(s.dir, stagingFolder))
	if err != nil {
		return err
	}
	for _, e := range entries {
		left := filepath.Join(s.dir, stagingFolder, e.Name())
		held, err := lock(left)
		if err != nil {
			continue // another foldstack works there, or has just ended
		}
		err = os.RemoveAll(left)
		held.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *store) close() {
	_ = os.RemoveAll(s.staging) // the next run would do it
	s.lock.Close()
}

// archive packs a folder under a digest and returns how much it holds, and the size of
// the archive itself.
func (s *store) archive(digest string, folder *os.Root) (size archive.Size, packed int64, err error) {
	file, err := os.CreateTemp(s.staging, "")
	if err != nil {
		return size, 0, fmt.Errorf("making the archive: %w", err)
	}
	defer file.Close()
	buffered := bufio.NewWriter(file)
	if size, err = archive.Write(buffered, folder, digest); err != nil {
		return size, 0, err
	}
	info, err := s.finish(file, buffered, model.ArchiveKey(digest))
	if err != nil {
		return size, 0, fmt.Errorf("writing the archive: %w", err)
	}
	return size, info.Size(), nil
}

// finish brings a file to the disk and then to its place: after a power cut, too, what
// is there is whole.
func (s *store) finish(file *os.File, buffered *bufio.Writer, key string) (fs.FileInfo, error) {
	if err := errors.Join(buffered.Flush(), file.Chmod(0o644), file.Sync()); err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return info, os.Rename(file.Name(), filepath.Join(s.dir, filepath.FromSlash(key)))
}

// imageDir is an empty folder that image brings to its place.
func (s *store) imageDir() (string, error) {
	dir, err := os.MkdirTemp(s.staging, "image-")
	if err != nil {
		return "", fmt.Errorf("making a folder for the image: %w", err)
	}
	return dir, nil
}

// image brings an OCI image layout to its place and returns the size of its files.
func (s *store) image(digest, layout string) (archive.Size, error) {
	var size archive.Size
	root, err := os.OpenRoot(layout)
	if err != nil {
		return size, fmt.Errorf("reading the image: %w", err)
	}
	defer root.Close()
	err = archive.Walk(root, ".", nil, func(f archive.File) error {
		size.Files++
		size.Unzipped += f.Size
		return nil
	})
	if err != nil {
		return size, fmt.Errorf("reading the image: %w", err)
	}
	place := filepath.Join(s.dir, imageFolder, digest)
	if _, err := os.Lstat(place); err == nil { // built once more: a folder replaces no folder
		if err := os.Rename(place, layout+"-before"); err != nil {
			return size, fmt.Errorf("replacing the image: %w", err)
		}
	}
	if err := os.Chmod(layout, 0o755); err != nil {
		return size, fmt.Errorf("writing the image: %w", err)
	}
	if err := os.Rename(layout, place); err != nil {
		return size, fmt.Errorf("writing the image: %w", err)
	}
	return size, nil
}
