//go:build unix

package build

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/model"
)

func withUmask(t *testing.T, mask int) {
	before := syscall.Umask(mask)
	t.Cleanup(func() { syscall.Umask(before) })
}

// What is copied goes into images as it lies there.
func TestCopiesAreReadableByAllWhateverTheUmask(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	require.NoError(t, err)
	defer root.Close()
	require.NoError(t, root.WriteFile("from", nil, 0o600))
	withUmask(t, 0o077)
	for name, executable := range map[string]bool{"data": false, "program": true} {
		_, err := copyFile(root, "from", root, name, executable)
		require.NoError(t, err)
		info, err := root.Stat(name)
		require.NoError(t, err)
		assert.Equal(t, map[bool]fs.FileMode{false: 0o644, true: 0o755}[executable], info.Mode().Perm())
	}
}

// Another user may publish what one has built.
func TestAnArchiveIsReadableByAllWhateverTheUmask(t *testing.T) {
	root := t.TempDir()
	folder, err := os.OpenRoot(t.TempDir())
	require.NoError(t, err)
	defer folder.Close()
	require.NoError(t, folder.WriteFile("index.mjs", nil, 0o600))
	withUmask(t, 0o077)
	s, err := openStore(root)
	require.NoError(t, err)
	defer s.close()
	_, _, err = s.archive("digest", folder)
	require.NoError(t, err)
	info, err := os.Stat(filepath.Join(root, Folder, filepath.FromSlash(model.ArchiveKey("digest"))))
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o644), info.Mode().Perm())
}
