// Package cfn is CloudFormation as typed data and as text.
//
// A [Template] holds sections in the order in which they are written; its
// resources hold goformation's structs. An intrinsic is a value like any other:
// [Ref], [GetAtt], [Sub] and their kin return a string that fits any string field
// and that no user text can equal, because it begins with NUL, which source
// refuses in every file. Where the field is no string, [Late] binds the intrinsic
// to the field's address and the compiler checks the type. What users write stays
// a tree ([FromNode]).
//
// [Template.Render] walks all of it once and writes YAML with short-form
// intrinsics in a fixed order; equal templates give equal bytes, and every text
// reads as that text in YAML 1.1 and in YAML 1.2. What could only be wrong (a
// required property without a value, an intrinsic joined with text, a late value
// that nothing holds) is an error that says where.
//
// Who looks into a template instead of writing it takes [Template.ResourceTree] or
// [Tree], [Decode] for the intrinsics in it, and [References] for the names that it
// uses. The package knows no resource type and no limit; check does.
package cfn
