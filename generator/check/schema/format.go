package schema

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
)

// appearance is what a literal of a format looks like.
type appearance struct {
	pattern *pattern
	example string
}

// appearances are the formats of which a literal can be told to be wrong.
//
// https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/format_keyword.md
var appearances = map[string]appearance{
	"AWS::ACM::Certificate.Arn":  {&pattern{text: `^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/.+$`}, "arn:aws:acm:us-east-1:111111111111:certificate/ID"},
	"AWS::EC2::Image.Id":         {&pattern{text: `^ami-([0-9a-z]{8}|[0-9a-z]{17})$|^resolve:ssm:`}, "ami-0123456789abcdef0"},
	"AWS::EC2::SecurityGroup.Id": {&pattern{text: `^sg-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$`}, "sg-0123456789abcdef0"},
	"AWS::EC2::Subnet.Id":        {&pattern{text: `^subnet-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$`}, "subnet-0123456789abcdef0"},
	"AWS::EC2::VPC.Id":           {&pattern{text: `^vpc-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$`}, "vpc-0123456789abcdef0"},
	"AWS::IAM::Role.Arn":         {&pattern{text: `^arn:aws[a-z-]*:iam::\d{12}:role/.+$`}, "arn:aws:iam::111111111111:role/NAME"},
	"AWS::KMS::Alias.AliasName":  {&pattern{text: `^alias/[a-zA-Z0-9:/_-]+$`}, "alias/NAME"},
	"AWS::KMS::Key.Arn":          {&pattern{text: `^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$`}, "arn:aws:kms:us-east-1:111111111111:key/ID"},
	"AWS::KMS::Key.Id":           {&pattern{text: `^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}|alias/[a-zA-Z0-9/_-]+)$`}, "12345678-1234-1234-1234-123456789012"},
	"AWS::Lambda::Function.Arn":  {&pattern{text: `^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:.+$`}, "arn:aws:lambda:us-east-1:111111111111:function:NAME"},
	"AWS::Logs::LogGroup.Name":   {&pattern{text: `^[._/#A-Za-z0-9-]{1,512}$`}, "/aws/lambda/NAME"},
	"AWS::S3::Bucket.Name":       {&pattern{text: `^$|^[a-z0-9]([a-z0-9-]|\.[a-z0-9]){1,61}[a-z0-9]$`}, "my-bucket"},
	"AWS::SNS::Topic.Arn":        {&pattern{text: `^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:.+$`}, "arn:aws:sns:us-east-1:111111111111:NAME"},
	"ipv6-network":               {&pattern{text: `^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(/[0-9]{1,3})?$`}, "2001:db8::/56"},
}

// formed checks that a literal has the form that its format asks for.
func (c *checker) formed(n *node, s string) {
	if n.Format == "ipv4-network" {
		if why := network(s); why != "" {
			c.report("wrong-format", "write a network such as 10.0.0.0/16", subject(c.path)+" is "+quote(s)+", "+why)
		}
		return
	}
	a, ok := appearances[n.Format]
	if !ok || a.pattern.matches(s) {
		return
	}
	what := "an IPv6 network"
	if n.Format != "ipv6-network" {
		what = plain([]string{n.Format})[0]
	}
	c.report("wrong-format", "it looks like "+a.example, subject(c.path)+" is "+quote(s)+", which is not "+what)
}

// network says what is wrong with an IPv4 network; empty where nothing is.
func network(s string) string {
	address, mask, masked := strings.Cut(s, "/")
	parts := strings.Split(address, ".")
	bits := 32
	if masked {
		n, err := strconv.Atoi(mask)
		if err != nil || n < 0 || n > 32 {
			return "which is no IPv4 network"
		}
		bits = n
	}
	var ip uint64
	for _, part := range parts {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil || len(parts) != 4 {
			return "which is no IPv4 network"
		}
		ip = ip<<8 | n
	}
	if ip&(1<<(32-bits)-1) != 0 {
		return "which is an address inside a network: bits are set behind the first " + strconv.Itoa(bits)
	}
	return ""
}

// tagged is what holds for the tags of every resource that takes them.
//
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
var tagged = sync.OnceValue(func() *node {
	n := &node{}
	l := linker{seen: map[*node]bool{}}
	err := json.Unmarshal([]byte(`{"properties": {"Tags": {
		"type": ["array", "object"], "uniqueKeys": ["Key"],
		"items": {"type": "object", "required": ["Key"], "properties": {
			"Key": {"minLength": 1, "maxLength": 128, "pattern": "^(?!aws:).+$"}, "Value": {"maxLength": 256}}},
		"additionalProperties": false, "patternProperties": {"^(?!aws:).+$": {"maxLength": 256}}}}}`), n)
	if l.link(n); err != nil || l.err != nil {
		panic(diag.Bugf("the schema of tags: %v %v", err, l.err))
	}
	return n
})

// formats checks that an attribute or a Ref is the kind of id or ARN that is needed.
func (c *checker) formats(n *node, i cfn.Intrinsic, attribute *node) {
	if c.names == nil || i.Name != "Ref" && i.Name != "Fn::GetAtt" {
		return
	}
	needed := n.formats()
	if len(needed) == 0 {
		return
	}
	id, name := operandsOf(i)
	typ := c.names.Resources[id]
	t := schemaOf(typ)
	if t == nil || strings.HasPrefix(typ, "Custom::") || typ == custom || typ == "AWS::CloudFormation::Stack" || typ == "AWS::SSM::Parameter" {
		return
	}
	if i.Name == "Ref" && len(t.Identifier) == 1 {
		name = strings.TrimPrefix(t.Identifier[0], "/properties/")
		attribute = t.at(strings.Split(name, "/"))
	}
	given := attribute.formats()
	if len(given) == 0 {
		given = implied(typ, name, needed)
	}
	if len(given) == 0 || slices.ContainsFunc(given, func(f string) bool { return slices.Contains(needed, f) }) {
		return
	}
	hint := "refer to " + article(strings.Join(owners(needed), " or "))
	if slices.Contains(needed, typ+".Arn") {
		hint = "write !GetAtt " + id + ".Arn"
	}
	c.report("wrong-reference", hint, subject(c.path)+" takes "+sentence(plain(needed), "or")+", and "+describe(i)+" is "+plain(given)[0])
}

func operandsOf(i cfn.Intrinsic) (id, attribute string) {
	if list, ok := i.Argument.([]any); ok && len(list) == 2 {
		id, _ = literal(list[0])
		attribute, _ = literal(list[1])
		return id, attribute
	}
	id, _ = literal(i.Argument)
	return id, ""
}

// formats are the kinds of id or ARN that a schema takes.
func (n *node) formats() []string {
	for range 10 {
		if n == nil {
			return nil
		}
		if n.Format != "" {
			return []string{n.Format}
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
		n = n.target
	}
	return nil
}

// unmistakable are ARNs of which the schemas name every place that takes them
// rightly, so that the ARN or the name of anything else is wrong there.
var unmistakable = []string{"AWS::IAM::Role.Arn", "AWS::KMS::Key.Arn", "AWS::Lambda::Function.Arn"}

// sameArn are types whose ARN passes for that of another.
var sameArn = map[string]string{"AWS::KMS::ReplicaKey": "AWS::KMS::Key"}

// implied is the format that an attribute has by its name, where the schema does
// not say one.
func implied(typ, name string, needed []string) []string {
	if other, ok := sameArn[typ]; ok {
		typ = other
	}
	if !slices.ContainsFunc(needed, func(f string) bool { return slices.Contains(unmistakable, f) }) {
		return nil
	}
	switch {
	case name == "Arn":
		return []string{typ + ".Arn"}
	case strings.HasSuffix(name, "Name") && !slices.Contains(needed, typ+".Name") && len(needed) == 1:
		return []string{typ + ".Name"}
	}
	return nil
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

func article(s string) string { return "a resource of type " + s }
