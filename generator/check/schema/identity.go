package schema

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
)

// formats checks that a Ref or an attribute is the kind of id or ARN that is needed.
func (c *checker) formats(n *node, i cfn.Intrinsic, attribute *node) {
	if i.Name != "Ref" && i.Name != "Fn::GetAtt" {
		return
	}
	needed := n.formats()
	if len(needed) == 0 {
		return
	}
	id, name := operandsOf(i)
	given, hint := formatOfParameter(c.names.parameter(id), needed), "give it another value"
	if given == "" {
		given = formatOfResource(c.names.resource(id), name, attribute, needed)
		hint = "refer to a resource of type " + strings.Join(owners(needed), " or ")
	}
	if given == "" || slices.Contains(needed, given) {
		return
	}
	if arn := c.names.resource(id) + ".Arn"; slices.Contains(needed, arn) {
		hint = "write !GetAtt " + id + ".Arn"
	}
	c.report("wrong-reference", hint, c.subject()+" takes "+sentence(plain(needed), "or")+", and "+describe(i)+" is "+plain([]string{given})[0])
}

// formatOfParameter is what a parameter of a type holds, where that is the id of
// something else than is needed, or its list: AWS::EC2::VPC::Id.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
func formatOfParameter(typ string, needed []string) string {
	typ = strings.TrimSuffix(strings.TrimPrefix(typ, "AWS::SSM::Parameter::Value<"), ">")
	item, isList := strings.CutPrefix(typ, "List<")
	owner, isID := strings.CutSuffix(strings.TrimSuffix(item, ">"), "::Id")
	if _, known := appearances[owner+".Id"]; !isID || !known || slices.Contains(owners(needed), owner) {
		return ""
	}
	if isList {
		return owner + ".Ids"
	}
	return owner + ".Id"
}

// formatOfResource is what Ref of a resource gives, or an attribute of it; "" where
// that is not known.
func formatOfResource(typ, name string, attribute *node, needed []string) string {
	t := schemaOf(typ)
	if t == nil || t.name == custom || slices.Contains(carriers, typ) {
		return ""
	}
	if name == "" && len(t.Identifier) == 1 {
		name = strings.TrimPrefix(t.Identifier[0], "/properties/")
		attribute = t.at(strings.Split(name, "/"))
	}
	given := attribute.formats()
	for _, format := range given {
		if slices.Contains(needed, format) {
			return format
		}
	}
	if len(given) > 0 {
		return given[0]
	}
	return implied(typ, name, needed)
}

// carriers are types whose values can be the id or the ARN of anything.
var carriers = []string{"AWS::CloudFormation::Stack", "AWS::SSM::Parameter"}

// formats are the kinds of id or ARN that a schema takes.
func (n *node) formats() []string {
	for ; n != nil; n = n.target {
		if n.Format != "" {
			return []string{n.Format}
		}
		if format := n.Pattern.format(); format != "" {
			return []string{format}
		}
		var all []string
		for _, part := range n.AnyOf {
			if part.Format == "" {
				return nil
			}
			all = append(all, part.Format)
		}
		if len(all) > 0 {
			return all
		}
		for _, format := range n.Items.formats() {
			if strings.HasSuffix(format, ".Id") {
				return []string{format + "s"}
			}
		}
	}
	return nil
}

// unmistakable are ARNs of which the schemas name every place that takes them
// rightly, so that the ARN or the name of anything else is wrong there.
var unmistakable = []string{"AWS::IAM::Role.Arn", "AWS::KMS::Key.Arn", "AWS::Lambda::Function.Arn"}

// format is the one of the unmistakable that a pattern matches, where it matches
// nothing else, or "".
func (p *pattern) format() string {
	if p == nil {
		return ""
	}
	p.formatOnce.Do(func() {
		if slices.ContainsFunc(mistakable, p.matches) {
			return
		}
		matched := slices.DeleteFunc(slices.Clone(unmistakable), func(f string) bool { return !p.matches(appearances[f].example) })
		if len(matched) == 1 {
			p.ofFormat = matched[0]
		}
	})
	return p.ofFormat
}

// mistakable is what a pattern matches that takes other things as well.
var mistakable = []string{
	"NAME", "arn:aws:iam::111111111111:user/NAME", "arn:aws:iam::111111111111:instance-profile/NAME",
	"arn:aws:iam::111111111111:policy/NAME", "arn:aws:lambda:us-east-1:111111111111:layer:NAME:1",
	"arn:aws:states:us-east-1:111111111111:stateMachine:NAME", "arn:aws:sqs:us-east-1:111111111111:NAME",
}

// sameArn are types whose ARN passes for that of another.
var sameArn = map[string]string{"AWS::KMS::ReplicaKey": "AWS::KMS::Key"}

// implied is the format that an attribute has by its name, where the schema does
// not say one.
func implied(typ, name string, needed []string) string {
	if other, ok := sameArn[typ]; ok {
		typ = other
	}
	if !slices.ContainsFunc(needed, func(f string) bool { return slices.Contains(unmistakable, f) }) {
		return ""
	}
	switch {
	case name == "Arn":
		return typ + ".Arn"
	case strings.HasSuffix(name, "Name") && !slices.Contains(needed, typ+".Name") && len(needed) == 1:
		return typ + ".Name"
	}
	return ""
}

// plain says what formats are: "the ARN of AWS::IAM::Role".
func plain(formats []string) []string {
	said := make([]string, len(formats))
	for i, f := range formats {
		typ, what, _ := strings.Cut(f, ".")
		switch what {
		case "Arn":
			what = "ARN"
		case "Id":
			what = "id"
		case "Ids":
			what = "ids"
		case "Name", "AliasName":
			what = "name"
		}
		said[i] = "the " + what + " of " + typ
	}
	return said
}

func owners(formats []string) []string {
	var types []string
	for _, f := range formats {
		if typ, _, _ := strings.Cut(f, "."); !slices.Contains(types, typ) {
			types = append(types, typ)
		}
	}
	return types
}
