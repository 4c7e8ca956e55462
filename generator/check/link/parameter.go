package link

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// misfit says why a parameter does not take a value, or "". What is looked up when
// a stack is made, such as the existence of a subnet, is not asked.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func misfit(definition cfn.Map, value string) string {
	typ := template.Text(definition.Get("Type"))
	if strings.HasPrefix(typ, "AWS::SSM::") { // the value is the name of another one
		return ""
	}
	values := []string{value}
	if typ == "CommaDelimitedList" || strings.HasPrefix(typ, "List<") {
		values = strings.Split(value, ",")
		for i := range values {
			values[i] = strings.TrimSpace(values[i])
		}
	}
	for _, v := range values {
		for _, rule := range []func(cfn.Map, string, string) string{allowedValue, allowedPattern, length, number} {
			if why := rule(definition, typ, v); why != "" {
				return why
			}
		}
	}
	return ""
}

func allowedValue(definition cfn.Map, _, value string) string {
	list, ok := definition.Get("AllowedValues").([]any)
	if !ok {
		return ""
	}
	var texts []string
	for _, item := range list {
		text, ok := scalar(item)
		if !ok || text == value {
			return ""
		}
		texts = append(texts, text)
	}
	return "it allows " + diag.Some(texts)
}

// allowedPattern matches the whole value, as CloudFormation does. A pattern that
// only Java's regular expressions have is left alone.
func allowedPattern(definition cfn.Map, _, value string) string {
	text, ok := scalar(definition.Get("AllowedPattern"))
	if !ok {
		return ""
	}
	pattern, err := regexp.Compile(`^(?:` + text + `)$`)
	if err != nil || pattern.MatchString(value) {
		return ""
	}
	return "it must match " + text
}

func length(definition cfn.Map, typ, value string) string {
	n := float64(len([]rune(value)))
	if most, ok := bound(definition, "MaxLength"); ok && n > most && typ == "String" {
		return "it holds " + decimal(most) + " characters"
	}
	if least, ok := bound(definition, "MinLength"); ok && n < least && typ == "String" {
		return "it needs " + decimal(least) + " characters"
	}
	return ""
}

func number(definition cfn.Map, typ, value string) string {
	if typ != "Number" && typ != "List<Number>" {
		return ""
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return "it is a number"
	}
	if most, ok := bound(definition, "MaxValue"); ok && n > most {
		return "the most is " + decimal(most)
	}
	if least, ok := bound(definition, "MinValue"); ok && n < least {
		return "the least is " + decimal(least)
	}
	return ""
}

func bound(definition cfn.Map, key string) (float64, bool) {
	text, ok := scalar(definition.Get(key))
	n, err := strconv.ParseFloat(text, 64)
	return n, ok && err == nil
}

func decimal(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
