package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Who deploys from a folder that is closed to them must not deploy another project.
func TestAFolderThatCannotBeSearchedMayHoldTheProject(t *testing.T) {
	root := t.TempDir()
	here := filepath.Join(root, "shop", "functions")
	require.NoError(t, os.MkdirAll(here, 0o777))
	above := filepath.Join(root, configName)
	require.NoError(t, os.WriteFile(above, nil, 0o666))

	found, err := nearest(here, os.Lstat)
	require.NoError(t, err)
	assert.Equal(t, above, found)

	closed := filepath.Join(root, "shop", configName)
	_, err = nearest(here, func(name string) (fs.FileInfo, error) {
		if name == closed {
			return nil, &fs.PathError{Op: "lstat", Path: name, Err: fs.ErrPermission}
		}
		return os.Lstat(name)
	})
	require.EqualError(t, err, "looking for foldstack.yaml: lstat "+closed+": permission denied")
	assert.Equal(t, "name the file by --config, or have the right to search that folder given to you", hintOf(err))
}
