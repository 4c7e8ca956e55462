package event

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"

	"github.com/awslabs/goformation/v7/cloudformation/iam"
	"github.com/awslabs/goformation/v7/cloudformation/lambda"
)

// Context is the function's stack as an event sees it while it is built.
type Context struct {
	Project   *model.Project
	Function  *model.Function
	Template  *cfn.Template
	Alias     string                   // the ARN of the alias that is to be called
	Unaliased string                   // the function's own ARN, for services not known to take an alias
	RolePath  string                   // of every role that a deployment makes
	Boundary  string                   // the ARN of those roles' permissions boundary
	Parameter func(r Reference) string // the name of the parameter that carries an output
	Problems  *diag.Problems

	Statements []policy.Statement // what events ask for the execution role, in their order
	Offered    []cfn.Output       // what events offer to other stacks

	current Event
	added   map[string]diag.Place
}

// Build adds one event to the template.
func (c *Context) Build(e Event) {
	c.current = e
	e.Build(c)
	c.current = nil
}

// Add puts a resource into the template. An id that is there already means that
// the function has the same event twice.
func (c *Context) Add(id string, properties cfn.Properties) *cfn.Resource {
	if c.added == nil {
		c.added = map[string]diag.Place{}
	}
	if first, taken := c.added[id]; taken {
		c.Problems.Add(diag.Problem{
			Rule: "duplicate-event", Place: c.current.Place(),
			Text: "the function has this event already: " + c.current.Kind() + " " + c.current.Summary(),
			Hint: "remove one of the two", Notes: []diag.Note{{Place: first, Text: "the other one"}},
		})
		return &cfn.Resource{ID: id, Properties: properties}
	}
	c.added[id] = c.current.Place()
	r := c.Template.Add(id, properties)
	r.Origin = c.current.Place()
	return r
}

// has reports whether an event has added that resource, for those that several
// events of a function share.
func (c *Context) has(id string) bool {
	_, ok := c.added[id]
	return ok
}

// Permit adds a statement to the function's execution role.
func (c *Context) Permit(s policy.Statement) { c.Statements = append(c.Statements, s) }

// Link is a reference to the parameter that carries another stack's output.
func (c *Context) Link(r Reference) string { return cfn.Ref(c.Parameter(r)) }

// Output offers a value to other stacks; it enters the template when one of them
// names it.
func (c *Context) Output(name, description, value string) {
	c.Offered = append(c.Offered, cfn.Output{Name: name, Description: description, Value: value})
}

// Value turns what a user wrote into a value of the template.
func (c *Context) Value(n *source.Node) any { return cfn.FromNode(n, c.output, c.Problems) }

// output replaces foldstack's own tag. What is wrong with a reference was
// reported when the project's links were resolved.
func (c *Context) output(n *source.Node) (any, bool) {
	if n.Tag != OutputTag {
		return nil, false
	}
	r, ok := ParseReference(n)
	if !ok {
		return cfn.NoValue, true
	}
	return c.Link(r), true
}

// Text is Value for a field that holds one value.
func (c *Context) Text(n *source.Node) string {
	switch v := c.Value(n).(type) {
	case string:
		return v
	case cfn.Plain:
		return string(v)
	}
	c.Problems.Addf("single-value", n.Place, "write one value or one tag such as !Ref or !GetAtt",
		"a single value is needed here, not %s", n.Describe())
	return cfn.NoValue
}

// allowInvoke lets a service call the function, mostly by its alias. One of arn
// and account is empty where AWS documents the other alone.
//
// https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
func (c *Context) allowInvoke(id, function, service, arn, account string) *cfn.Resource {
	p := &lambda.Permission{
		Action:       "lambda:InvokeFunction",
		FunctionName: function,
		Principal:    service,
	}
	if arn != "" {
		p.SourceArn = cfn.Ptr(arn)
	}
	if account != "" {
		p.SourceAccount = cfn.Ptr(account)
	}
	return c.Add(id, p)
}

// addRole makes a role for a service that acts on the function's behalf. Its name
// is generated, its path and boundary are those of every deployed role.
func (c *Context) addRole(id string, trust policy.Document, statements ...policy.Statement) *cfn.Resource {
	return c.Add(id, &iam.Role{
		Path:                     cfn.Ptr(c.RolePath),
		PermissionsBoundary:      cfn.Ptr(c.Boundary),
		AssumeRolePolicyDocument: trust,
		Policies: []iam.Role_Policy{{
			PolicyName:     "events",
			PolicyDocument: policy.New(statements...),
		}},
	})
}
