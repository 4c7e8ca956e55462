package endtoend

import (
	"flag"
	"os"
	"path/filepath"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the pages in testdata")

// told holds what was found against its page.
func (s *story) told(page, what string) {
	s.t.Helper()
	file := filepath.Join("testdata", page+".txt")
	s.pages = append(s.pages, file)
	if *update {
		require.NoError(s.t, os.WriteFile(file, []byte(what), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(s.t, err)
	assert.Equal(s.t, string(want), what, "%s says otherwise: read the difference, and rewrite the page by -update", file)
}

// end holds the story to its pages: one that nobody tells any more is a mistake.
func (s *story) end() {
	s.t.Helper()
	pages, err := filepath.Glob("testdata/*.txt")
	require.NoError(s.t, err)
	assert.Equal(s.t, s.pages, pages)
}
