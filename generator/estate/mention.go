package estate

import (
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// mentionReader walks the trees of one document.
type mentionReader struct {
	asked  map[string]bool
	found  *mentions
	policy bool // it is in a resource of IAM
	grant  bool // it is in what a policy allows something on
}

func (r *mentionReader) document(d *template.Document) {
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
// region what such a policy has a say in. So it is of what Fn::If chooses, whose condition
// stands elsewhere. Other functions are read like anything else.
func (r *mentionReader) granted(resource any) {
	if items, many := resource.([]any); many {
		for _, item := range items {
			r.granted(item)
		}
		return
	}
	if choices, ok := chosen(resource); ok {
		r.granted(choices)
		return
	}
	text, ok := written(resource)
	if !ok {
		r.value(resource)
		return
	}
	r.grant = true
	r.text(text)
	r.grant = false
}

// chosen are the two values of Fn::If.
func chosen(value any) ([]any, bool) {
	encoded, ok := value.(string)
	if !ok || !cfn.IsIntrinsic(encoded) {
		return nil, false
	}
	f, _ := cfn.Decode(encoded)
	arguments, _ := f.Argument.([]any)
	if f.Name != "Fn::If" || len(arguments) != 3 {
		return nil, false
	}
	return arguments[1:], true
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

// pattern looks for those that a run with an asterisk or question mark beside it fits, by
// itself or within a name.
func (r *mentionReader) pattern(run string, before, after byte) {
	for word := range r.asked {
		switch {
		case isWild(before) && isWild(after) && strings.Contains(word, run),
			isWild(after) && begins(word, run, before),
			isWild(before) && ends(word, run, after):
			r.found.words[word] = true
		}
	}
}

// begins reports whether a word begins with what a run ends with.
func begins(word, run string, before byte) bool {
	for n := range len(run) {
		if !isName(before) && strings.HasPrefix(word, run[n:]) {
			return true
		}
		before = run[n]
	}
	return false
}

// ends reports whether a word ends with what a run begins with.
func ends(word, run string, after byte) bool {
	for n := len(run); n > 0; n-- {
		if !isName(after) && strings.HasSuffix(word, run[:n]) {
			return true
		}
		after = run[n-1]
	}
	return false
}
