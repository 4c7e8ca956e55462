package estate

import (
	"strings"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

// stackNameLimit is the longest name of a stack.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const stackNameLimit = 128

// random is the longest random part of a generated name.
const random = 13

// generated is the name that CloudFormation makes for a resource without one,
// <stack>-<logical id>-<random>. Where that may be longer than the service allows,
// only that part of the stack's name is predicted which is sure to begin it, as
// package handler says it: stack and logical id keep at least half each of what the
// random part leaves.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
func generated(stack, id, end string, limit int) string {
	if mostCharacters(stack)+mostCharacters(id)+len("--")+random <= limit {
		return stack + "-" + id + "-" + end
	}
	if begin := cut(stack, (limit-len("--")-random)/2); begin != stack {
		return begin + end
	}
	return stack + "-" + end
}

// lower is a text in small letters. What CloudFormation makes up in capitals is another
// text then, and another symbol; account and region have no capitals.
func lower(text string) string {
	var b strings.Builder
	for text != "" {
		_, bytes := next(text)
		switch piece := text[:bytes]; {
		case bytes == 1:
			b.WriteString(strings.ToLower(piece))
		case widths[piece] > 0:
			b.WriteString(piece)
		default:
			b.WriteString(symbol.New("small " + piece[1:bytes-1]))
		}
		text = text[bytes:]
	}
	return b.String()
}

// widths are the widest values of the symbols that name a place.
var widths = map[string]int{
	account: len("123456789012"),
	region:  longest(model.KnownRegions()),
}

func longest(texts []string) int {
	n := 0
	for _, text := range texts {
		n = max(n, len(text))
	}
	return n
}

// mostCharacters is how many characters a text can have at the most; a symbol that is not
// of a place is the random part of a name.
func mostCharacters(text string) int {
	n := 0
	for text != "" {
		characters, bytes := next(text)
		n += characters
		text = text[bytes:]
	}
	return n
}

// cut is the part of a text that is sure to lie within its first characters. A symbol
// lies there as a whole or not at all.
func cut(text string, limit int) string {
	n := 0
	for n < len(text) {
		characters, bytes := next(text[n:])
		if characters > limit {
			break
		}
		limit -= characters
		n += bytes
	}
	return text[:n]
}

// next is the first piece of a text, a byte or a symbol, in characters and in bytes.
func next(text string) (characters, bytes int) {
	bytes = symbol.Width(text)
	if bytes == 0 {
		return 1, 1
	}
	if width, ok := widths[text[:bytes]]; ok {
		return width, bytes
	}
	return random, bytes
}
