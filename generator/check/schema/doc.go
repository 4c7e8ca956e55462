// Package schema holds resources against CloudFormation's own schemas.
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
// dictionary: JSON Schema without what is not checked. [Embedded] reads the header;
// the index is read when the first type is asked for, and a chunk when its type is.
//
// [Resource] takes a resource as a tree of package cfn and, as [Names], what the
// names of its template stand for. Every reference in the tree must exist, and
// every function must be given what it takes. Then the tree and the schema are
// walked together: a literal is coerced as CloudFormation does it, both branches
// of Fn::If are checked where it stands, AWS::NoValue takes its property away, and
// of any other function the type of its result must fit. What depends on conditions
// is a finding when one value of one condition is enough to break the rule.
//
// A [Finding] says where in the tree something is wrong; [Locate] finds that place in
// the file of the user who wrote it. The package knows no stack and no rule of
// ours; package check does.
package schema
