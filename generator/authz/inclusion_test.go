package authz

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
)

func TestAPatternIncludesWhatItMatchesWhollyOnly(t *testing.T) {
	for _, c := range []struct {
		wide, narrow string
		want         bool
	}{
		{"*", "arn:aws:s3:::shop", true},
		{"arn:aws:s3:::shop/*", "arn:aws:s3:::shop/orders/*", true},
		{"arn:aws:s3:::shop/orders/*", "arn:aws:s3:::shop/*", false},
		{"arn:aws:s3:::shop*", "arn:aws:s3:::shop/orders/*", true},
		{"a*b*c", "a*c", false},
		{"a*c", "a*b*c", true},
		{"a?c", "abc", true},
		{"a?c", "a*c", false},
		{"a*", "a?", true},
		{"?*", "a*", true},
		{"*?", "?", true},
		{"*?", "?*", false}, // what ends with a symbol
		{"?*?", "*?", false},
		{"*a*", "*ba*", true},
		{"*a" + strings.Repeat("?", 60), "*b*", false},
		{"*a" + strings.Repeat("?", 60), "*a*" + strings.Repeat("?", 60), false},
		{"*a*" + strings.Repeat("?", 60), "*a" + strings.Repeat("?", 60), true},
		{"arn:aws:sqs:*:1:jobs", "arn:aws:sqs:eu-*:1:jobs", true},
		{"arn:aws:sqs:e*t:1:jobs", "arn:aws:sqs:*:1:jobs", false},
		{"arn:aws:sqs:e*t:1:jobs", "arn:aws:sqs:eu-west:1:jobs", true},
		{"x/${aws:username}", "x/${aws:username}", true},
		{"x/*", "x/${aws:username}", true},
		{"x/${aws:username}", "x/a", false},
		{"x/${*}", "x/*", false},
		{"role/*", "role/" + symbol.New("name"), true},
		{"role/????", "role/" + symbol.New("name"), false},
		{"role/" + symbol.New("name"), "role/*", false},
		{"role/" + symbol.New("name") + "*", "role/" + symbol.New("name") + "-x", true},
	} {
		assert.Equal(t, c.want, Includes(c.wide, c.narrow), "%s includes %s", c.wide, c.narrow)
	}
}

func TestPatternsOverlapWhereATextMatchesBoth(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"a*", "*b", true},
		{"a*", "b*", false},
		{"*a", "*b", false},
		{"a?", "?b", true},
		{"a", "a?", false},
		{"*", "", true},
		{"arn:aws:sqs:*:1:jobs", "arn:aws:sqs:eu-central-1:*:jobs", true},
		{"arn:aws:sqs:e*t:1:jobs", "arn:aws:sqs:eu-central-1:1:jobs", false},
		{"a" + symbol.New("x"), "a" + symbol.New("y"), false},
		{"a" + symbol.New("x"), "a*", true},
		{"a" + symbol.New("x"), "a?", false},
	} {
		assert.Equal(t, c.want, Overlap(c.a, c.b), "%s and %s", c.a, c.b)
		assert.Equal(t, c.want, Overlap(c.b, c.a), "%s and %s", c.b, c.a)
	}
}

// texts are all of up to some letters, among them one that no pattern names.
func texts(letters []string, longest int) []string {
	all, last := []string{""}, []string{""}
	for range longest {
		var next []string
		for _, text := range last {
			for _, letter := range letters {
				next = append(next, text+letter)
			}
		}
		all, last = append(all, next...), next
	}
	return all
}

func randomPattern(r *rand.Rand, letters []string, longest int) string {
	var b strings.Builder
	for range r.IntN(longest + 1) {
		b.WriteString(letters[r.IntN(len(letters))])
	}
	return b.String()
}

// Patterns of at most five characters differ, if they do, in a text of at most seven:
// an asterisk that has to be longer than two to tell them apart has no room in them.
func TestInclusionAndOverlapAreThoseOfAllShortTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	alphabet := texts([]string{"a", "b", "z", symbol.New("s")}, 7)
	for range 600 {
		a := randomPattern(r, []string{"a", "a", "b", "?", "*", "*"}, 5)
		b := randomPattern(r, []string{"a", "a", "b", "?", "*", "*"}, 5)
		p, q := parsePattern(a, inResource), parsePattern(b, inResource)
		includes, overlap := true, false
		for _, text := range alphabet {
			inA, inB := p.matches(text), q.matches(text)
			includes = includes && (inA || !inB)
			overlap = overlap || inA && inB
		}
		assert.Equal(t, includes, Includes(a, b), "%q includes %q", a, b)
		assert.Equal(t, overlap, Overlap(a, b), "%q and %q", a, b)
	}
}

// The same within an ARN, where some asterisks stop at colons. What lies beyond the
// third part is fixed, so that the texts stay short.
func TestInclusionWithinAnARNIsThatOfAllShortTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	middle := texts([]string{"a", "b", ":"}, 6)
	for range 600 {
		a := "arn:" + randomPattern(r, []string{"a", "b", "?", "*", ":"}, 5) + ":::b"
		b := "arn:" + randomPattern(r, []string{"a", "b", "?", "*", ":"}, 5) + ":::b"
		includes, overlap := true, false
		for _, text := range middle {
			text = "arn:" + text + ":::b"
			inA, inB := Matches(a, text), Matches(b, text)
			includes = includes && (inA || !inB)
			overlap = overlap || inA && inB
		}
		if !includes {
			assert.False(t, Includes(a, b), "%q does not include %q", a, b)
		}
		if overlap {
			assert.True(t, Overlap(a, b), "%q overlaps %q", a, b)
		}
		if Includes(a, b) {
			assert.True(t, includes, "%q includes %q", a, b)
		}
	}
}
