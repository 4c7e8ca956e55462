package authz

import "strings"

// arn holds the six parts of an Amazon Resource Name.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
type arn struct{ partition, service, region, account, resource string }

// splitARN cuts an ARN. A colon in the name of a symbol is none.
func splitARN(text string) (arn, bool) {
	var parts [6]string
	if !strings.HasPrefix(text, "arn:") || !cutParts(text, &parts) {
		return arn{}, false
	}
	return arn{parts[1], parts[2], parts[3], parts[4], parts[5]}, true
}

func cutParts(text string, parts *[6]string) bool {
	n, from := 0, 0
	for i := 0; i < len(text) && n < 5; i += step(text[i:]) {
		if text[i] == ':' {
			parts[n] = text[from:i]
			n, from = n+1, i+1
		}
	}
	parts[n] = text[from:]
	return n == 5
}

// isRole reports whether the resource is a role, which its trust policy guards.
func (a arn) isRole() bool { return a.service == "iam" && strings.HasPrefix(a.resource, "role/") }

// isKey reports whether the resource is a KMS key, which its key policy guards.
func (a arn) isKey() bool { return a.service == "kms" && strings.HasPrefix(a.resource, "key/") }
