package handler

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/policy"
)

// resource is what is known of one CloudFormation type.
type resource struct {
	page string // the type's page in the template reference

	// naming is the property that must be set, because the name that
	// CloudFormation would generate does not begin with the stack's name and so
	// lies outside of what a policy can tell apart. Empty where any name is fine.
	naming string

	grants []grant // for whatever is of the type
	own    []grant // more, where only foldstack makes some: for the properties that it sets
	users  []grant // more, where users make some: for whatever property they set
}

// of are the grants for a type that users' templates hold, or that they do not.
func (r *resource) of(users bool) []grant {
	if users {
		return slices.Concat(r.grants, r.users)
	}
	return slices.Concat(r.grants, r.own)
}

// grant is one statement: actions on ARNs, under conditions. ARNs and condition
// values are text for Fn::Sub with the placeholders of [Names].
type grant struct {
	actions []string
	on      []string
	when    []policy.Condition
}

// services lists the tables, one per service.
var services = []map[string]resource{
	apiGateway,
	cloudFormation,
	cloudWatch,
	config,
	dynamoDB,
	ec2,
	ecr,
	events,
	iam,
	kinesis,
	kms,
	lambda,
	logs,
	s3,
	scheduler,
	secretsManager,
	sns,
	sqs,
	ssm,
	stepFunctions,
}

// customResource is the entry of every Custom:: type.
const customResource = "AWS::CloudFormation::CustomResource"

func find(typ string) (resource, bool) {
	if strings.HasPrefix(typ, "Custom::") {
		typ = customResource
	}
	for _, table := range services {
		if r, ok := table[typ]; ok {
			return r, true
		}
	}
	return resource{}, false
}

// For returns the statements that the handlers need for types of foldstack's own and
// for types of users' resources, merged and in a stable order, and the types that no
// table knows, sorted. Both lists may name a type.
func For(own, users []string, names Names) (statements []policy.Statement, unknown []string) {
	types := slices.Concat(own, users)
	slices.Sort(types)
	for _, typ := range slices.Compact(types) {
		r, ok := find(typ)
		if !ok {
			unknown = append(unknown, typ)
			continue
		}
		for _, g := range r.of(slices.Contains(users, typ)) {
			statements = append(statements, g.statement(names))
		}
	}
	return policy.Merge(statements), unknown
}

func (g grant) statement(names Names) policy.Statement {
	s := policy.Statement{
		Effect:    policy.Allow,
		Actions:   slices.Clone(g.actions),
		Resources: names.expandAll(g.on),
	}
	for _, c := range g.when {
		s.Conditions = append(s.Conditions, policy.Condition{
			Operator: c.Operator,
			Key:      c.Key,
			Values:   names.expandAll(c.Values),
		})
	}
	return s
}

// Known lists the types of all tables, sorted.
func Known() []string {
	var types []string
	for _, table := range services {
		for typ := range table {
			types = append(types, typ)
		}
	}
	slices.Sort(types)
	return types
}

// Naming returns the property that a resource of the type must set, because the
// name that CloudFormation would generate does not begin with the stack's name;
// it is empty where a generated name is fine.
func Naming(typ string) string {
	r, _ := find(typ)
	return r.naming
}

// Page is the type's page in AWS's template reference, or empty.
func Page(typ string) string {
	r, _ := find(typ)
	return r.page
}
