package stack

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestADescriptionIsReadWithoutItsDigest(t *testing.T) {
	const digest = "44fa3ec34608a8eb"
	for description, want := range map[string]string{
		"Takes orders. (" + digest + ")":       "Takes orders.",
		"Takes (some) orders (" + digest + ")": "Takes (some) orders",
		"Takes (some)":                         "Takes (some)",
		"Takes " + digest:                      "Takes " + digest,
		"":                                     "",
	} {
		assert.Equal(t, want, Described(description))
	}
	got, ok := VersionDigest(versionID(digest))
	assert.True(t, ok)
	assert.Equal(t, digest, got)
	for _, id := range []string{"Version", "Version2", "VersionOfTheTable", "Live"} {
		_, ok := VersionDigest(id)
		assert.False(t, ok, id)
	}
}
