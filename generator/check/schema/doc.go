// Package schema holds templates against CloudFormation's own schemas.
//
// [Check] takes the parameters, resources and outputs of every template. What is the
// same for all of them stands in sections.go; the properties of a resource are held
// against the schema of its type. Tree and schema are walked together (walk.go):
//
//   - a literal is coerced as CloudFormation does it, and must then fit (kinds.go,
//     scalar.go, pattern.go, format.go);
//   - a list has the right number of items (count.go), a mapping the right
//     properties (group.go), and a choice of schemas is made by trying each
//     (choice.go);
//   - every function is given what it takes, and a GetAtt an attribute that exists
//     (reference.go); the type of its result must fit where it stands (result.go,
//     intrinsic.go), and be the ARN of a role where that of a role is needed
//     (identity.go). Whether a name exists is not asked here: package link does.
//
// Both branches of Fn::If are checked where it stands, and AWS::NoValue takes its
// property away. What depends on conditions is a mistake when one value of one
// condition is enough to break the rule, as far as conditions that follow from each
// other leave it open (condition.go). Nothing is said of what only a deployment
// can tell. Every type must exist in the regions of its template (regions.go).
//
// [ReplacementOf] and [Stateful] tell what the schemas say of an update: whether it makes
// a new resource in the place of the old one, and whether data goes with that (update.go).
//
// # The data
//
// The schemas come from cfn-lint (MIT-0, see LICENSE-cfn-lint) and are embedded as
// schemas.bin. To take them from another version, pin it in .ci/conformance, run
// `make conformance`, and then
//
//	go run ./generator/check/schema/extract .conformance/python/lib/python3*/site-packages/cfnlint
//
// The file begins with two lines: its form, and a header in JSON (versions, count
// of types, regions, lengths). Then follow, deflated, a dictionary of what many
// schemas have in common, an index with one line per type (name, length of its
// chunk, in which regions it is absent), and one chunk per type, deflated with the
// dictionary: JSON Schema without what is not checked. The index is read when the
// first type is asked for, and a chunk when its type is (data.go, node.go).
package schema
