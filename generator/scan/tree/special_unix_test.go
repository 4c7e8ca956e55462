//go:build unix

package tree

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatIsNoFileIsNeverOpened(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, "pipe"), 0o644))
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, ".gitignore"), 0o644))
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, "function.yaml"), 0o644))
	tree, problems := open(t, root, Options{Keep: keepAll})
	const reason = "a pipe, a socket or a device: never opened"
	assert.Equal(t, map[string]string{"pipe": reason, ".gitignore": reason, "function.yaml": reason}, skipped(tree))

	file := tree.Read("pipe") // would wait for ever if it were opened
	assert.True(t, file.Failed)
	data, ok := tree.Document("function.yaml")
	assert.True(t, ok)
	assert.Nil(t, data)
	assert.Equal(t, []string{
		"function.yaml: function.yaml is a pipe, a socket or a device",
		"pipe: the file cannot be read: it is no file",
	}, texts(problems))
}

func TestAPipeThatTookAFilesPlaceIsNotWaitedFor(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	require.NoError(t, os.WriteFile(name, []byte("text"), 0o644))
	before, err := os.Lstat(name)
	require.NoError(t, err)
	require.NoError(t, os.Remove(name))
	require.NoError(t, syscall.Mkfifo(name, 0o644))

	var file File
	require.NoError(t, file.loadRegular(name, before, MaxKept)) // would wait for ever for a writer
	assert.Empty(t, file.Data)
}
