package policy

import (
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// Version is the version of the policy language; the older one knows no policy
// variables.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const Version = "2012-10-17"

// Document is an IAM policy document. Texts may be encoded intrinsics.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type Document struct {
	Version    string      `json:"Version"` // Version when empty
	Statements []Statement `json:"Statement"`
}

// Statement is one statement of a policy.
type Statement struct {
	Sid          string      `json:"Sid,omitempty"`
	Effect       Effect      `json:"Effect"`
	Principal    Principal   `json:"Principal,omitempty"`
	NotPrincipal Principal   `json:"NotPrincipal,omitempty"`
	Actions      []string    `json:"Action,omitempty"`
	NotActions   []string    `json:"NotAction,omitempty"`
	Resources    []string    `json:"Resource,omitempty"`
	NotResources []string    `json:"NotResource,omitempty"`
	Conditions   []Condition `json:"Condition,omitempty"` // rendered as operator: {key: values}
}

// Effect is Allow or Deny; empty means Allow.
type Effect string

// The two effects.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Principal is who a statement of a resource or trust policy is about.
type Principal struct {
	AWS      []string // account roots, roles, or "*"
	Services []string // service principals, such as lambda.amazonaws.com
}

// Condition is one operator and key with its values.
type Condition struct {
	Operator string // such as "StringEquals"
	Key      string // such as "aws:SourceAccount"
	Values   []string
}

// IsZero reports whether nobody is named.
func (p Principal) IsZero() bool { return len(p.AWS) == 0 && len(p.Services) == 0 }

// TemplateValue is the document as cfn writes it, its statements in their order.
func (d Document) TemplateValue() any {
	version := d.Version
	if version == "" {
		version = Version
	}
	statements := make([]any, len(d.Statements))
	for i := range d.Statements {
		statements[i] = d.Statements[i].TemplateValue()
	}
	return cfn.Map{{Key: "Version", Value: version}, {Key: "Statement", Value: statements}}
}

// TemplateValue is the statement as cfn writes it; a list of one is written as
// that one.
func (s Statement) TemplateValue() any {
	effect := s.Effect
	if effect == "" {
		effect = Allow
	}
	m := make(cfn.Map, 0, 6)
	if s.Sid != "" {
		m = append(m, cfn.Entry{Key: "Sid", Value: s.Sid})
	}
	m = append(m, cfn.Entry{Key: "Effect", Value: string(effect)})
	if !s.Principal.IsZero() {
		m = append(m, cfn.Entry{Key: "Principal", Value: s.Principal.TemplateValue()})
	}
	if !s.NotPrincipal.IsZero() {
		m = append(m, cfn.Entry{Key: "NotPrincipal", Value: s.NotPrincipal.TemplateValue()})
	}
	m = appendTexts(m, "Action", s.Actions)
	m = appendTexts(m, "NotAction", s.NotActions)
	m = appendTexts(m, "Resource", s.Resources)
	m = appendTexts(m, "NotResource", s.NotResources)
	if len(s.Conditions) > 0 {
		m = append(m, cfn.Entry{Key: "Condition", Value: conditionBlock(s.Conditions)})
	}
	return m
}

// TemplateValue is "*" for everybody, otherwise the kinds of principal by name.
func (p Principal) TemplateValue() any {
	if len(p.Services) == 0 && len(p.AWS) == 1 && p.AWS[0] == "*" {
		return "*"
	}
	return appendTexts(appendTexts(make(cfn.Map, 0, 2), "AWS", p.AWS), "Service", p.Services)
}

func appendTexts(m cfn.Map, key string, texts []string) cfn.Map {
	if len(texts) == 0 {
		return m
	}
	return append(m, cfn.Entry{Key: key, Value: one(texts)})
}

// one is a list, or its only item.
func one(texts []string) any {
	if len(texts) == 1 {
		return texts[0]
	}
	return texts
}

// conditionBlock puts conditions under their operators, both in the order of
// first use. A key can stand under an operator only once.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
func conditionBlock(conditions []Condition) any {
	block := make(cfn.Map, 0, len(conditions))
	for _, c := range conditions {
		at := slices.IndexFunc(block, func(e cfn.Entry) bool { return e.Key == c.Operator })
		if at < 0 {
			at = len(block)
			block = append(block, cfn.Entry{Key: c.Operator, Value: cfn.Map(nil)})
		}
		keys := block[at].Value.(cfn.Map)
		if keys.Get(c.Key) != nil {
			return diag.Bugf("a statement has two conditions %s on %s", c.Operator, c.Key)
		}
		if len(c.Values) == 0 {
			return diag.Bugf("the condition %s on %s has no value", c.Operator, c.Key)
		}
		block[at].Value = append(keys, cfn.Entry{Key: c.Key, Value: one(c.Values)})
	}
	return block
}
