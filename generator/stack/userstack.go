package stack

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// UserStackPath is the path of a user's template, relative to the output folder.
func UserStackPath(name string) string { return "stacks/" + name + ".yaml" }

// UserStack makes a child of a template that a user wrote, whose bytes are
// published as they are. Parameters called Environment and Project are passed by
// themselves; the others come from foldstack.yaml.
func UserStack(project *model.Project, s *model.Stack, problems *diag.Problems) *Child {
	c := &Child{
		Name:      s.Name,
		Path:      UserStackPath(s.Name),
		Place:     s.Place,
		Only:      restrictions(s.Only),
		Data:      s.Data,
		Written:   s.Template,
		Resources: len(keys(s.Template, "Resources")),
		Offered:   map[string]bool{},
	}
	checkTemplate(s, problems)
	for _, name := range keys(s.Template, "Outputs") {
		c.Offered[name] = true
	}
	given := map[string]source.Pair{}
	for _, pair := range s.Parameters {
		given[pair.Key.Text] = pair
	}
	declared := keys(s.Template, "Parameters")
	for _, name := range declared {
		definition := s.Template.Get("Parameters").Get(name)
		if pair, ok := given[name]; ok {
			c.Arguments = append(c.Arguments, argument(s, pair, definition, problems))
			continue
		}
		switch {
		case name == environmentParameter:
			c.Arguments = append(c.Arguments, Argument{Parameter: name, Value: cfn.Ref(environmentParameter)})
		case name == projectParameter:
			c.Arguments = append(c.Arguments, Argument{Parameter: name, Value: project.Name})
		case definition.Get("Default") == nil:
			problems.Addf("stack-parameter", s.Place, "add it to `parameters:` of the stack, or give it a Default in "+s.File,
				"the stack %s needs the parameter %s, and nothing gives it", s.Name, name)
		}
	}
	for _, pair := range s.Parameters {
		if s.Template != nil && !slices.Contains(declared, pair.Key.Text) {
			problems.Addf("stack-parameter", pair.Key.Place, meant(pair.Key.Text, declared, "remove it, or declare it in "+s.File),
				"%s declares no parameter called %q", s.File, pair.Key.Text)
		}
	}
	return c
}

// checkTemplate reports a file that CloudFormation would not take for a template,
// whatever stands in it. One that cannot be read was reported when it was.
func checkTemplate(s *model.Stack, problems *diag.Problems) {
	const hint = "write a template with at least one resource"
	switch resources := s.Template.Get("Resources"); {
	case s.Data == nil:
	case s.Template == nil:
		var unreadable diag.Problems
		source.Parse(s.File, s.Data, &unreadable)
		if unreadable.Empty() {
			problems.Addf("template-form", s.FilePlace, hint, "the template %s of the stack %s is empty", s.File, s.Name)
		}
	case s.Template.Kind != source.Mapping:
		problems.Addf("template-form", s.Template.Place, hint, "the template of the stack %s is %s, not a mapping of sections", s.Name, s.Template.Kind)
	case resources == nil:
		problems.Addf("template-form", s.Template.Place, hint, "the template of the stack %s has no Resources", s.Name)
	case resources.Kind != source.Mapping || len(resources.Pairs) == 0:
		problems.Addf("template-form", resources.Place, hint, "the Resources of the stack %s are no mapping of names to resources", s.Name)
	}
}

// argument is the value that foldstack.yaml gives to a parameter.
func argument(s *model.Stack, pair source.Pair, definition *source.Node, problems *diag.Problems) Argument {
	a := Argument{Parameter: pair.Key.Text}
	n := pair.Value
	if n.Tag == event.OutputTag {
		if r, ok := event.ParseReference(n); ok {
			a.From = &r
			checkPlainString(s, pair, definition, problems)
		}
		return a
	}
	if n.Kind == source.Sequence && n.Tag == "" {
		var items []string
		for _, item := range n.Items {
			if item.Kind != source.Scalar || item.Tag != "" {
				problems.Addf("stack-parameter", item.Place, "write the values themselves", "a list that is given to a parameter holds plain values")
			}
			items = append(items, item.Text)
		}
		a.Value = strings.Join(items, ",")
		return a
	}
	switch value := cfn.FromNode(n, nil, problems).(type) {
	case string:
		a.Value = value
	case cfn.Plain:
		a.Value = string(value)
	default:
		problems.Addf("stack-parameter", n.Place, "write a text, a list or a tag such as !Output", "a parameter cannot be %s", n.Kind)
	}
	return a
}

// constraints are what makes CloudFormation look at a parameter's value while it
// makes a nested change set, when the output of another stack is not yet known.
var constraints = []string{"AllowedPattern", "AllowedValues", "MaxLength", "MaxValue", "MinLength", "MinValue"}

// checkPlainString reports a parameter that cannot carry another stack's output.
func checkPlainString(s *model.Stack, pair source.Pair, definition *source.Node, problems *diag.Problems) {
	if t := definition.Get("Type"); t != nil && t.Text != "String" {
		problems.Add(diag.Problem{
			Rule: "output-parameter", Place: pair.Value.Place,
			Text: "the output of another stack cannot be given to a parameter of the type " + t.Text,
			Hint: "make it a String; a list is one output and one String for each element", Notes: []diag.Note{{Place: t.Place, Text: "the parameter " + pair.Key.Text}},
		})
	}
	for _, name := range constraints {
		if n := definition.Get(name); n != nil {
			problems.Add(diag.Problem{
				Rule: "output-parameter", Place: pair.Value.Place,
				Text: "the output of another stack cannot be given to a parameter with " + name + ": it is not yet known when the change set is made",
				Hint: "remove " + name + " from " + s.File, Notes: []diag.Note{{Place: n.Place, Text: "the parameter " + pair.Key.Text}},
			})
		}
	}
}
