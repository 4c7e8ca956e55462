package proof

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/symbol"
)

// What stands for several texts must be able to be each of them.
func TestOneTextStandsForManyByWhatTheyBeginAndEndWith(t *testing.T) {
	here := symbol.New("account")
	for _, c := range []struct{ texts, want []string }{
		{[]string{"f:a-1", "f:a-2"}, []string{"f:a-", ""}},
		{[]string{"f:one:live", "f:two:live"}, []string{"f:", ":live"}},
		{[]string{"ab", "aab"}, []string{"a", "b"}},
		{[]string{"a", "aa"}, []string{"a", ""}},
		{[]string{here + ":x", here + ":y"}, []string{here + ":", ""}},
		{[]string{symbol.New("a1") + "x", symbol.New("a2") + "x"}, []string{"", "x"}},
	} {
		var parts []*bundle
		for _, text := range c.texts {
			parts = append(parts, &bundle{request: authz.Request{Context: authz.Context{varying: {text}}}})
		}
		assert.Equal(t, c.want[0]+symbol.New("any")+c.want[1], anyOf(parts), c.texts)
	}
}
