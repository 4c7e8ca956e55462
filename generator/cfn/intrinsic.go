package cfn

// Every function of this file returns an intrinsic encoded as a string. It may
// stand wherever a string may: in a goformation field, a Map, a policy statement.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html

// The pseudo parameters as intrinsics.
var (
	Partition = Ref("AWS::Partition")
	Region    = Ref("AWS::Region")
	AccountID = Ref("AWS::AccountId")
	URLSuffix = Ref("AWS::URLSuffix")
	StackName = Ref("AWS::StackName")
	NoValue   = Ref("AWS::NoValue")
)

// Ref refers to a parameter, resource or pseudo parameter.
func Ref(id string) string { panic("unwritten") }

// GetAtt is an attribute of a resource; attribute may have dots.
func GetAtt(id, attribute string) string { panic("unwritten") }

// Sub fills ${…} in text. The text is ours: put a user's text in through
// Literal or as a variable.
func Sub(text string, vars ...Entry) string { panic("unwritten") }

// Literal escapes text for use inside the text of Sub: ${ becomes ${!.
func Literal(text string) string { panic("unwritten") }

// FindInMap reads a mapping; top and second may be intrinsics.
func FindInMap(mapping, top, second string) string { panic("unwritten") }

// If is then where the condition holds, and otherwise where it does not.
func If(condition string, then, otherwise any) string { panic("unwritten") }

// Join joins values, which may be intrinsics.
func Join(separator string, values ...any) string { panic("unwritten") }

// Select is the item of a list at index.
func Select(index int, list any) string { panic("unwritten") }

// Split splits a value into a list.
func Split(separator, value string) string { panic("unwritten") }

// ImportValue is another stack's export; name may be an intrinsic.
func ImportValue(name string) string { panic("unwritten") }

// Equals, And, Or, Not and ConditionRef are the functions of the Conditions
// section. Or and And nest by themselves past their limit of ten operands.
func Equals(a, b any) string               { panic("unwritten") }
func And(conditions ...any) string         { panic("unwritten") }
func Or(conditions ...any) string          { panic("unwritten") }
func Not(condition any) string             { panic("unwritten") }
func ConditionRef(condition string) string { panic("unwritten") }

// Call is any intrinsic by its full name ("Fn::Cidr"), for users' trees.
func Call(name string, argument any) string { panic("unwritten") }

// IsIntrinsic reports whether s is an encoded intrinsic.
func IsIntrinsic(s string) bool { return len(s) > 0 && s[0] == 0 }
