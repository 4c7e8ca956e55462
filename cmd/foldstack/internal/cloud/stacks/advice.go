package stacks

import "strings"

// advice says what to do about a reason that holds a text, the first that fits.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
var advice = []struct{ text, hint string }{
	{"already exists", "something of that name is there and is not of this stack: delete it, or import it into the stack, and run it again"},
	{"is not authorized to perform", "whoever deploys may not do that: use credentials that may; for a role of foldstack run `foldstack bootstrap`, then `foldstack verify`"},
	{"AccessDenied", "whoever deploys may not do that: use credentials that may; for a role of foldstack run `foldstack bootstrap`, then `foldstack verify`"},
	{"No export named", "another stack has to be deployed first: run `foldstack bootstrap`"},
	{"LimitExceeded", "a quota of the account is reached: raise it in Service Quotas, or remove what is not used"},
	{"limit exceeded", "a quota of the account is reached: raise it in Service Quotas, or remove what is not used"},
	{"NoSuchKey", "the code is not there: run `foldstack publish`"},
	{"The specified key does not exist", "the code is not there: run `foldstack publish`"},
	{"Rate exceeded", "AWS asked for fewer calls: run it again"},
	{"Throttling", "AWS asked for fewer calls: run it again"},
}

// Advice says what to do about a failure.
func Advice(e Event) string {
	for _, a := range advice {
		if strings.Contains(e.Reason, a.text) {
			return a.hint
		}
	}
	return "mend what the reason names, and run it again"
}
