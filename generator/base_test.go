package generator_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
)

func TestABaseStackTellsWhatIsInIt(t *testing.T) {
	result, err := generator.Check(t.Context(), generator.Options{Root: ".."})
	require.NoError(t, err)
	require.Empty(t, result.Problems)
	for _, b := range result.Bases {
		assert.Equal(t, bytes.Count(b.Template, []byte("\n    Type: AWS::")), len(b.Types), b.Name)
		for _, service := range []string{"IAM", "KMS", "CodeConnections", "CodePipeline"} {
			assert.Equal(t, bytes.Contains(b.Template, []byte("\n    Type: AWS::"+service+"::")), b.Makes(service), "%s of %s", service, b.Name)
		}
	}
}
