package schema

import (
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// appearance is what a literal of a format looks like.
type appearance struct {
	pattern *pattern
	example string
}

// appearances are the formats of which a literal can be told to be wrong.
//
// A bucket that is referred to may be older than the names that a new one can have.
//
// https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/format_keyword.md
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
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
	"AWS::S3::Bucket.Name":       {&pattern{text: `^[A-Za-z0-9._-]{0,255}$`}, "my-bucket"},
	"AWS::SNS::Topic.Arn":        {&pattern{text: `^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:.+$`}, "arn:aws:sns:us-east-1:111111111111:NAME"},
	"ipv6-network":               {&pattern{text: `^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(/[0-9]{1,3})?$`}, "2001:db8::/56"},
}

// formed checks that a literal has the form that its format asks for.
func (c *checker) formed(n *node, s string) bool {
	if n.Format == "ipv4-network" {
		why := network(s)
		if why != "" {
			c.report("wrong-format", "write a network such as 10.0.0.0/16", c.subject()+" is "+diag.Quote(s)+", "+why)
		}
		return why == ""
	}
	a, ok := appearances[n.Format]
	if !ok || a.pattern.matches(s) {
		return true
	}
	what := "an IPv6 network"
	if n.Format != "ipv6-network" {
		what = plain([]string{n.Format})[0]
	}
	c.report("wrong-format", "it looks like "+a.example, c.subject()+" is "+diag.Quote(s)+", which is not "+what)
	return false
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
