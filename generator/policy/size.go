package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
)

// Limits of a document, in the characters that Size counts.
const (
	MaxInline     = 10240 // all inline policies of one role together: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	MaxManaged    = 6144  // one managed policy: the same page
	MaxTrust      = 2048  // a role's trust policy, before a raise of the quota: the same page
	MaxKey        = 32768 // a KMS key policy: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
	MaxBucket     = 20480 // an S3 bucket policy: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
	MaxRepository = 10240 // an ECR repository policy: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
)

// MaxAttached is the number of managed policies of one role, before a raise of the
// quota.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const MaxAttached = 10

// maxUnknown is the length at which a value that only a deployment knows is
// counted: an attribute, an import, a parameter that is not listed below. An ARN
// whose resource has a name of 200 characters is shorter.
const maxUnknown = 256

// minARN is the least length of an ARN.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
const minARN = 20

// measure counts characters of trees as JSON without white space. Its fields say how
// long that is taken to be which only a deployment knows.
type measure struct {
	lengths map[string]int      // of what Ref and ${…} of Sub can name
	unknown int                 // of anything else
	arn     int                 // of an attribute called …Arn
	choose  func(a, b int) int  // of two branches of Fn::If
	absent  func(tree any) bool // counts as nothing at all
}

// greatest counts every intrinsic at its greatest length.
var greatest = measure{
	lengths: map[string]int{
		"AWS::Partition": len("aws-us-gov"),
		"AWS::Region":    len("us-isof-south-1"),
		"AWS::AccountId": 12,
		"AWS::URLSuffix": len("amazonaws.com.cn"),
		"AWS::StackName": model.MaxStackName,
		"AWS::NoValue":   0,
		"Environment":    model.MaxEnvironmentName,
		"AssetBucket":    model.MaxBucketName,
		"KeyId":          len("mrk-") + 32, // https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
	},
	unknown: maxUnknown,
	arn:     maxUnknown,
	choose:  func(a, b int) int { return max(a, b) },
	absent:  func(any) bool { return false },
}

// least counts every intrinsic at its least length.
var least = measure{
	lengths: map[string]int{
		"AWS::Partition": len("aws"),
		"AWS::Region":    len("us-east-1"),
		"AWS::AccountId": 12,
		"AWS::URLSuffix": len("amazonaws.eu"),
	},
	arn:    minARN,
	choose: func(a, b int) int { return min(a, b) },
	absent: mayBeAbsent,
}

// Size is the number of characters of a document as IAM counts it, without
// white space, with every intrinsic at its greatest length.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func Size(d Document) int { return greatest.json(cfn.Tree(d)) }

// Least is the number of characters that a tree of a template (see cfn.Tree) has at
// least as JSON without white space, whatever its intrinsics become: what a document
// that a user wrote is certain to have.
func Least(tree any) int { return least.json(tree) }

// mayBeAbsent reports whether a value is AWS::NoValue under some condition.
func mayBeAbsent(tree any) bool {
	s, _ := tree.(string)
	i, ok := cfn.Decode(s)
	list, _ := i.Argument.([]any)
	switch {
	case !ok:
		return false
	case i.Name == "Fn::If" && len(list) == 3:
		return mayBeAbsent(list[1]) || mayBeAbsent(list[2])
	}
	return s == cfn.NoValue
}

// json is the length of a tree as JSON without white space.
func (m *measure) json(x any) int {
	switch x := x.(type) {
	case string:
		return m.text(x)
	case cfn.Plain:
		return quotedLength(string(x))
	case bool:
		return len(strconv.FormatBool(x))
	case int:
		return len(strconv.Itoa(x))
	case []any:
		n, items := len("[]"), 0
		for _, item := range x {
			if !m.absent(item) {
				n += m.json(item)
				items++
			}
		}
		return n + max(0, items-1)
	case cfn.Map:
		n, entries := len("{}"), 0
		for _, e := range x {
			if !m.absent(e.Value) {
				n += quotedLength(e.Key) + len(":") + m.json(e.Value)
				entries++
			}
		}
		return n + max(0, entries-1)
	}
	return len("null")
}

func (m *measure) text(s string) int {
	if i, ok := cfn.Decode(s); ok {
		return len(`""`) + m.intrinsic(i)
	}
	return quotedLength(s)
}

// quotedLength counts runes; a quote, a backslash and a control character are
// escaped.
func quotedLength(s string) int {
	n := len(`""`) + utf8.RuneCountInString(s)
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t':
			n++
		case c < ' ':
			n += len(`\u0000`) - 1
		}
	}
	return n
}

// intrinsic is the length of the text that an intrinsic becomes, or of the list that
// it becomes, less two characters.
func (m *measure) intrinsic(i cfn.Intrinsic) int {
	list, _ := i.Argument.([]any)
	switch {
	case i.Name == "Ref":
		return m.name(plainText(i.Argument))
	case i.Name == "Fn::GetAtt" && len(list) == 2:
		return m.name(plainText(list[0]) + "." + plainText(list[1]))
	case i.Name == "Fn::Sub" && len(list) == 2:
		vars, _ := list[1].(cfn.Map)
		return m.sub(plainText(list[0]), vars)
	case i.Name == "Fn::Sub":
		return m.sub(plainText(i.Argument), nil)
	case i.Name == "Fn::If" && len(list) == 3:
		return max(0, m.choose(m.json(list[1]), m.json(list[2]))-len(`""`))
	case i.Name == "Fn::Join" && len(list) == 2:
		return m.join(plainText(list[0]), list[1])
	}
	return m.unknown
}

// name is the length of what Ref or ${…} names.
func (m *measure) name(name string) int {
	if n, ok := m.lengths[name]; ok {
		return n
	}
	if strings.HasSuffix(name, "Arn") && strings.Contains(name, ".") && !strings.Contains(name, ".Outputs.") {
		return m.arn
	}
	return m.unknown
}

// sub replaces each ${…} by what it names.
func (m *measure) sub(text string, vars cfn.Map) int {
	n := 0
	for {
		before, rest, found := strings.Cut(text, "${")
		n += quotedLength(before) - len(`""`)
		if !found {
			return n
		}
		name, after, _ := strings.Cut(rest, "}")
		text = after
		switch value := vars.Get(name); {
		case strings.HasPrefix(name, "!"):
			n += quotedLength("${"+name[1:]+"}") - len(`""`)
		case value != nil:
			n += max(0, m.json(value)-len(`""`))
		default:
			n += m.name(name)
		}
	}
}

func (m *measure) join(separator string, values any) int {
	items, ok := values.([]any)
	if !ok {
		return m.unknown
	}
	n, joined := 0, 0
	for _, item := range items {
		if !m.absent(item) {
			n += max(0, m.json(item)-len(`""`))
			joined++
		}
	}
	return n + max(0, joined-1)*(quotedLength(separator)-len(`""`))
}

func plainText(x any) string {
	switch x := x.(type) {
	case string:
		return x
	case cfn.Plain:
		return string(x)
	}
	return ""
}
