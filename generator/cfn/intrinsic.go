package cfn

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// Every function of this file returns an intrinsic encoded as a string. It may
// stand wherever a string may: in a goformation field, a Map, a policy statement.
// It is a whole value: text put before or behind it is found when it is rendered.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html

// The pseudo parameters as intrinsics.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var (
	Partition = Ref("AWS::Partition")
	Region    = Ref("AWS::Region")
	AccountID = Ref("AWS::AccountId")
	URLSuffix = Ref("AWS::URLSuffix")
	StackName = Ref("AWS::StackName")
	NoValue   = Ref("AWS::NoValue")
)

// The full names of the functions.
const (
	fnRef         = "Ref"
	fnCondition   = "Condition"
	fnGetAtt      = "Fn::GetAtt"
	fnSub         = "Fn::Sub"
	fnFindInMap   = "Fn::FindInMap"
	fnIf          = "Fn::If"
	fnJoin        = "Fn::Join"
	fnSelect      = "Fn::Select"
	fnSplit       = "Fn::Split"
	fnImportValue = "Fn::ImportValue"
	fnEquals      = "Fn::Equals"
	fnAnd         = "Fn::And"
	fnOr          = "Fn::Or"
	fnNot         = "Fn::Not"
)

// maxOperands is the number of conditions that Fn::And and Fn::Or take.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
const maxOperands = 10

// Ref refers to a parameter, resource or pseudo parameter.
func Ref(id string) string { return leaf(markRef, id) }

// GetAtt is an attribute of a resource; attribute may have dots.
func GetAtt(id, attribute string) string { return leaf(markGetAtt, id+"."+attribute) }

// Sub fills ${…} in text. The text is ours: put a user's text in through
// Literal or as a variable.
func Sub(text string, vars ...Entry) string {
	if len(vars) == 0 {
		return leaf(markSub, text)
	}
	return Call(fnSub, []any{text, Map(vars)})
}

// Literal escapes text for use inside the text of Sub: ${ becomes ${!.
func Literal(text string) string { return strings.ReplaceAll(text, "${", "${!") }

// FindInMap reads a mapping; top and second may be intrinsics.
func FindInMap(mapping, top, second string) string {
	return Call(fnFindInMap, []any{mapping, top, second})
}

// If is then where the condition holds, and otherwise where it does not. A
// branch may be any value, also a goformation struct; it is taken as it stands,
// so that Late cannot bind a field inside it: write such a branch as a Map.
func If(condition string, then, otherwise any) string {
	return Call(fnIf, []any{condition, then, otherwise})
}

// Join joins values, which may be intrinsics.
func Join(separator string, values ...any) string {
	return Call(fnJoin, []any{separator, append([]any{}, values...)})
}

// Select is the item of a list at index.
func Select(index int, list any) string { return Call(fnSelect, []any{index, list}) }

// Split splits a value into a list.
func Split(separator, value string) string { return Call(fnSplit, []any{separator, value}) }

// ImportValue is another stack's export; name may be an intrinsic.
func ImportValue(name string) string { return Call(fnImportValue, name) }

// Equals compares two values in the Conditions section.
func Equals(a, b any) string { return Call(fnEquals, []any{a, b}) }

// And holds where every condition does. It nests by itself past ten operands,
// and one operand stands for itself.
func And(conditions ...any) string { return operands(fnAnd, conditions) }

// Or holds where one condition does. It nests by itself past ten operands, and
// one operand stands for itself.
func Or(conditions ...any) string { return operands(fnOr, conditions) }

// Not turns a condition around.
func Not(condition any) string { return Call(fnNot, []any{condition}) }

// ConditionRef is the value of another entry of the Conditions section.
func ConditionRef(condition string) string { return Call(fnCondition, condition) }

// Call is any intrinsic by its full name ("Fn::Cidr"), for users' trees.
func Call(name string, argument any) string {
	b := make([]byte, 0, 96)
	b = append(b, 0, markCall)
	b = append(b, name...)
	b = append(b, 0)
	return string(appendValue(b, Tree(argument)))
}

// IsIntrinsic reports whether s is an encoded intrinsic.
func IsIntrinsic(s string) bool { return len(s) > 0 && s[0] == 0 }

func operands(name string, conditions []any) string {
	switch len(conditions) {
	case 0:
		return Call(name, diag.Bugf("%s without a condition", name))
	case 1:
		if s, ok := conditions[0].(string); ok && IsIntrinsic(s) {
			return s
		}
		return Call(name, diag.Bugf("%s of %v, which is no condition", name, conditions[0]))
	}
	for len(conditions) > maxOperands {
		conditions = fold(name, conditions)
	}
	return Call(name, conditions)
}

// fold puts every ten conditions into one.
func fold(name string, conditions []any) []any {
	var folded []any
	for len(conditions) > 0 {
		n := min(maxOperands, len(conditions))
		folded = append(folded, operands(name, conditions[:n]))
		conditions = conditions[n:]
	}
	return folded
}
