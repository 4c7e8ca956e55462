package demand

import (
	"cmp"
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

func arnOf(partition model.Partition, service, region, account, resource string) string {
	return arn.ARN{Partition: string(partition), Service: service, Region: region, Account: account, Resource: resource}.String()
}

// accountOf is the account that an ARN names, or another where it names none.
func accountOf(text, otherwise string) string { return cmp.Or(arn.Account(text), otherwise) }

// serviceOf is the service that an ARN names, or "" of what is none.
func serviceOf(text string) string { return arn.Service(text) }

// nameOf is what an ARN ends with, behind the account. What is none has a name only, behind
// its last colon.
func nameOf(text string) string {
	if a, ok := arn.Parse(text); ok {
		return a.Resource
	}
	return text[symbol.LastIndexAny(text, ":")+1:]
}

// anyRegion is an ARN that names a region, with any.
func anyRegion(text string) string {
	if arn.Region(text) == "" {
		return text
	}
	return inRegion(text, "*")
}

// inRegion is an ARN with another region.
func inRegion(text, region string) string {
	a, ok := arn.Parse(text)
	if !ok {
		return text
	}
	a.Region = region
	return a.String()
}

// unqualified is an ARN whose resource is a type and a name, without what follows the name
// behind a colon: the version of a function, the field of a secret.
func unqualified(text string) string {
	a, _ := arn.Parse(text)
	kind, rest, _ := strings.Cut(a.Resource, ":")
	if end := symbol.IndexByte(rest, ':'); end >= 0 {
		a.Resource = kind + ":" + rest[:end]
		return a.String()
	}
	return text
}
