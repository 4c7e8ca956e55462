package link

import (
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
)

// parseARN is the ARN that a text is. What is none has no service; of an unknown text the
// account is unknown.
func parseARN(text string) arn.ARN {
	a, ok := arn.Parse(text)
	if !ok && !known(text) {
		a.Account = unknown
	}
	return a
}

// rolePath is the path and name of a role, such as /service/build, or "".
func rolePath(a arn.ARN) string {
	name, ok := strings.CutPrefix(a.Resource, "role")
	if !ok || a.Service != "iam" || !strings.HasPrefix(name, "/") {
		return ""
	}
	return name
}

// known reports whether all of a text is known.
func known(text string) bool { return !strings.Contains(text, unknown) }

// shown is a text for a message.
func shown(text string) string { return strings.ReplaceAll(text, unknown, "…") }
