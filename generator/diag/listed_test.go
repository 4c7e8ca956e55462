package diag

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOfManyProblemsOfOneKindTheFirstHundredAreListed(t *testing.T) {
	for _, c := range []struct {
		added, listed int
		last          string
	}{
		{100, 100, "problem 100"},
		{101, 101, "problem 101"},
		{102, 101, "and 2 more problems of this kind in the file"},
		{400_000, 101, "and 399900 more problems of this kind in the file"},
	} {
		var problems Problems
		for i := range c.added {
			problems.Addf("some-rule", Place{File: "f.yaml", Line: i + 1}, "do otherwise", "problem %d", i+1)
		}
		problems.Addf("some-rule", Place{File: "g.yaml", Line: 1}, "", "in another file")
		problems.Addf("some-rules", Place{File: "f.yaml", Line: c.added + 1}, "", "of another kind")
		listed := problems.Listed()
		if assert.Len(t, listed, c.listed+2, "%d problems", c.added) {
			assert.Equal(t, c.last, listed[c.listed-1].Text)
			assert.Equal(t, Place{File: "f.yaml", Line: c.listed}, listed[c.listed-1].Place)
			assert.Equal(t, "of another kind", listed[c.listed].Text)
			assert.Equal(t, "in another file", listed[c.listed+1].Text)
		}
	}
}

func TestOfALongTextTheBeginningIsListed(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{strings.Repeat("é", 2000), strings.Repeat("é", 2000)},
		{strings.Repeat("é", 2001), strings.Repeat("é", 2000) + "…"},
	} {
		var problems Problems
		problems.Add(Problem{Text: c.text, Hint: c.text})
		assert.Equal(t, []Problem{{Text: c.want, Hint: c.want}}, problems.Listed(), fmt.Sprint(len(c.text)))
	}
}
