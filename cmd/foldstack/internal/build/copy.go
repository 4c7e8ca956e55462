package build

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build/archive"
)

// copyFile copies a file to a place where none may be, and returns its SHA-256.
func copyFile(from *os.Root, name string, to *os.Root, as string, executable bool) (sum [sha256.Size]byte, err error) {
	in, err := from.Open(name)
	if err != nil {
		return sum, err
	}
	defer in.Close()
	mode := fs.FileMode(0o644)
	if executable {
		mode = 0o755
	}
	out, err := to.OpenFile(as, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return sum, err
	}
	defer out.Close()
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(out, hash), in); err != nil {
		return sum, err
	}
	if err := out.Chmod(mode); err != nil { // whatever the umask says
		return sum, err
	}
	return [sha256.Size]byte(hash.Sum(nil)), nil
}

// copyAll copies every file at or below a path, with what links point at in their place.
func copyAll(from *os.Root, name string, to *os.Root, as string, skip func(name string) bool) error {
	return archive.Walk(from, name, skip, func(f archive.File) error {
		rest, ok := strings.CutPrefix(f.Name, name+"/")
		switch {
		case name == ".":
			rest = f.Name
		case !ok:
			rest = ""
		}
		target := path.Join(as, rest)
		if err := to.MkdirAll(path.Dir(target), 0o755); err != nil {
			return err
		}
		_, err := copyFile(from, f.Name, to, target, f.Executable)
		return err
	})
}

// copyIn puts a file of this machine into the archive.
func (s *site) copyIn(file, as string, executable bool) error {
	root, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return fmt.Errorf("opening what was built: %w", err)
	}
	defer root.Close()
	if _, err := copyFile(root, filepath.Base(file), s.out, as, executable); err != nil {
		return fmt.Errorf("copying %s: %w", as, err)
	}
	return nil
}

// write writes a file beside the tree.
func write(file string, data []byte) error {
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(file), err)
	}
	return nil
}
