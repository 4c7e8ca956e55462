//go:build unix

package tree

import (
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
