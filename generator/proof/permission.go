package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/policy"
)

// permission reads a permission of a function as the statement that Lambda makes of it.
// It belongs to the function, version or alias that it names and to no other.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
func (g *register) permission(r *estate.Resource) {
	arn := functionARN(r.Stack, text(r, "FunctionName"))
	if arn == "" {
		return
	}
	name := "policy of the function " + arn[strings.LastIndex(arn, ":function:")+len(":function:"):]
	at := &source{resource: r, whole: true}
	p := authz.New(authz.Resource, name, policy.Version, []authz.Statement{{
		Sid: r.ID, Effect: policy.Allow,
		Principals: []authz.Principals{invoker(text(r, "Principal"))},
		Actions:    []string{text(r, "Action")},
		Resources:  []string{arn},
		Conditions: conditionsOf(r),
	}}, at)
	g.keep(p, at)
	g.policies[arn] = append(g.policies[arn], p)
}

// functionARN is the ARN that a function's name, ARN or part of an ARN stands for, each
// with or without a version or alias.
func functionARN(s *estate.Stack, named string) string {
	prefix := "arn:" + string(s.Partition) + ":lambda:" + s.Region + ":"
	switch {
	case named == "":
		return ""
	case strings.HasPrefix(named, "arn:"):
		return named
	case strings.Contains(named, ":function:"):
		return prefix + named
	}
	return prefix + s.Account + ":function:" + named
}

func invoker(who string) authz.Principals {
	switch {
	case who == "*":
		return authz.Principals{Type: "*", Value: "*"}
	case strings.Contains(who, ".amazonaws.com") || strings.Contains(who, ".amazon.com"):
		return authz.Principals{Type: "Service", Value: who}
	}
	return authz.Principals{Type: "AWS", Value: who}
}

// conditionsOf are the conditions that Lambda makes of a permission's properties.
func conditionsOf(r *estate.Resource) []authz.Condition {
	var list []authz.Condition
	for _, c := range []struct{ property, operator, key string }{
		{"SourceArn", "ArnLike", "AWS:SourceArn"},
		{"SourceAccount", "StringEquals", "AWS:SourceAccount"},
		{"PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"},
		{"EventSourceToken", "StringEquals", "lambda:EventSourceToken"},
		{"FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"},
	} {
		if value := text(r, c.property); value != "" {
			list = append(list, authz.Condition{Operator: c.operator, Key: c.key, Values: []string{value}})
		}
	}
	return list
}
