package estate

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// literals finds in documents what tells one account or region from others.
type literals struct {
	words map[string]bool // the accounts and regions that are asked for
	of    map[*template.Document]*mentions
}

// mentions is what a document and those that it nests say of accounts and regions.
type mentions struct {
	number int
	words  map[string]bool // those that a text names, as a whole or by a pattern such as eu-*
	cuts   map[string]bool // the separators at which texts are cut
	global bool            // it makes the same in every region, and nothing that belongs to one
}

// tells reports whether a document treats an account or region unlike others.
func (m *mentions) tells(word string) bool {
	if m.words[word] {
		return true
	}
	for separator := range m.cuts {
		if strings.Contains(word, separator) {
			return true
		}
	}
	return false
}

// in reads a document with what it nests, once.
func (l *literals) in(d *template.Document) *mentions {
	if m := l.of[d]; m != nil {
		return m
	}
	m := &mentions{number: len(l.of), words: map[string]bool{}, cuts: map[string]bool{}, global: isGlobal(d)}
	l.of[d] = m
	r := mentionReader{asked: l.words, found: m, met: map[*template.Document]bool{}}
	r.document(d)
	return m
}

// mentionReader walks the trees of a document.
type mentionReader struct {
	asked  map[string]bool
	found  *mentions
	met    map[*template.Document]bool
	policy bool // it is in a resource of IAM
	grant  bool // it is in what a policy allows something on
}

func (r *mentionReader) document(d *template.Document) {
	if d == nil || r.met[d] {
		return
	}
	r.met[d] = true
	for _, section := range [][]template.Entry{d.Parameters, d.Mappings, d.Conditions, d.Outputs} {
		r.entries(section)
	}
	for n := range d.Resources {
		r.policy = strings.HasPrefix(d.Resources[n].Type(), "AWS::IAM::")
		r.entries(d.Resources[n : n+1])
		r.policy = false
	}
	for n := range d.Declared {
		for _, resource := range d.Declared[n].Resources {
			r.value(resource)
		}
	}
	for _, child := range d.Children {
		r.document(child)
	}
}

func (r *mentionReader) entries(section []template.Entry) {
	for n := range section {
		r.text(section[n].Name)
		r.value(section[n].Value)
	}
}

func (r *mentionReader) value(x any) {
	switch x := x.(type) {
	case string:
		if cfn.IsIntrinsic(x) {
			r.call(x)
			return
		}
		r.text(x)
	case []any:
		for _, item := range x {
			r.value(item)
		}
	case cfn.Map:
		for _, e := range x {
			r.text(e.Key)
			if e.Key == "Resource" && r.policy && template.Text(x.Get("Effect")) == "Allow" {
				r.granted(e.Value)
				continue
			}
			r.value(e.Value)
		}
	case cfn.Plain:
		r.text(string(x))
	case int:
		r.text(textOf(x))
	}
}

// granted reads what a policy allows something on. A region that is written there does
// not change what is made, only whom the policy lets do what: package proof asks for each
// region what such a policy has a say in. Functions are read like anything else.
func (r *mentionReader) granted(resource any) {
	items, many := resource.([]any)
	if !many {
		items = []any{resource}
	}
	for _, item := range items {
		if text, ok := written(item); ok {
			r.grant = true
			r.text(text)
			r.grant = false
			continue
		}
		r.value(item)
	}
}

// written is a text that stands there, or that Fn::Sub fills in.
func written(item any) (string, bool) {
	if encoded, ok := item.(string); ok && cfn.IsIntrinsic(encoded) {
		f, _ := cfn.Decode(encoded)
		text := template.Text(f.Argument)
		return text, f.Name == "Fn::Sub" && text != ""
	}
	text := template.Text(item)
	return text, text != ""
}

func (r *mentionReader) call(encoded string) {
	f, _ := cfn.Decode(encoded)
	if items, _ := f.Argument.([]any); f.Name == "Fn::Split" && len(items) > 0 {
		r.found.cuts[template.Text(items[0])] = true // where it is computed "", which is in any text
	}
	r.value(f.Argument)
}

// text looks at the runs of small letters, digits and hyphens: accounts and regions are
// made of those.
func (r *mentionReader) text(s string) {
	for n := 0; n < len(s); {
		if !inWord(s[n]) {
			n++
			continue
		}
		end := n + 1
		for end < len(s) && inWord(s[end]) {
			end++
		}
		r.run(s[n:end], before(s, n), after(s, end))
		n = end
	}
}

func before(s string, n int) byte {
	if n == 0 {
		return 0
	}
	return s[n-1]
}

func after(s string, n int) byte {
	if n == len(s) {
		return 0
	}
	return s[n]
}

// run looks at a run and the characters around it.
func (r *mentionReader) run(run string, before, after byte) {
	if isWild(before) || isWild(after) {
		r.pattern(run, before, after)
	}
	for n := 0; n < len(run); n++ {
		if !isDigit(run[n]) {
			continue
		}
		end := n + 1
		for end < len(run) && isDigit(run[end]) {
			end++
		}
		if r.asked[run[n:end]] {
			r.found.words[run[n:end]] = true
		}
		r.ending(run[:end])
		n = end
	}
}

// ending looks for regions, of which a digit is the end.
func (r *mentionReader) ending(run string) {
	for n := len(run) - 1; n >= 0; n-- {
		if (n == 0 || run[n-1] == '-') && r.asked[run[n:]] && !r.grant {
			r.found.words[run[n:]] = true
		}
	}
}

// pattern looks for those that a run with an asterisk or question mark beside it fits.
func (r *mentionReader) pattern(run string, before, after byte) {
	for word := range r.asked {
		switch {
		case isWild(before) && isWild(after) && strings.Contains(word, run),
			isWild(after) && !isLetter(before) && strings.HasPrefix(word, run),
			isWild(before) && !isLetter(after) && strings.HasSuffix(word, run):
			r.found.words[word] = true
		}
	}
}

func inWord(c byte) bool   { return c >= 'a' && c <= 'z' || isDigit(c) || c == '-' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }
func isWild(c byte) bool   { return c == '*' || c == '?' }

// isGlobal reports whether a document has nothing that belongs to a region: roles and
// policies, made without a look at where the stack is.
func isGlobal(d *template.Document) bool {
	if d == nil || len(d.Children) > 0 {
		return false
	}
	for n := range d.Resources {
		if !strings.HasPrefix(d.Resources[n].Type(), "AWS::IAM::") {
			return false
		}
	}
	local := false
	for _, section := range [][]template.Entry{d.Parameters, d.Mappings, d.Conditions, d.Resources, d.Outputs} {
		for n := range section {
			local = local || tellsRegion(section[n].Value)
		}
	}
	return !local
}

// tellsRegion reports whether a value has to do with the region of its stack.
func tellsRegion(x any) bool {
	switch x := x.(type) {
	case string:
		if cfn.IsIntrinsic(x) {
			f, _ := cfn.Decode(x)
			return f.Name == "Fn::GetAZs" || f.Name == "Fn::ImportValue" || tellsRegion(f.Argument)
		}
		return strings.Contains(x, "AWS::Region") || strings.Contains(x, "AWS::StackId")
	case []any:
		return slices.ContainsFunc(x, tellsRegion)
	case cfn.Map:
		return slices.ContainsFunc(x, func(e cfn.Entry) bool { return e.Key == "Export" || tellsRegion(e.Value) })
	}
	return false
}

// isAccount reports whether a text is the id of an account.
//
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
func isAccount(text string) bool {
	return len(text) == 12 && strings.Trim(text, "0123456789") == ""
}

// isRegion reports whether a text has the form of a region's name, such as eu-west-1.
//
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
func isRegion(text string) bool {
	return strings.Contains(text, "-") && isDigit(after(text, len(text)-1)) && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// replaceWord puts a symbol in the place of a word, wherever that stands by itself and
// not within another symbol.
func replaceWord(text, word, with string) string {
	if !strings.Contains(text, word) {
		return text
	}
	var b strings.Builder
	for n := 0; n < len(text); {
		width := symbol.Width(text[n:])
		switch {
		case width > 0:
			b.WriteString(text[n : n+width])
		case strings.HasPrefix(text[n:], word) && !isName(before(text, n)) && !isName(after(text, n+len(word))):
			b.WriteString(with)
			width = len(word)
		default:
			b.WriteByte(text[n])
			width = 1
		}
		n += width
	}
	return b.String()
}

func isName(c byte) bool { return isLetter(c) || isDigit(c) }
