package survey

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// stackType is the type of a nested stack.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
const stackType = "AWS::CloudFormation::Stack"

// stackSetType is the type of what deploys one template to many accounts and regions.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
const stackSetType = "AWS::CloudFormation::StackSet"

// document reads a template of the folder and those that it nests. nested names the
// templates of nested stacks by logical id, where their addresses do not.
func (r *reader) document(f source.Field[string], nested map[string]source.Field[string]) *template.Document {
	name := path.Clean(f.Value)
	if d := r.documents[name]; d != nil && len(nested) == 0 {
		return d
	}
	if slices.Contains(r.reading, name) {
		r.Problems.Addf("estate-circle", f.Place, "name other templates under `nested:` of the stack in "+filepath.ToSlash(r.File), "%s nests itself", name)
		return nil
	}
	if !fs.ValidPath(name) {
		r.Problems.Addf("estate-template", f.Place, "name a file below the folder of templates", "%s lies outside of it", name)
		return nil
	}
	file := filepath.Join(r.Templates, filepath.FromSlash(name))
	root := r.named(file, f.Place)
	if root == nil {
		return nil
	}
	if root.Get("Resources") == nil {
		r.Problems.Addf("estate-template", root.Place, "name another file", "%s has no Resources, which a template has", name)
		return nil
	}
	r.reading = append(r.reading, name)
	defer func() { r.reading = r.reading[:len(r.reading)-1] }()
	d := template.Written(filepath.ToSlash(file), root, 0, r.Problems)
	d.Children = map[string]*template.Document{}
	for i := range d.Resources {
		e := &d.Resources[i]
		if body := inline(e); body != "" {
			d.Children[e.Name] = r.body(d.Path+" ("+e.Name+")", body)
		} else if nests(e) {
			if child := r.child(path.Dir(name), e, nested[e.Name]); child.Set {
				d.Children[e.Name] = r.document(child, nil)
			}
		}
	}
	if len(nested) == 0 {
		r.documents[name] = d
	}
	return d
}

// nestedIn are the logical ids of the stacks that a template nests.
func nestedIn(d *template.Document) []string {
	var ids []string
	for i := range d.Resources {
		if e := &d.Resources[i]; nests(e) {
			ids = append(ids, e.Name)
		}
	}
	return ids
}

// nests reports whether a resource deploys a template of its own.
func nests(e *template.Entry) bool { return e.Type() == stackType || e.Type() == stackSetType }

// inline is the template that a stack set holds as a text, or "".
func inline(e *template.Entry) string {
	properties, _ := e.Properties().(cfn.Map)
	if e.Type() != stackSetType {
		return ""
	}
	return template.Text(properties.Get("TemplateBody"))
}

// body reads a template that stands in another; its lines are counted from its own first.
func (r *reader) body(shown, text string) *template.Document {
	r.Sources.Add(shown, []byte(text))
	return template.Written(shown, source.Parse(shown, []byte(text), r.Problems), 0, r.Problems)
}

// child is the file of a nested stack's template: the one that estate.yaml names, and
// else the one that is called as the address ends, from the folder of the parent on.
func (r *reader) child(folder string, e *template.Entry, named source.Field[string]) source.Field[string] {
	if named.Set {
		return named
	}
	properties, _ := e.Properties().(cfn.Map)
	address := lastText(properties.Get("TemplateURL"))
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	place := e.At("Properties", "TemplateURL")
	if address == "" || strings.HasSuffix(address, "}") {
		r.Problems.Addf("estate-template", place, "name its file under `nested:` of the stack in "+filepath.ToSlash(r.File)+", such as `nested: {"+e.Name+": network.yaml}`", "which template %s nests cannot be told from its address", e.Name)
		return source.Field[string]{}
	}
	if !strings.Contains(address, "://") && !strings.Contains(address, "${") {
		return source.Field[string]{Value: path.Join(folder, address), Place: place, Set: true}
	}
	return source.Field[string]{Value: path.Base(address), Place: place, Set: true}
}

// lastText is the literal text at the end of a value.
func lastText(value any) string {
	text, _ := value.(string)
	if plain, ok := value.(cfn.Plain); ok {
		return string(plain)
	}
	i, ok := cfn.Decode(text)
	if !ok {
		return text
	}
	items, _ := i.Argument.([]any)
	switch {
	case i.Name == "Fn::Sub" && items == nil:
		text, _ = i.Argument.(string)
		return text
	case i.Name == "Fn::Sub" && len(items) > 0:
		return lastText(items[0])
	case i.Name == "Fn::Join" && len(items) == 2:
		if parts, ok := items[1].([]any); ok && len(parts) > 0 {
			return lastText(parts[len(parts)-1])
		}
	}
	return ""
}
