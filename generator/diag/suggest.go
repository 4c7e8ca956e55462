package diag

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// Suggest returns the candidate that a person who wrote word most likely meant.
// Letter case does not count. A candidate is near when about a third of word's
// letters differ, when two letters changed places, when word is its beginning, or
// when word begins or ends with it, as memorySize does with memory; of equally near
// ones the first in alphabetical order is taken.
func Suggest(word string, candidates []string) (string, bool) {
	lower := strings.ToLower(word)
	length := utf8.RuneCountInString(lower)
	best, bestDistance := "", -1
	for _, c := range candidates {
		d, near := nearness(lower, strings.ToLower(c), length)
		if !near || c == word {
			continue
		}
		if bestDistance < 0 || d < bestDistance || d == bestDistance && c < best {
			best, bestDistance = c, d
		}
	}
	return best, bestDistance >= 0
}

// maxDistance is how many letters a suggestion may differ in.
const maxDistance = 3

// minPart is how many letters a candidate must have to be meant by a part of a word.
const minPart = 4

// nearness is the distance of two lower-case words and whether it is small
// enough for a suggestion.
func nearness(word, candidate string, length int) (int, bool) {
	if word == candidate {
		return 0, true
	}
	longer := utf8.RuneCountInString(candidate) - length
	within := length > 2 && strings.HasPrefix(candidate, word) ||
		length+longer >= minPart && (strings.HasPrefix(word, candidate) || strings.HasSuffix(word, candidate))
	if longer < -maxDistance || longer > maxDistance { // the distance is no less, and costly for a long word
		return max(longer, -longer), within
	}
	d := levenshtein.ComputeDistance(word, candidate)
	small := d <= min((length+1)/3, maxDistance) && length > 2
	return d, small || within || d == 2 && sameLetters(word, candidate)
}

func sameLetters(a, b string) bool {
	x, y := []rune(a), []rune(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
