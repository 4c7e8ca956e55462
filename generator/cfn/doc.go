// Package cfn is CloudFormation as typed data and as text.
//
// A [Template] holds sections in the order in which they are written; its
// resources hold goformation's structs. An intrinsic is a value like any other:
// [Ref], [GetAtt], [Sub] and their kin return a string that fits any string field
// and that no user text can equal, because it begins with NUL, which source
// refuses in every file. Where the field is no string, [Late] binds the intrinsic
// to the field's address and the compiler checks the type. What users write stays
// a tree ([FromNode]). [Template.Render] walks all of it once and writes YAML with
// short-form intrinsics in a fixed order; equal templates give equal bytes.
package cfn
