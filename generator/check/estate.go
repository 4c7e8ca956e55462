package check

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
)

// estateRules are all rules on the resources that templates become in an environment.
var estateRules = []func(string, *estate.Estate, *diag.Problems){Visibility}

// Estate runs every rule on an estate of the named environment and adds what they find
// to problems.
func Estate(environment string, e *estate.Estate, problems *diag.Problems) {
	for _, rule := range estateRules {
		rule(environment, e, problems)
	}
}
