package diag

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Another problem, and a note, may stand in the line of a secret, before it or behind.
func TestALineEndsBeforeTheSecretThatItHolds(t *testing.T) {
	const file = "functions/a/function.yaml"
	sources := &Sources{}
	sources.Add(file, []byte("environment: {MODE: fast, TOKEN: hunter2, OTHER: hunter3}\nmemory: 5\nsecret: hunter4\n"))
	problems := []Problem{
		{Rule: "a", Place: Place{file, 1, 15}, Text: "before it"},
		{Rule: "b", Place: Place{file, 1, 34}, Text: "the secret", Secret: true},
		{Rule: "b", Place: Place{file, 1, 50}, Text: "another secret", Secret: true},
		{Rule: "c", Place: Place{file, 1, 43}, Text: "behind it"},
		{Rule: "d", Place: Place{file, 2, 9}, Text: "elsewhere", Notes: []Note{{Place{file, 1, 50}, "a note behind it"}}},
		{Rule: "e", Place: Place{file, 3, 0}, Text: "a secret somewhere in the line", Secret: true},
	}
	var out bytes.Buffer
	require.NoError(t, WriteText(&out, problems, sources, false))
	assert.Equal(t, `functions/a/function.yaml:1:15: before it [a]
    1 | environment: {MODE: fast, TOKEN: …
      |               ^

functions/a/function.yaml:1:34: the secret [b]
    1 | environment: {MODE: fast, TOKEN: …
      |                                  ^

functions/a/function.yaml:1:50: another secret [b]
    1 | environment: {MODE: fast, TOKEN: …
      |                                  ^

functions/a/function.yaml:1:43: behind it [c]
    1 | environment: {MODE: fast, TOKEN: …
      |                                  ^

functions/a/function.yaml:2:9: elsewhere [d]
    2 | memory: 5
      |         ^
    note: functions/a/function.yaml:1:50: a note behind it
        1 | environment: {MODE: fast, TOKEN: …
          |                                  ^

functions/a/function.yaml:3: a secret somewhere in the line [e]
    3 | …
`, out.String())
}

// It may quote what stands there, and goes or comes back with the secret.
func TestAnotherProblemAtTheSamePlaceIsNotToldBesideASecret(t *testing.T) {
	secret := Problem{Rule: "plain-secret", Place: Place{"a.yaml", 1, 9}, Text: "the secret", Secret: true}
	beside := Problem{Rule: "wrong-type", Place: Place{"a.yaml", 1, 20}, Text: "elsewhere"}
	var problems Problems
	for _, p := range []Problem{{Rule: "wrong-type", Place: secret.Place, Text: `timeout is "hunter2"`}, secret, beside} {
		problems.Add(p)
	}
	assert.Equal(t, []Problem{secret, beside}, problems.Sorted())
	assert.Equal(t, []Problem{secret, beside}, problems.Listed())
}

func TestNoReportForMachinesQuotesALine(t *testing.T) {
	problems := []Problem{{Rule: "b", Place: Place{"a.yaml", 1, 9}, Text: "the secret", Secret: true}}
	var out bytes.Buffer
	require.NoError(t, WriteJSON(&out, problems))
	require.NoError(t, WriteGitHub(&out, problems))
	require.NoError(t, WriteSARIF(&out, problems, nil))
	assert.NotContains(t, out.String(), "snippet")
	assert.NotContains(t, out.String(), "Secret")
}
