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

	grants []grant
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

// For returns the statements that the handlers of the types need, merged and in
// a stable order, and the types that no table knows, sorted.
func For(types []string, names Names) (statements []policy.Statement, unknown []string) {
	sorted := slices.Clone(types)
	slices.Sort(sorted)
	for _, typ := range slices.Compact(sorted) {
		r, ok := find(typ)
		if !ok {
			unknown = append(unknown, typ)
			continue
		}
		for _, g := range r.grants {
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
