package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAProjectInAHiddenFolderIsFoundInItsRepository(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, ".git"), 0o755))
	for _, folder := range []string{"", ".infra", ".infra/shop", "services/.shop"} {
		got, inside := inRepository(filepath.Join(root, filepath.FromSlash(folder)))
		assert.True(t, inside)
		assert.Equal(t, folder, got)
	}
}

func TestWhatRulesAProjectFromAboveIsReadWithIt(t *testing.T) {
	assert.Equal(t, []string{":(top)"}, pathspecs(""))
	assert.Equal(t, []string{
		":(top,literal).infra/shop",
		":(top,literal).infra/.gitignore", ":(top,literal).infra/.gitattributes",
		":(top,literal).gitignore", ":(top,literal).gitattributes",
	}, pathspecs(".infra/shop"))
}
