package demand

import (
	"strings"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

// An ARN is arn:partition:service:region:account:resource.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
const (
	arnService = 2
	arnRegion  = 3
	arnAccount = 4
	arnName    = 5
	arnParts   = 6
)

func arnOf(partition model.Partition, service, region, account, resource string) string {
	return strings.Join([]string{"arn", string(partition), service, region, account, resource}, ":")
}

// accountOf is the account that an ARN names, or another where it names none.
func accountOf(arn, otherwise string) string {
	if parts, ok := partsOf(arn); ok && parts[arnAccount] != "" {
		return parts[arnAccount]
	}
	return otherwise
}

// serviceOf is the service that an ARN names, or "" of what is none.
func serviceOf(arn string) string {
	parts, ok := partsOf(arn)
	if !ok {
		return ""
	}
	return parts[arnService]
}

// nameOf is what an ARN ends with, behind the account.
func nameOf(arn string) string {
	parts, _ := partsOf(arn)
	return parts[arnName]
}

// partsOf are the parts of an ARN. What is none has a name only, behind its last colon. A
// colon in the name of a symbol, such as that of a stored setting, is none.
func partsOf(arn string) (parts [arnParts]string, ok bool) {
	n, from := 0, 0
	for at := 0; at < len(arn) && n < arnName; {
		if width := symbol.Width(arn[at:]); width > 0 {
			at += width
			continue
		}
		if arn[at] == ':' {
			parts[n] = arn[from:at]
			n, from = n+1, at+1
		}
		at++
	}
	parts[arnName] = arn[from:]
	return parts, n == arnName
}

// withPart is an ARN with another text in the place of a part.
func withPart(arn string, part int, text string) string {
	parts, ok := partsOf(arn)
	if !ok {
		return arn
	}
	parts[part] = text
	return strings.Join(parts[:], ":")
}
