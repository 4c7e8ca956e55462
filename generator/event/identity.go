package event

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxWords bounds the readable part of a logical id.
const maxWords = 40

// identify is the logical id of one of several resources of a kind in a stack:
// what it is, some readable words, and the digest of the content that tells it
// apart. It follows from the content and not from the event's position, so that
// adding or moving an entry leaves the others' resources alone.
func identify(what, readable, content string) string {
	var words strings.Builder
	upper := true
	for _, r := range readable {
		switch {
		case r >= 'a' && r <= 'z' && upper:
			words.WriteRune(r - 'a' + 'A')
			upper = false
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			words.WriteRune(r)
			upper = false
		default:
			upper = true
		}
	}
	short := words.String()
	if len(short) > maxWords {
		short = short[:maxWords]
	}
	sum := sha256.Sum256([]byte(content))
	return what + short + hex.EncodeToString(sum[:4])
}
