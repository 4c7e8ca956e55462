package demand

import (
	"slices"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
)

// Demand is one request that a delivery makes, or that nobody may make.
type Demand struct {
	authz.Request

	// Within are the widest resources that a grant for this demand may name, as IAM
	// patterns. Where empty it is the resource with an asterisk for each of its symbols
	// but the account: what only the deployment can tell, a policy may leave open.
	Within []string

	// Narrowed are the keys of the context, in lower case, by which a grant has to be
	// conditioned because a wider one could be misused: iam:passedtoservice of a passed
	// role, aws:sourcearn of a service that anybody can send.
	Narrowed []string

	// Leeway are, for keys of Narrowed, the widest values that a condition of a grant may
	// hold, as patterns. A key that is not there may hold what the request carries, with an
	// asterisk for each of its symbols but the account.
	Leeway authz.Context

	// Forbidden tells that the request must be refused.
	Forbidden bool

	// Spare tells that nothing which is there needs the grant, only what may come: without
	// it nothing fails, and with it nothing is too much. A request that is Forbidden and
	// Spare may pass, and what denies it is not in vain.
	Spare bool

	// Opened are the kinds of policy that are taken to allow everything beside what they
	// say, where what they allow is not for the templates alone to say: whatever a function
	// is permitted and whatever foldstack.yaml opens, a deny has to refuse the request.
	Opened []authz.Kind

	// Alike are more demands, which differ from this one only in what they hold, and
	// Family is a pattern that matches the resources of all. Each lists them.
	Family string
	Alike  []Alike

	Step  Step
	Why   string     // what happens: "CloudFormation creates the queue Jobs"
	Cause diag.Place // what the user wrote that makes it happen
	Page  string     // the AWS page that says so
}

// added is a list of many demands with one more. They are large, so that a list grows to twice its length
// and is seldom copied.
func added(list []Demand, d *Demand) []Demand {
	if len(list) == cap(list) {
		list = slices.Grow(list, max(len(list), 64))
	}
	return append(list, *d)
}

// Step is the moment of a delivery that a demand belongs to. The order of its fields is
// the order in which people are shown it.
type Step struct {
	Environment string // empty of what serves all
	Stage       string // of the pipeline, such as "Build"; or "Start", "Run time", "Never"
	Action      string // of the pipeline, such as "prepare-222222222222-eu-central-1"; or what runs
}
