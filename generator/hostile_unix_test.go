//go:build unix

package generator_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Opening a pipe waits for ever, and opening a device may do anything.
func TestAPipeOrSocketInTheFilesPlaceIsNotOpened(t *testing.T) {
	for name, put := range map[string]func(at string) error{
		"a pipe": func(at string) error { return syscall.Mkfifo(at, 0o644) },
		"a link to a pipe": func(at string) error {
			if err := syscall.Mkfifo(at+".pipe", 0o644); err != nil {
				return err
			}
			return os.Symlink(filepath.Base(at)+".pipe", at)
		},
		"a socket": func(at string) error { return listen(t, at) },
	} {
		for _, file := range append(append([]string{}, ours...), theirs...) {
			t.Run(name+" as "+file, func(t *testing.T) {
				root := plainProject.create(t, t.TempDir(), 1)
				at := filepath.Join(root, filepath.FromSlash(file))
				_ = os.Remove(at)
				require.NoError(t, put(at))
				said := strings.Join(within(t, root), "\n")
				if plainProject[file] != "" {
					assert.Contains(t, said, file+": "+filepath.Base(file)+" is a ")
				}
			})
		}
	}
}

// listen makes a socket. Its path may have 104 characters, so it is made in the
// folder it lies in.
func listen(t *testing.T, at string) error {
	t.Chdir(filepath.Dir(at))
	socket, err := net.Listen("unix", filepath.Base(at))
	if err == nil {
		t.Cleanup(func() { socket.Close() })
	}
	return err
}

// The superuser may read whatever its mode says, but nobody a path that is too long
// for the system.
func TestAFolderThatCannotBeReadIsAProblem(t *testing.T) {
	root := plainProject.create(t, t.TempDir(), 1)
	dir, err := os.OpenRoot(filepath.Join(root, "functions", "f"))
	require.NoError(t, err)
	for range 10_000 {
		require.NoError(t, dir.Mkdir("d", 0o755))
		inner, err := dir.OpenRoot("d")
		require.NoError(t, err)
		dir.Close()
		dir = inner
	}
	dir.Close()
	said := within(t, root)
	require.Len(t, said, 1)
	assert.Contains(t, said[0], "/d: the folder cannot be read: file name too long [unreadable-file]")
}
