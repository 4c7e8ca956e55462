package cfn

import "github.com/foldstack/foldstack/generator/source"

// Macro is a macro by which CloudFormation rewrites a template, or a part of it, before
// it deploys that.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html
type Macro struct {
	Name string
	Node *source.Node // of the name
	Part bool         // it rewrites a part
}

// macroFunction is the function that applies a macro to what stands around it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
const macroFunction = "Fn::Transform"

// Macros lists the macros of a template, each as often as it stands there.
func Macros(root *source.Node) []Macro {
	if root == nil {
		return nil
	}
	all := appendMacros(nil, root.Get("Transform"), false)
	all = appendMacros(all, root.Get(macroFunction), false)
	for _, pair := range root.Pairs {
		if pair.Key.Text != macroFunction {
			all = appendParts(all, pair.Value)
		}
	}
	return all
}

// appendMacros reads a name, or a mapping with one, or a list of those.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html
func appendMacros(all []Macro, n *source.Node, part bool) []Macro {
	switch {
	case n == nil:
		return all
	case n.Kind == source.Scalar:
		return append(all, Macro{n.Text, n, part})
	case n.Kind == source.Mapping:
		return appendMacros(all, n.Get("Name"), part)
	}
	for _, item := range n.Items {
		all = appendMacros(all, item, part)
	}
	return all
}

// appendParts finds the macros that rewrite what stands around them.
func appendParts(all []Macro, n *source.Node) []Macro {
	if n.Tag == shortTags[macroFunction] {
		all = appendMacros(all, n, true)
	}
	for _, pair := range n.Pairs {
		if pair.Key.Text == macroFunction {
			all = appendMacros(all, pair.Value, true)
			continue
		}
		all = appendParts(all, pair.Value)
	}
	for _, item := range n.Items {
		all = appendParts(all, item)
	}
	return all
}
