//go:build unix

package scan

import (
	"net"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Opening one of these would wait for ever or change something.
func TestPipesAndSocketsAreSkippedUnopened(t *testing.T) {
	root := project(t, map[string]string{"functions/a/index.mjs": javascript, "functions/b/index.mjs": javascript})
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, "functions", "pipe"), 0o644))
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, "functions", "a", "pipe"), 0o644))
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, "functions", "b", FunctionFile), 0o644))
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, "package-lock.json"), 0o644))
	t.Chdir(root) // a socket's path may have 104 characters
	socket, err := net.Listen("unix", filepath.Join("functions", "a", "socket"))
	require.NoError(t, err)
	defer socket.Close()
	p, problems := scan(t, root)
	assert.Equal(t, []string{"functions/b/function.yaml: function.yaml is a pipe, a socket or a device"}, texts(problems))
	const reason = "a pipe, a socket or a device: never opened"
	assert.Equal(t, map[string]string{"functions/pipe": reason, "functions/a/pipe": reason, "functions/a/socket": reason, "functions/b/function.yaml": reason}, reasons(p))
	require.Len(t, p.Functions, 2)
	for _, fn := range p.Functions {
		assert.Len(t, fn.Inputs, 1)
	}
}

func TestAProjectFileThatIsAPipeIsAnError(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(root, ConfigFile), 0o644))
	p, problems := scan(t, root)
	assert.Nil(t, p)
	assert.Equal(t, []string{"foldstack.yaml: foldstack.yaml is a pipe, a socket or a device"}, texts(problems))
}
