package diff

// Report is what a deployment would change. Lists are never nil, and keys are only ever
// added to what it is as JSON.
type Report struct {
	Functions  []Change `json:"functions"` // those that change, by name
	Stacks     []Change `json:"stacks"`    // what else changes: users' stacks, api, orchestrations, base stacks
	Unchanged  int      `json:"unchanged"` // functions
	Targets    Targets  `json:"targets"`
	Stages     Stages   `json:"stages"` // of the pipeline
	BaseStacks []Deploy `json:"baseStacks"`
}

// Change is what becomes of one unit.
type Change struct {
	Kind   Kind    `json:"kind"`
	Name   string  `json:"name"`
	Action Action  `json:"action"`
	Places []Place `json:"places"` // in the order of promotion; none of a function that comes or goes with its targets
}

// Action is what becomes of something.
type Action string

// The actions.
const (
	Added    Action = "added"
	Removed  Action = "removed"
	Changed  Action = "changed"
	Replaced Action = "replaced" // made anew, and the old one deleted
)

// Place is what becomes of a unit in targets of one environment in which the same
// becomes of it.
type Place struct {
	Environment string     `json:"environment"` // empty in the tooling account
	Targets     []Target   `json:"targets"`
	Action      Action     `json:"action"`
	Code        *Values    `json:"code"`    // digests; null where the code stays
	Version     bool       `json:"version"` // a new version of the function is published
	Resources   []Resource `json:"resources"`
	Grants      []Grant    `json:"grants"`
}

// Target is an account and a region.
type Target struct {
	Account string `json:"account"`
	Region  string `json:"region"`
}

// Values are what was and what will be, as texts; null is nothing.
type Values struct {
	Before *string `json:"before"`
	After  *string `json:"after"`
}

// Resource is what becomes of one resource.
type Resource struct {
	Action     Action     `json:"action"`
	ID         string     `json:"id"` // logical
	Type       string     `json:"type"`
	Name       string     `json:"name"` // physical; "…" stands for what is made up at deployment
	Properties []Property `json:"properties"`
	// Maybe tells that the values decide whether it is replaced.
	Maybe bool `json:"maybe"`
	// Refused is why CloudFormation refuses the change, or empty.
	Refused Refusal `json:"refused"`
	// LosesData tells that data goes with what is deleted or, with Maybe, would go.
	LosesData bool `json:"losesData"`
}

// Refusal is why CloudFormation does not replace a resource.
type Refusal string

// The refusals.
const (
	// Named is a replacement that keeps its name.
	//
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
	Named Refusal = "named"
	// Retyped is another type under the same logical id.
	//
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
	Retyped Refusal = "retyped"
)

// Property is a property, or an attribute such as DeletionPolicy, that changes.
type Property struct {
	Path string `json:"path"`
	Values
	Replaces bool `json:"replaces"` // the resource
	// Follows is the logical id of the resource whose replacement changes the value.
	Follows string `json:"follows"`
	// Policy tells of a policy, whose change stands among the grants.
	Policy bool `json:"policy"`
}

// Grant is what a policy says more or no longer: that each of the principals may do each
// of the actions on each of the resources.
type Grant struct {
	Subject    string   `json:"subject"` // logical id of the role, or of the resource that holds the policy
	Action     Action   `json:"action"`  // added or removed
	Widens     bool     `json:"widens"`  // more is allowed
	Effect     string   `json:"effect"`
	Principals []string `json:"principals"` // none of a role's own policy
	Actions    []string `json:"actions"`
	Resources  []string `json:"resources"` // none of a trust policy
	Condition  string   `json:"condition"`
	Policy     string   `json:"policy"` // the ARN of a managed policy that is attached, and that no template holds
}

// Targets are those that come and go. What is deployed in one that goes stays there.
type Targets struct {
	Added   []EnvironmentTarget `json:"added"`
	Removed []EnvironmentTarget `json:"removed"`
}

// EnvironmentTarget is a target and its environment.
type EnvironmentTarget struct {
	Environment string `json:"environment"`
	Target
}

// Stages are those of the pipeline that come and go.
type Stages struct {
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
}

// Deploy is a base stack that somebody has to deploy, or that nothing names any more.
type Deploy struct {
	Action   Action `json:"action"`
	Template string `json:"template"`
	Stack    string `json:"stack"`
	Target
}

// Empty reports whether nothing changes.
func (r *Report) Empty() bool {
	return len(r.Functions)+len(r.Stacks)+len(r.BaseStacks)+len(r.Targets.Added)+len(r.Targets.Removed)+len(r.Stages.Added)+len(r.Stages.Removed) == 0
}
