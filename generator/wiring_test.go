package generator_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// This file reads output back, by another YAML reader and without the packages
// that wrote it, and says what CloudFormation and CodePipeline would not find.

// template is one template as it is read back.
type template struct {
	path     string
	root     *yaml.Node
	complain func(format string, args ...any)
}

// wiring lists what does not fit together in a whole output, by path. A name that
// the users' own text holds is theirs to get right.
func wiring(files map[string][]byte, out, written string) []string {
	var complaints []string
	w := &wires{files: files, out: out, written: written, templates: map[string]*template{}, byDigest: map[string]*template{}}
	w.complain = func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	for _, name := range sorted(files) {
		if path.Ext(name) == ".yaml" {
			w.read(name)
		}
	}
	w.references()
	w.orchestrations()
	w.pipeline()
	w.manifest()
	return complaints
}

type wires struct {
	files     map[string][]byte
	out       string
	written   string
	templates map[string]*template // by path below out
	byDigest  map[string]*template // those that are published
	complain  func(format string, args ...any)
}

func (w *wires) read(name string) {
	inside, ok := strings.CutPrefix(name, w.out+"/")
	if !ok {
		return
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(w.files[name], &doc); err != nil || len(doc.Content) != 1 {
		if !strings.HasPrefix(inside, "stacks/") { // those are the user's bytes
			w.complain("%s cannot be read: %v", name, err)
		}
		return
	}
	t := &template{path: inside, root: doc.Content[0], complain: w.complain}
	w.templates[inside] = t
	if strings.HasPrefix(inside, "functions/") || strings.HasPrefix(inside, "stacks/") || inside == "api.yaml" {
		w.byDigest[digest(w.files[name])] = t
	}
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// get is the value at a path of keys, or nil.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		if n == nil || n.Kind != yaml.MappingNode {
			return nil
		}
		at := n
		n = nil
		for i := 0; i < len(at.Content); i += 2 {
			if at.Content[i].Value == key {
				n = at.Content[i+1]
			}
		}
	}
	return n
}

// names are the keys of a mapping.
func names(n *yaml.Node) []string {
	var list []string
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			list = append(list, n.Content[i].Value)
		}
	}
	slices.Sort(list)
	return list
}

func (t *template) section(name string) *yaml.Node { return get(t.root, name) }

func (t *template) has(section, name string) bool { return get(t.root, section, name) != nil }

// intrinsic is the full name and the argument of a function in its short or long
// form.
func intrinsic(n *yaml.Node) (name string, argument *yaml.Node, ok bool) {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		name = strings.TrimPrefix(n.Tag, "!")
		if name != "Ref" && name != "Condition" {
			name = "Fn::" + name
		}
		plain := *n
		plain.Tag = ""
		return name, &plain, true
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
		if key := n.Content[0].Value; key == "Ref" || strings.HasPrefix(key, "Fn::") {
			return key, n.Content[1], true
		}
	}
	return "", nil, false
}

// references checks in every template of ours that what is named is there.
func (w *wires) references() {
	for _, name := range sortedKeys(w.templates) {
		t := w.templates[name]
		if strings.HasPrefix(name, "stacks/") || strings.HasPrefix(name, "buildspec/") {
			continue
		}
		used := map[string]bool{}
		t.walk(t.root, func(kind, id string) {
			used[id] = true
			if !t.resolves(kind, id) && !strings.Contains(w.written, id) {
				w.complain("%s: %s names %q, which is not there", name, kind, id)
			}
		})
		for _, parameter := range names(t.section("Parameters")) {
			if !used[parameter] {
				w.complain("%s: nothing uses the parameter %s", name, parameter)
			}
		}
	}
}

// sections are where the names that a kind of reference takes are defined.
var sections = map[string][]string{
	"Ref":           {"Parameters", "Resources"},
	"Fn::GetAtt":    {"Resources"},
	"DependsOn":     {"Resources"},
	"Condition":     {"Conditions"},
	"Fn::If":        {"Conditions"},
	"Fn::FindInMap": {"Mappings"},
}

func (t *template) resolves(kind, id string) bool {
	if kind == "Ref" && strings.HasPrefix(id, "AWS::") {
		return pseudo[id]
	}
	for _, section := range sections[kind] {
		if t.has(section, id) {
			return true
		}
	}
	return false
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudo = map[string]bool{
	"AWS::AccountId": true, "AWS::NotificationARNs": true, "AWS::NoValue": true, "AWS::Partition": true,
	"AWS::Region": true, "AWS::StackId": true, "AWS::StackName": true, "AWS::URLSuffix": true,
}

// walk visits every reference below a node, and complains of keys that are there
// twice.
func (t *template) walk(n *yaml.Node, visit func(kind, id string)) {
	if name, argument, ok := intrinsic(n); ok {
		t.call(name, argument, visit)
		n = argument
	}
	if n.Kind == yaml.MappingNode {
		if keys := names(n); len(slices.Compact(slices.Clone(keys))) != len(keys) {
			t.complain("%s:%d: a key is there twice among %v", t.path, n.Line, keys)
		}
		if kind := get(n, "Type"); kind != nil && strings.Contains(kind.Value, "::") {
			t.attributes(n, visit)
		}
	}
	for _, child := range n.Content {
		t.walk(child, visit)
	}
}

// attributes are those of a resource that name something.
func (t *template) attributes(resource *yaml.Node, visit func(kind, id string)) {
	if condition := get(resource, "Condition"); condition != nil && condition.Kind == yaml.ScalarNode {
		visit("Condition", condition.Value)
	}
	switch on := get(resource, "DependsOn"); {
	case on == nil:
	case on.Kind == yaml.ScalarNode:
		visit("DependsOn", on.Value)
	default:
		for _, id := range on.Content {
			visit("DependsOn", id.Value)
		}
	}
}

func (t *template) call(name string, argument *yaml.Node, visit func(kind, id string)) {
	var first *yaml.Node
	if argument.Kind == yaml.SequenceNode && len(argument.Content) > 0 {
		first = argument.Content[0]
	}
	switch {
	case name == "Ref", name == "Condition":
		visit(name, argument.Value)
	case name == "Fn::GetAtt" && argument.Kind == yaml.ScalarNode:
		id, _, _ := strings.Cut(argument.Value, ".")
		visit(name, id)
	case name == "Fn::GetAtt", name == "Fn::If":
		visit(name, first.Value)
	case name == "Fn::FindInMap":
		t.findInMap(argument, visit)
	case name == "Fn::Sub" && first != nil:
		t.sub(first.Value, names(argument.Content[1]), visit)
	case name == "Fn::Sub":
		t.sub(argument.Value, nil, visit)
	}
}

var placeholder = regexp.MustCompile(`\$\{([^!}][^}]*)\}`)

func (t *template) sub(text string, variables []string, visit func(kind, id string)) {
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		id, _, dotted := strings.Cut(strings.TrimSpace(m[1]), ".")
		switch {
		case slices.Contains(variables, id):
		case dotted:
			visit("Fn::GetAtt", id)
		default:
			visit("Ref", id)
		}
	}
}

// findInMap looks a key up in every row, because the row is chosen by a parameter.
func (t *template) findInMap(argument *yaml.Node, visit func(kind, id string)) {
	mapping, key := argument.Content[0].Value, argument.Content[2]
	visit("Fn::FindInMap", mapping)
	rows := get(t.root, "Mappings", mapping)
	if _, _, computed := intrinsic(key); computed || rows == nil {
		return
	}
	for _, row := range names(rows) {
		if get(rows, row, key.Value) == nil {
			t.complain("%s: the row %s of the mapping %s has no key %s", t.path, row, mapping, key.Value)
		}
	}
}

var publishedTemplate = regexp.MustCompile(`/templates/([0-9a-f]{64})\.yaml$`)

// orchestrations checks that every child is nested once and gets the parameters
// that it declares, from outputs that are there.
func (w *wires) orchestrations() {
	nested := map[string]int{}
	for _, name := range sortedKeys(w.templates) {
		if !strings.HasPrefix(name, "orchestration") {
			continue
		}
		o := w.templates[name]
		children := map[string]*template{} // by logical id
		for _, id := range names(o.section("Resources")) {
			resource := get(o.section("Resources"), id)
			if get(resource, "Type").Value != "AWS::CloudFormation::Stack" {
				continue
			}
			url := get(resource, "Properties", "TemplateURL").Value
			m := publishedTemplate.FindStringSubmatch(url)
			if m == nil || w.byDigest[m[1]] == nil {
				w.complain("%s: %s takes its template from %s, which is nowhere", name, id, url)
				continue
			}
			children[id] = w.byDigest[m[1]]
			nested[children[id].path]++
			w.arguments(name, id, get(resource, "Properties", "Parameters"), children[id])
		}
		w.outputs(o, children)
		w.configurations(o)
	}
	for _, digest := range sortedKeys(w.byDigest) {
		if child := w.byDigest[digest].path; nested[child] == 0 {
			w.complain("nothing nests %s", child)
		}
	}
}

// arguments compares what is passed with what the child declares.
func (w *wires) arguments(name, id string, passed *yaml.Node, child *template) {
	for _, p := range names(passed) {
		if !child.has("Parameters", p) {
			w.complain("%s: %s passes %s, which %s does not declare", name, id, p, child.path)
		}
	}
	for _, p := range names(child.section("Parameters")) {
		if get(passed, p) == nil && get(child.section("Parameters"), p, "Default") == nil {
			w.complain("%s: %s does not pass %s, which %s declares", name, id, p, child.path)
		}
	}
}

// outputs checks every GetAtt of an orchestration.
func (w *wires) outputs(o *template, children map[string]*template) {
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		if name, argument, ok := intrinsic(n); ok && name == "Fn::GetAtt" {
			id, attribute, _ := strings.Cut(argument.Value, ".")
			output, isOutput := strings.CutPrefix(attribute, "Outputs.")
			if child := children[id]; !isOutput || child == nil || !child.has("Outputs", output) {
				w.complain("%s: there is no %s", o.path, argument.Value)
			}
		}
		for _, child := range n.Content {
			visit(child)
		}
	}
	visit(o.root)
}

// configurations compares the files of the targets with what an orchestration
// declares: CloudFormation takes no parameter too many and none too few.
func (w *wires) configurations(o *template) {
	for _, name := range sorted(w.files) {
		if !strings.HasPrefix(name, w.out+"/parameters/") {
			continue
		}
		var c struct{ Parameters, Tags map[string]string }
		if err := json.Unmarshal(w.files[name], &c); err != nil {
			w.complain("%s cannot be read: %v", name, err)
			continue
		}
		if given, declared := sortedKeys(c.Parameters), names(o.section("Parameters")); !slices.Equal(given, declared) {
			w.complain("%s gives %v and %s declares %v", name, given, o.path, declared)
		}
	}
}

var artifactPath = regexp.MustCompile(`^[A-Za-z0-9]+::(.+)$`)

// pipeline checks the files and exports that the pipeline names.
func (w *wires) pipeline() {
	p := w.templates["pipeline.yaml"]
	if p == nil {
		w.complain("there is no pipeline.yaml")
		return
	}
	exports := map[string]bool{}
	tooling := w.templates["tooling.yaml"].section("Outputs")
	for _, output := range names(tooling) {
		if name := get(tooling, output, "Export", "Name"); name != nil {
			exports[name.Value] = true
		}
	}
	deployed := map[string]bool{}
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		if name, argument, ok := intrinsic(n); ok && name == "Fn::ImportValue" && !exports[argument.Value] {
			w.complain("pipeline.yaml imports %s, which tooling.yaml does not export", argument.Value)
		}
		for _, key := range []string{"TemplatePath", "TemplateConfiguration"} {
			if value := get(n, key); value != nil {
				m := artifactPath.FindStringSubmatch(value.Value)
				if m == nil || w.files[m[1]] == nil {
					w.complain("pipeline.yaml: %s is %s, which is no file", key, value.Value)
					continue
				}
				deployed[m[1]] = true
			}
		}
		for _, child := range n.Content {
			visit(child)
		}
	}
	visit(p.root)
	for _, name := range sorted(w.files) {
		inside := strings.TrimPrefix(name, w.out+"/")
		if (strings.HasPrefix(inside, "orchestration") || strings.HasPrefix(inside, "parameters/")) && !deployed[name] {
			w.complain("the pipeline does not deploy %s", name)
		}
	}
}

// manifest checks that every file is owned under its digest.
func (w *wires) manifest() {
	var m struct {
		Files []struct{ Path, SHA256 string }
	}
	if err := json.Unmarshal(w.files[w.out+"/manifest.json"], &m); err != nil {
		w.complain("the manifest cannot be read: %v", err)
		return
	}
	owned := map[string]bool{"manifest.json": true}
	for _, f := range m.Files {
		owned[f.Path] = true
		if data, ok := w.files[w.out+"/"+f.Path]; !ok || digest(data) != f.SHA256 {
			w.complain("the manifest lists %s under a wrong digest", f.Path)
		}
	}
	for _, name := range sorted(w.files) {
		if inside, ok := strings.CutPrefix(name, w.out+"/"); ok && !owned[inside] {
			w.complain("the manifest does not list %s", name)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// other is what YAML 1.1 takes for something else than text where it stands
// without quotes.
//
// https://yaml.org/type/
var other = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF`,
	`~|null|Null|NULL|`, `<<`, `=`,
	`[-+]?0b[01_]+`, `[-+]?0[0-7_]+`, `[-+]?(?:0|[1-9][0-9_]*)`, `[-+]?0x[0-9a-fA-F_]+`, `[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+`,
	`[-+]?(?:[0-9][0-9_]*)?\.[0-9.]*(?:[eE][-+][0-9]+)?`, `[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*`,
	`[-+]?\.(?:inf|Inf|INF)`, `\.(?:nan|NaN|NAN)`,
	`[0-9]{4}-[0-9]{2}-[0-9]{2}`,
	`[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?`,
}, "|") + `)$`)

// isText reports whether readers of YAML 1.1 and of YAML 1.2 take a scalar for text.
func isText(n *yaml.Node) bool {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return n.Tag == "!!str"
	}
	return n.ShortTag() == "!!str" && !other.MatchString(n.Value)
}
