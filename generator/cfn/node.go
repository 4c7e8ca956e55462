package cfn

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// FromNode turns what a user wrote into a value. Short tags (!Ref) and long
// forms (a mapping of the one key Fn::…, Ref or Condition) become intrinsics; any
// other text stays text. own is asked first about each tagged node, so that
// foldstack's own tag (!Output) can be replaced; it may be nil. A tag that
// CloudFormation does not have is a problem.
func FromNode(n *source.Node, own func(n *source.Node) (any, bool), problems *diag.Problems) any {
	panic("unwritten")
}
