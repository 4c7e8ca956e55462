package link

import "strings"

// arn is an ARN in its parts, each of which may hold an unknown.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
type arn struct {
	valid                              bool
	service, region, account, resource string
}

func parseARN(text string) arn {
	parts := strings.SplitN(text, ":", 6)
	switch {
	case len(parts) == 6 && parts[0] == "arn":
	case !known(text):
		return arn{account: unknown}
	default:
		return arn{}
	}
	return arn{true, parts[2], parts[3], parts[4], parts[5]}
}

// rolePath is the path and name of a role, such as /service/build, or "".
func (a arn) rolePath() string {
	name, ok := strings.CutPrefix(a.resource, "role")
	if !ok || a.service != "iam" || !strings.HasPrefix(name, "/") {
		return ""
	}
	return name
}

// known reports whether all of a text is known.
func known(text string) bool { return !strings.Contains(text, unknown) }

// shown is a text for a message.
func shown(text string) string { return strings.ReplaceAll(text, unknown, "…") }
