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

// maxUnknown is the length at which a value that only a deployment knows is
// counted: an attribute, an import, a parameter that is not listed below. An ARN
// whose resource has a name of 200 characters is shorter.
const maxUnknown = 256

// maxLengths are the greatest lengths of what Ref and ${…} of Sub can name.
var maxLengths = map[string]int{
	"AWS::Partition": len("aws-us-gov"),
	"AWS::Region":    len("us-isof-south-1"),
	"AWS::AccountId": 12,
	"AWS::URLSuffix": len("amazonaws.com.cn"),
	"AWS::StackName": model.MaxStackName,
	"AWS::NoValue":   0,
	"Environment":    model.MaxEnvironmentName,
	"AssetBucket":    model.MaxBucketName,
	"KeyId":          len("mrk-") + 32, // https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
}

// Size is the number of characters of a document as IAM counts it, without
// white space, with every intrinsic at its greatest length.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func Size(d Document) int { return jsonLength(cfn.Tree(d)) }

// jsonLength is the length of a tree as JSON without white space.
func jsonLength(x any) int {
	switch x := x.(type) {
	case string:
		return textLength(x)
	case cfn.Plain:
		return quotedLength(string(x))
	case bool:
		return len(strconv.FormatBool(x))
	case int:
		return len(strconv.Itoa(x))
	case []any:
		n := len("[]") + max(0, len(x)-1)
		for _, item := range x {
			n += jsonLength(item)
		}
		return n
	case cfn.Map:
		n := len("{}") + max(0, len(x)-1)
		for _, e := range x {
			n += quotedLength(e.Key) + len(":") + jsonLength(e.Value)
		}
		return n
	}
	return len("null")
}

func textLength(s string) int {
	if i, ok := cfn.Decode(s); ok {
		return len(`""`) + intrinsicLength(i)
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

// intrinsicLength is the greatest length of the text that an intrinsic becomes,
// or of the list that it becomes, less two characters.
func intrinsicLength(i cfn.Intrinsic) int {
	list, _ := i.Argument.([]any)
	switch {
	case i.Name == "Ref":
		return nameLength(plainText(i.Argument))
	case i.Name == "Fn::Sub" && len(list) == 2:
		vars, _ := list[1].(cfn.Map)
		return subLength(plainText(list[0]), vars)
	case i.Name == "Fn::Sub":
		return subLength(plainText(i.Argument), nil)
	case i.Name == "Fn::If" && len(list) == 3:
		return max(0, max(jsonLength(list[1]), jsonLength(list[2]))-len(`""`))
	case i.Name == "Fn::Join" && len(list) == 2:
		return joinLength(plainText(list[0]), list[1])
	}
	return maxUnknown
}

func nameLength(name string) int {
	if n, ok := maxLengths[name]; ok {
		return n
	}
	return maxUnknown
}

// subLength replaces each ${…} by the greatest length of what it names.
func subLength(text string, vars cfn.Map) int {
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
			n += max(0, jsonLength(value)-len(`""`))
		default:
			n += nameLength(name)
		}
	}
}

func joinLength(separator string, values any) int {
	items, ok := values.([]any)
	if !ok {
		return maxUnknown
	}
	n := max(0, len(items)-1) * (quotedLength(separator) - len(`""`))
	for _, item := range items {
		n += max(0, jsonLength(item)-len(`""`))
	}
	return n
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
