package link_test

import (
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The valid templates that the schemas are tested with refer to nothing that is missing.
func TestAValidTemplateOfAUserHasNoProblem(t *testing.T) {
	files, err := filepath.Glob("../schema/testdata/valid/*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 25)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Empty(t, check(document(t, path.Base(file), string(text))), file)
	}
}
