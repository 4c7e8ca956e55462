package arn

import (
	"strings"

	"github.com/foldstack/foldstack/generator/symbol"
)

// ARN is arn:partition:service:region:account:resource.
type ARN struct{ Partition, Service, Region, Account, Resource string }

// Parse cuts a text into the parts of an ARN, any of which may be empty; false where the
// text is none.
func Parse(text string) (a ARN, ok bool) {
	rest, ok := strings.CutPrefix(text, "arn:")
	for _, part := range [...]*string{&a.Partition, &a.Service, &a.Region, &a.Account} {
		colon := symbol.IndexByte(rest, ':')
		if !ok || colon < 0 {
			return ARN{}, false
		}
		*part, rest = rest[:colon], rest[colon+1:]
	}
	a.Resource = rest
	return a, true
}

// String is the text of the ARN.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}

// Service is the service that a text names as an ARN; empty of what is none.
func Service(text string) string {
	a, _ := Parse(text)
	return a.Service
}

// Region is the region that a text names as an ARN; empty where it names none.
func Region(text string) string {
	a, _ := Parse(text)
	return a.Region
}

// Account is the account that a text names as an ARN; empty where it names none.
func Account(text string) string {
	a, _ := Parse(text)
	return a.Account
}
