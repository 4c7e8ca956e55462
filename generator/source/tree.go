package source

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// tree makes nodes of the parser's.
type tree struct {
	file     string
	problems *diag.Problems
	anchors  map[string]*anchored
	aliased  int  // nodes that aliases have added
	hole     bool // a value is missing, and that is reported
}

// anchored is what an anchor marks; nil while that is being read.
type anchored struct{ node *Node }

func newTree(file string, problems *diag.Problems) *tree {
	return &tree{file: file, problems: problems, anchors: map[string]*anchored{}}
}

// document is the root, or nil for a document without content.
func (t *tree) document(body ast.Node) *Node {
	switch b := body.(type) {
	case nil, *ast.CommentGroupNode:
		return nil
	case *ast.NullNode:
		if b.Token.Type == token.ImplicitNullType {
			return nil
		}
	}
	root := t.node(body)
	if t.hole { // what reads the tree would report the missing value again
		return nil
	}
	if t.aliased > 0 && root.deeper(maxDepth) {
		t.problems.Addf("yaml-too-deep", root.Place, "", "aliases make lists and mappings nest more than %d levels deep", maxDepth)
		return nil
	}
	return root
}

// deeper reports whether n holds more than most levels of collections.
func (n *Node) deeper(most int) bool {
	if n.Kind != Sequence && n.Kind != Mapping {
		return false
	}
	if most == 0 {
		return true
	}
	for _, item := range n.Items {
		if item.deeper(most - 1) {
			return true
		}
	}
	for _, p := range n.Pairs {
		if p.Value.deeper(most - 1) {
			return true
		}
	}
	return false
}

func (t *tree) place(tk *token.Token) diag.Place {
	return diag.Place{File: t.file, Line: tk.Position.Line, Column: tk.Position.Column}
}

func (t *tree) node(n ast.Node) *Node {
	switch n := n.(type) {
	case *ast.MappingNode:
		return t.mapping(t.mappingStart(n), n.Values)
	case *ast.MappingValueNode:
		return t.mapping(n.Key.GetToken(), []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		return t.sequence(n)
	case *ast.TagNode:
		return t.tagged(n)
	case *ast.AnchorNode:
		return t.anchored(n)
	case *ast.AliasNode:
		return t.alias(n)
	case *ast.LiteralNode:
		return &Node{Kind: Scalar, Place: t.place(n.Start), Text: n.Value.Value}
	}
	return t.scalar(n.GetToken())
}

// scalar keeps what was written; only an unquoted null, ~ or nothing at all is
// more than text.
func (t *tree) scalar(tk *token.Token) *Node {
	n := &Node{Kind: Scalar, Place: t.place(tk), Text: tk.Value, Plain: true}
	switch tk.Type {
	case token.ImplicitNullType:
		n.Kind, n.Text = Null, ""
	case token.NullType:
		n.Kind = Null
	case token.SingleQuoteType, token.DoubleQuoteType:
		n.Plain = false
	}
	return n
}

func (t *tree) sequence(n *ast.SequenceNode) *Node {
	out := &Node{Kind: Sequence, Place: t.place(n.Start), Items: make([]*Node, len(n.Values))}
	for i, v := range n.Values {
		out.Items[i] = t.node(v)
	}
	return out
}

// mappingStart is the brace of a mapping, or its first key.
func (t *tree) mappingStart(n *ast.MappingNode) *token.Token {
	if n.IsFlowStyle || len(n.Values) == 0 {
		return n.Start
	}
	return n.Values[0].Key.GetToken()
}

func (t *tree) tagged(n *ast.TagNode) *Node {
	out := t.node(n.Value)
	out.Tag = n.Start.Value
	out.Place = t.place(n.Start)
	if out.Kind == Null { // !Ref null names something called null
		out.Kind = Scalar
	}
	return out
}

// mapping reads the entries in order; of a key that is there twice the first
// counts.
func (t *tree) mapping(start *token.Token, values []*ast.MappingValueNode) *Node {
	out := &Node{Kind: Mapping, Place: t.place(start), Pairs: make([]Pair, 0, len(values))}
	seen := make(map[string]diag.Place, len(values))
	var merges []*Node
	for _, v := range values {
		key := t.key(v.Key)
		value := t.node(v.Value)
		if _, ok := v.Key.(*ast.MergeKeyNode); ok {
			merges = append(merges, value)
		}
		if first, ok := seen[key.Text]; ok {
			t.problems.Add(diag.Problem{
				Rule: "duplicate-key", Place: key.Place,
				Text:  "the key " + quote(key.Text) + " is there twice",
				Hint:  "keep one of the two",
				Notes: []diag.Note{{Place: first, Text: "the first one"}},
			})
			continue
		}
		seen[key.Text] = key.Place
		if _, ok := v.Key.(*ast.MergeKeyNode); !ok {
			out.Pairs = append(out.Pairs, Pair{Key: key, Value: value})
		}
	}
	for _, m := range merges {
		t.merge(out, m, seen)
	}
	return out
}

// key is a scalar in any case: null is a name like others.
func (t *tree) key(n ast.MapKeyNode) *Node {
	key := t.scalar(n.GetToken())
	key.Kind = Scalar
	switch n.(type) {
	case *ast.TagNode, *ast.AnchorNode, *ast.AliasNode, *ast.MappingKeyNode:
		t.problems.Addf("yaml-unsupported", key.Place, "write the text alone", "a key cannot have a tag or an anchor, nor be an alias")
	case *ast.MergeKeyNode:
	default:
		if key.Plain && key.Text == mergeKey {
			t.problems.Addf("yaml-syntax", key.Place, "write <<: *name, or quotes around it", "<< merges a mapping, and none follows")
		}
	}
	return key
}

// mergeKey is the key that merges mappings.
const mergeKey = "<<"

// merge adds the entries of from, or of the mappings it lists, that out has not.
//
// https://yaml.org/type/merge.html
func (t *tree) merge(out, from *Node, seen map[string]diag.Place) {
	switch {
	case from.Kind == Mapping && from.Tag == "":
		for _, p := range from.Pairs {
			if _, ok := seen[p.Key.Text]; !ok {
				seen[p.Key.Text] = p.Key.Place
				out.Pairs = append(out.Pairs, p)
			}
		}
	case from.Kind == Sequence && from.Tag == "" && !nested(from):
		for _, item := range from.Items {
			t.merge(out, item, seen)
		}
	case from.Kind == Null && t.hole: // of an alias that was reported
	default:
		t.problems.Addf("yaml-syntax", from.Place, "write <<: *name, where &name marks a mapping",
			"<< merges a mapping, or a list of mappings, not %s", from.Describe())
	}
}

// nested reports a list within a list.
func nested(n *Node) bool {
	for _, item := range n.Items {
		if item.Kind == Sequence {
			return true
		}
	}
	return false
}

func (t *tree) anchored(n *ast.AnchorNode) *Node {
	name := n.Name.GetToken().Value
	a := &anchored{}
	t.anchors[name] = a
	a.node = t.node(n.Value)
	return a.node
}

// alias is a copy of what the anchor marks. Its root stands where the alias is
// written, so that a problem with the value points at its use.
func (t *tree) alias(n *ast.AliasNode) *Node {
	name := n.Value.GetToken().Value
	place := t.place(n.Start)
	a := t.anchors[name]
	if a == nil || a.node == nil {
		text, hint := "nothing above is marked &"+name, "aliases refer to anchors further up; put quotes around a text that begins with *"
		if a != nil {
			text, hint = "*"+name+" would contain itself", "an alias cannot stand within its own anchor"
		}
		t.hole = true
		t.problems.Add(diag.Problem{Rule: "yaml-unknown-alias", Place: place, Text: text, Hint: hint})
		return &Node{Kind: Null, Place: place}
	}
	copied := t.copy(a.node, place)
	if copied == nil {
		t.hole = true
		return &Node{Kind: Null, Place: place}
	}
	copied.Place = place
	return copied
}

// copy returns nil, and reports it once, when aliases make the tree too large.
func (t *tree) copy(n *Node, alias diag.Place) *Node {
	if t.aliased++; t.aliased >= maxAliased {
		if t.aliased == maxAliased {
			t.problems.Addf("yaml-too-large", alias, "write some of it out, or less of it", "aliases make this file larger than %d values", maxAliased)
		}
		return nil
	}
	out := *n
	if n.Items != nil {
		out.Items = make([]*Node, len(n.Items))
	}
	for i, item := range n.Items {
		if out.Items[i] = t.copy(item, alias); out.Items[i] == nil {
			return nil
		}
	}
	if n.Pairs != nil {
		out.Pairs = make([]Pair, len(n.Pairs))
	}
	for i, p := range n.Pairs {
		value := t.copy(p.Value, alias)
		if value == nil {
			return nil
		}
		out.Pairs[i] = Pair{Key: p.Key, Value: value}
	}
	return &out
}
