package cfn

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// arity is how many items the list of a function has.
type arity struct{ min, max int }

// functions are the intrinsic functions that a user may write, by full name; the
// arity is zero where the argument need not be a list. ToJsonString, Length and
// the functions of the Rules section have no short tag in CloudFormation, but a
// user's !Length can only mean the one thing.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
var functions = map[string]arity{
	fnRef: {}, fnCondition: {}, fnGetAtt: {}, fnSub: {}, fnImportValue: {},
	fnFindInMap: {3, 4}, fnIf: {3, 3}, fnJoin: {2, 2}, fnSelect: {2, 2}, fnSplit: {2, 2},
	fnEquals: {2, 2}, fnAnd: {2, maxOperands}, fnOr: {2, maxOperands}, fnNot: {1, 1},
	"Fn::Base64": {}, "Fn::Cidr": {2, 3}, "Fn::GetAZs": {}, macroFunction: {},
	"Fn::Length": {}, "Fn::ToJsonString": {}, "Fn::GetStackOutput": {},
	"Fn::Contains": {2, 2}, "Fn::EachMemberEquals": {2, 2}, "Fn::EachMemberIn": {2, 2},
	"Fn::RefAll": {}, "Fn::ValueOf": {2, 2}, "Fn::ValueOfAll": {2, 2},
}

// forEach begins the name of a loop, which is a key and no value.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
const forEach = "Fn::ForEach::"

// FromNode turns what a user wrote into a value. Short tags (!Ref) and long
// forms (a mapping of the one key Fn::…, Ref or Condition) become intrinsics; any
// other text stays text. own is asked first about each tagged node, so that
// foldstack's own tag (!Output) can be replaced; it may be nil. A tag that
// CloudFormation does not have is a problem.
func FromNode(n *source.Node, own func(n *source.Node) (any, bool), problems *diag.Problems) any {
	r := reader{own: own, problems: problems}
	return r.value(n)
}

// reader turns nodes into values.
type reader struct {
	own      func(n *source.Node) (any, bool)
	problems *diag.Problems
}

func (r *reader) value(n *source.Node) any {
	if n == nil {
		return nil
	}
	if n.Tag != "" && r.own != nil {
		if v, ok := r.own(n); ok {
			return v
		}
	}
	switch {
	case n.Tag == "":
		return r.untagged(n)
	case n.Tag == "!!str" && n.Kind == source.Scalar:
		return r.text(n)
	}
	name, ok := functionOfTag(n.Tag)
	if !ok {
		r.problems.Addf("unknown-tag", n.Place, suggest(n.Tag, tagNames()), "the tag %s is none of CloudFormation's", n.Tag)
		return r.untagged(n)
	}
	return r.function(name, n, true)
}

func (r *reader) untagged(n *source.Node) any {
	switch n.Kind {
	case source.Scalar:
		if n.Plain && n.Text != "" {
			return Plain(r.text(n))
		}
		return r.text(n)
	case source.Sequence:
		return r.items(n)
	case source.Mapping:
		if name, ok := r.longForm(n); ok {
			return r.function(name, n.Pairs[0].Value, false)
		}
		return r.entries(n)
	}
	r.problems.Addf("null-value", n.Place, "write a value, '' for an empty text, or leave the key out", "nothing is written here, and CloudFormation refuses null")
	return nil
}

func (r *reader) entries(n *source.Node) Map {
	m := make(Map, len(n.Pairs))
	for i, p := range n.Pairs {
		if p.Key.Tag != "" {
			r.problems.Addf("yaml-unsupported", p.Key.Place, "write the key as text", "a key cannot be a function, as %s is", p.Key.Tag)
		}
		m[i] = Entry{r.text(p.Key), r.value(p.Value)}
	}
	return m
}

// text is a scalar's text. A NUL, by which intrinsics are told from text, is
// refused by source already; here it decides what the text can become.
func (r *reader) text(n *source.Node) string {
	if strings.IndexByte(n.Text, 0) < 0 {
		return n.Text
	}
	r.problems.Addf("yaml-control-character", n.Place, "remove the character", "the text holds a NUL character")
	return strings.ReplaceAll(n.Text, "\x00", "")
}

func (r *reader) items(n *source.Node) []any {
	list := make([]any, len(n.Items))
	for i, item := range n.Items {
		list[i] = r.value(item)
	}
	return list
}

// longForm reports whether a mapping is a function in its long form. A resource
// or a policy may well have a key Ref or Condition: then its value is a mapping.
func (r *reader) longForm(n *source.Node) (string, bool) {
	if len(n.Pairs) != 1 {
		return "", false
	}
	key, value := n.Pairs[0].Key, n.Pairs[0].Value
	switch {
	case key.Text == fnRef, key.Text == fnCondition:
		return key.Text, value.Kind == source.Scalar || key.Text == fnRef && r.isFunction(value)
	case !strings.HasPrefix(key.Text, "Fn::"):
		return "", false
	case strings.HasPrefix(key.Text, forEach):
		return key.Text, true
	}
	if _, ok := functions[key.Text]; !ok {
		r.problems.Addf("unknown-function", key.Place, suggest(key.Text, functionNames()), "CloudFormation has no function %s", key.Text)
	}
	return key.Text, true
}

// function makes the intrinsic of that full name. n is its argument; in the short
// form it carries the function's own tag.
func (r *reader) function(name string, n *source.Node, short bool) any {
	argument := *n
	if short {
		argument.Tag = ""
	}
	switch name {
	case fnRef, fnCondition:
		return r.named(name, &argument)
	case fnGetAtt:
		return r.getAtt(&argument)
	case fnSub:
		return r.sub(&argument)
	}
	if !r.arityFits(name, &argument) {
		return nil
	}
	return Call(name, r.value(&argument))
}

// arityFits checks the argument's kind and the length of its list. What CloudFormation
// computes (a tag) or a transform reads (a mapping) is not looked at.
func (r *reader) arityFits(name string, n *source.Node) bool {
	a := functions[name]
	switch {
	case n.Kind == source.Null:
		r.malformed(n, name, "has no argument")
	case a.max == 0 || n.Tag != "" || n.Kind == source.Mapping:
		return true
	case n.Kind != source.Sequence:
		r.malformed(n, name, "takes a list, not %s", n.Kind)
	case len(n.Items) >= a.min && len(n.Items) <= a.max:
		return true
	case a.min == a.max:
		r.malformed(n, name, "takes a list of %d, not of %d", a.min, len(n.Items))
	default:
		r.malformed(n, name, "takes a list of %d to %d, not of %d", a.min, a.max, len(n.Items))
	}
	return false
}

func (r *reader) malformed(n *source.Node, name, format string, args ...any) {
	hint := "see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html"
	r.problems.Addf("malformed-function", n.Place, hint, name+" "+format, args...)
}

// isFunction reports whether a node is one of CloudFormation's functions.
func (r *reader) isFunction(n *source.Node) bool {
	if n.Tag != "" {
		_, ok := functionOfTag(n.Tag)
		return ok
	}
	_, ok := r.longForm(n)
	return ok
}

// named is Ref or Condition. AWS::LanguageExtensions lets a Ref compute its name.
func (r *reader) named(name string, n *source.Node) any {
	if name == fnRef && r.isFunction(n) {
		return Call(fnRef, r.value(n))
	}
	if n.Kind != source.Scalar || n.Tag != "" || n.Text == "" {
		r.malformed(n, name, "takes one name, not %s", n.Describe())
		return nil
	}
	if name == fnRef {
		return Ref(r.text(n))
	}
	return ConditionRef(r.text(n))
}

func (r *reader) getAtt(n *source.Node) any {
	switch {
	case n.Kind == source.Scalar && n.Tag == "":
		id, attribute, ok := strings.Cut(r.text(n), ".")
		if ok && id != "" && attribute != "" {
			return GetAtt(id, attribute)
		}
		r.malformed(n, fnGetAtt, "takes Resource.Attribute, not %q", n.Text)
		return nil
	case n.Kind == source.Sequence && len(n.Items) == 2 && r.isFunction(n.Items[0]):
		return Call(fnGetAtt, []any{r.value(n.Items[0]), r.value(n.Items[1])})
	case n.Kind != source.Sequence || len(n.Items) != 2 || n.Items[0].Kind != source.Scalar || n.Items[0].Tag != "":
		r.malformed(n, fnGetAtt, "takes Resource.Attribute or a list of both")
		return nil
	}
	id, attribute := n.Items[0], n.Items[1]
	if attribute.Kind == source.Scalar && attribute.Tag == "" && !strings.Contains(id.Text, ".") {
		return GetAtt(r.text(id), r.text(attribute))
	}
	return Call(fnGetAtt, []any{r.text(id), r.value(attribute)})
}

// sub is Fn::Sub; its text is the user's own CloudFormation and stays.
func (r *reader) sub(n *source.Node) any {
	switch {
	case n.Kind == source.Scalar && n.Tag == "":
		return Sub(r.text(n))
	case n.Kind == source.Sequence && len(n.Items) == 2 &&
		n.Items[0].Kind == source.Scalar && n.Items[0].Tag == "" &&
		n.Items[1].Kind == source.Mapping && n.Items[1].Tag == "":
		return Call(fnSub, []any{r.text(n.Items[0]), r.entries(n.Items[1])})
	}
	r.malformed(n, fnSub, "takes a text, or a list of a text and a mapping of its variables")
	return nil
}

// functionOfTag is the full name for a short tag.
func functionOfTag(tag string) (string, bool) {
	name := strings.TrimPrefix(tag, "!")
	if name != fnRef && name != fnCondition {
		name = "Fn::" + name
	}
	_, ok := functions[name]
	return name, ok && tag != name
}

func tagOfFunction(name string) string { return "!" + strings.TrimPrefix(name, "Fn::") }

func functionNames() []string {
	names := make([]string, 0, len(functions))
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func tagNames() []string {
	names := functionNames()
	for i, name := range names {
		names[i] = tagOfFunction(name)
	}
	return names
}

// suggest is the hint for a name that is close to one that exists. Many give a tag
// the prefix of the long form.
func suggest(name string, names []string) string {
	near := strings.Replace(name, "!Fn::", "!", 1)
	ok := slices.Contains(names, near)
	if !ok {
		near, ok = diag.Suggest(near, names)
	}
	if ok {
		return "did you mean " + near + "?"
	}
	return "see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html; text that begins with ! needs quotes"
}
