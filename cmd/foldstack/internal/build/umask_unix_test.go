//go:build unix

package build

import (
	"io/fs"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
