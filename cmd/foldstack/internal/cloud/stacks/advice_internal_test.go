package stacks

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNoAdviceIsUntestedOrHiddenBehindAnother(t *testing.T) {
	tests, err := os.ReadFile("advice_test.go")
	require.NoError(t, err)
	for i, a := range advice {
		assert.Contains(t, string(tests), a.text)
		for _, before := range advice[:i] {
			assert.False(t, strings.Contains(a.text, before.text), "%q never gets past %q", a.text, before.text)
		}
	}
}
