package handler

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Subject is a resource that CloudFormation makes calls for.
type Subject struct {
	*estate.Resource

	// Tagged tells that the root stack has tags, which CloudFormation hands down to
	// every resource that takes some.
	//
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
	Tagged bool

	// Find is the resource of a type that a property names by its Ref, or nil.
	Find func(typ, ref string) *estate.Resource

	// Open tells that the resource stands for any of its type: whatever property may
	// be set. What a property would then name is Other.
	Open  bool
	Other func(typ string) string

	naming  naming
	namings func(typ string) naming // the tables cannot ask themselves
	bare    *Subject                // see plain
}

// plain reports whether a condition holds for a resource of which nothing is set.
func (s *Subject) plain(when condition) bool {
	if s.bare == nil {
		bare := &estate.Resource{Stack: s.Stack, ID: s.ID, Type: s.Type}
		s.bare = &Subject{Resource: bare, Tagged: s.Tagged, Find: s.Find, naming: s.naming, namings: s.namings}
	}
	return when(s.bare)
}

// condition tells whether a row's calls are made.
type condition func(s *Subject) bool

// tagged holds where the resource has tags, its own or the stack's.
func tagged(s *Subject) bool {
	return s.Open || s.Tagged || s.has("Tags") || s.has("TagsList")
}

// set holds where one of the properties is set. A path goes through lists.
func set(paths ...string) condition {
	return func(s *Subject) bool { return s.Open || slices.ContainsFunc(paths, s.has) }
}

func (s *Subject) has(path string) bool {
	name, _, nested := strings.Cut(path, ".")
	value := s.Properties.Get(name)
	if _, several := value.([]any); value == nil || !nested && !several {
		return value != nil
	}
	return len(s.values(path)) > 0
}

// values are the values at a path of property names; of a list, each item is followed.
func (s *Subject) values(path string) []any {
	found := []any{s.Properties}
	for name := range strings.SplitSeq(path, ".") {
		var next []any
		for _, value := range found {
			if m, ok := value.(cfn.Map); ok && m.Has(name) && m.Get(name) != nil {
				next = appendItems(next, m.Get(name))
			}
		}
		found = next
	}
	return found
}

// appendItems appends a value, or each item of a list.
func appendItems(list []any, value any) []any {
	items, ok := value.([]any)
	if !ok {
		return append(list, value)
	}
	for _, item := range items {
		list = appendItems(list, item)
	}
	return list
}

// texts are the texts at some paths.
func (s *Subject) texts(paths ...string) []string {
	var texts []string
	for _, path := range paths {
		for _, value := range s.values(path) {
			if text, ok := value.(string); ok && text != "" {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// text is the first text at a path.
func (s *Subject) text(path string) string {
	if texts := s.texts(path); len(texts) > 0 {
		return texts[0]
	}
	return ""
}

// fill writes an ARN: service and the rest, in which {region}, {account} and {name} are
// the resource's.
func (s *Subject) fill(pattern, name string) string { return fillARN(s.Stack, pattern, name) }

func fillARN(in *estate.Stack, pattern, name string) string {
	return "arn:" + string(in.Partition) + ":" + strings.NewReplacer(
		"{region}", in.Region, "{account}", in.Account, "{name}", name,
	).Replace(pattern)
}

// own is the ARN of the resource.
func (s *Subject) own() string {
	if s.ARN != "" || s.naming.arn == "" {
		return s.ARN
	}
	return s.fill(s.naming.arn, s.named())
}

// named is the name by which a resource's ARN holds it.
func (s *Subject) named() string {
	if s.Ref != "" {
		return s.Ref[symbol.LastIndexAny(s.Ref, "/")+1:]
	}
	return symbol.New(s.ID)
}
