package generator_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/output"
)

const dockerfile = "FROM public.ecr.aws/lambda/nodejs:24\nCOPY index.mjs ./\nCMD [\"index.handler\"]\n"

func TestAFunctionThatWasWrittenAsAnArchiveCannotBecomeAnImageUnderItsName(t *testing.T) {
	root := t.TempDir()
	write(t, root, "foldstack.yaml", limited+"build: {privileged: true}\n")
	write(t, root, "functions/f/index.mjs", "export const handler = async () => 1;\n")
	apply(t, root)
	write(t, root, "functions/f/Dockerfile", dockerfile)
	result, err := generator.Generate(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	assert.Nil(t, result.Plan)
	require.Len(t, result.Problems, 1)
	problem := result.Problems[0]
	assert.Equal(t, "package-type-changed", problem.Rule)
	assert.Equal(t, "functions/f", problem.Place.File)
	assert.Equal(t, "f becomes a container image, and Lambda cannot change what was deployed as an archive", problem.Text)

	folder, other := filepath.Join(root, "functions/f"), filepath.Join(root, "functions/f-image")
	require.NoError(t, os.Rename(folder, other))
	assert.Equal(t, output.Created, changes(t, root)["out/functions/f-image.yaml"], "it can under another name")
	require.NoError(t, os.Rename(other, folder))
	require.NoError(t, os.Remove(filepath.Join(root, "out/functions/f.yaml")))
	assert.Equal(t, output.Created, changes(t, root)["out/functions/f.yaml"], "one that was never deployed can")
}
