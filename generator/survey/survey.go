package survey

import (
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/scan/tree"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// Survey is an estate as its file describes it.
type Survey struct {
	Stacks []Stack // in the order of the file
	Levels []Level // of the organisation, from its root down
}

// Stack is one template where it is deployed by itself: in each of the accounts, in each
// of the regions.
type Stack struct {
	Place      diag.Place
	Key        string // by which other stacks of the file name it
	Name       string // of the stack in its accounts
	Accounts   []string
	Regions    []string
	Document   *template.Document // nil where it could not be read
	Parameters []Parameter
}

// Parameter is the value of one parameter: a text, or an output of another stack of the
// file.
type Parameter struct {
	Name, Value   string
	Stack, Output string     // of an output; else empty
	Place         diag.Place // of the value
}

// Level is one level of an organisation: the service control policies of its root, of a
// unit or of an account. Each level must allow what an account does.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
type Level struct {
	Accounts []string // none: all
	Policies []Policy
}

// Policy is a policy document as it lies in a file.
type Policy struct {
	Path string
	Root *source.Node
}

// Options say what to read.
type Options struct {
	File      string // the estate's file on this machine
	Templates string // the folder of the templates on this machine; empty: no stacks are expected
	Problems  *diag.Problems
	Sources   *diag.Sources
}

// outputTag is that of foldstack's own files: !Output stack.Name.
const outputTag = "!Output"

// Read reads a file and all that it names. What is wrong with them is added to the
// problems; paths in places are as they were given.
func Read(options Options) *Survey {
	r := &reader{Options: options, documents: map[string]*template.Document{}}
	shown := filepath.ToSlash(options.File)
	node := r.parse(options.File, diag.Problem{Place: diag.Place{File: shown}, Text: "there is no such file", Hint: "check the path"})
	if node == nil && !options.Problems.Empty() {
		return &r.survey
	}
	if node == nil { // an empty file
		node = &source.Node{Kind: source.Mapping, Place: diag.Place{File: shown, Line: 1, Column: 1}}
	}
	o := source.Open(node, filepath.Base(options.File), options.Problems)
	if options.Templates != "" {
		r.some(o)
	}
	for _, pair := range o.Entries("stacks") {
		r.stack(pair)
	}
	for _, item := range o.List("organization") {
		r.level(item)
	}
	o.Done()
	r.outputs()
	r.check()
	r.deployed()
	return &r.survey
}

// some reports an estate of no stacks.
func (r *reader) some(o *source.Object) {
	o.Require("stacks", "name each stack with its template, account and region")
	n := o.Node.Get("stacks")
	if n != nil && len(n.Pairs) == 0 && (n.Kind == source.Mapping || n.Kind == source.Null) {
		o.Problemf("missing-key", "stacks", "write each under `stacks:` with its template, account and region", "%s names no stack", filepath.Base(r.File))
	}
}

// reader reads one estate.
type reader struct {
	Options
	survey    Survey
	documents map[string]*template.Document // by path below the folder of templates
	reading   []string                      // the templates that are being read, each nested by the one before
}

// parse reads a file; what to tell where it is not there, the caller knows.
func (r *reader) parse(file string, missing diag.Problem) *source.Node {
	shown := filepath.ToSlash(file)
	data, there := tree.ReadDocument(shown, file, r.Problems)
	if !there {
		missing.Rule = "estate-file"
		r.Problems.Add(missing)
		return nil
	}
	r.Sources.Add(shown, data)
	return source.Parse(shown, data, r.Problems)
}

// named reads a file that another one names.
func (r *reader) named(file string, by diag.Place) *source.Node {
	return r.parse(file, diag.Problem{Place: by, Text: "there is no file " + filepath.ToSlash(file), Hint: "name a file that is there"})
}

var (
	accountID = regexp.MustCompile(`^[0-9]{12}$`)
	stackName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9-]{0,127}$`)
)

func (r *reader) stack(pair source.Pair) {
	o := source.Open(pair.Value, "a stack", r.Problems)
	o.Require("template", "name its file below the folder of templates")
	o.Require("account", "write the twelve digits in quotes, or a list of accounts")
	o.Require("region", "write a region such as eu-central-1, or a list of regions")
	s := Stack{Place: pair.Key.Place, Key: pair.Key.Text, Name: o.Text("name").Or(pair.Key.Text)}
	if !stackName.MatchString(s.Name) {
		o.Problemf("estate-stack-name", "name", "write letters, digits and hyphens, a letter first, up to 128 characters", "%q is no name of a stack", s.Name)
	}
	for _, f := range o.Fields("account") {
		s.Accounts = append(s.Accounts, r.account(f))
	}
	for _, f := range o.Fields("region") {
		s.Regions = append(s.Regions, r.region(f))
	}
	parameters, nested := o.Entries("parameters"), o.Entries("nested")
	if f := o.Text("template"); f.Set && r.Templates != "" {
		s.Document = r.document(f, filesOf(nested))
	}
	for _, p := range parameters {
		s.Parameters = append(s.Parameters, r.parameter(p))
	}
	if d := s.Document; d != nil {
		r.known(parameters, namesOf(d.Parameters), "unknown-parameter", d.Path+" has no parameter")
		r.known(nested, nestedIn(d), "estate-template", d.Path+" has no nested stack")
	}
	o.Done()
	r.survey.Stacks = append(r.survey.Stacks, s)
}

// deployed tells each template where it is deployed by itself, and with which values.
func (r *reader) deployed() {
	for i := range r.survey.Stacks {
		s := &r.survey.Stacks[i]
		if s.Document == nil {
			continue
		}
		parameters := make(map[string]string, len(s.Parameters))
		for _, p := range s.Parameters {
			parameters[p.Name] = p.Value
			if p.Stack != "" {
				parameters[p.Name] = symbol.New(p.Stack + "." + p.Output)
			}
		}
		for _, account := range s.Accounts {
			for _, region := range s.Regions {
				s.Document.Deployed = append(s.Document.Deployed, template.Deployment{Account: account, Region: region, Parameters: parameters})
			}
		}
	}
}

// filesOf are the files of templates by the logical id of the stack that nests each.
func filesOf(nested []source.Pair) map[string]source.Field[string] {
	files := make(map[string]source.Field[string], len(nested))
	for _, n := range nested {
		files[n.Key.Text] = source.Field[string]{Value: n.Value.Text, Place: n.Value.Place, Set: true}
	}
	return files
}

// known reports keys that are none of the names that a template has.
func (r *reader) known(pairs []source.Pair, names []string, rule, text string) {
	for _, pair := range pairs {
		if slices.Contains(names, pair.Key.Text) {
			continue
		}
		hint := "it has " + diag.Some(names)
		if near, ok := diag.Suggest(pair.Key.Text, names); ok {
			hint = "did you mean " + near + "?"
		}
		r.Problems.Addf(rule, pair.Key.Place, hint, "%s %s", text, diag.Quote(pair.Key.Text))
	}
}

func namesOf(entries []template.Entry) []string {
	names := make([]string, len(entries))
	for i := range entries {
		names[i] = entries[i].Name
	}
	return names
}

func (r *reader) account(f source.Field[string]) string {
	if f.Set && !accountID.MatchString(f.Value) {
		r.Problems.Addf("account-id", f.Place, "put the twelve digits in quotes, leading zeros included", "%q is not an AWS account id, which has twelve digits", f.Value)
	}
	return f.Value
}

func (r *reader) region(f source.Field[string]) string {
	if _, known := model.PartitionOf(f.Value); !known {
		hint := "write a region such as eu-central-1"
		if near, found := diag.Suggest(f.Value, model.KnownRegions()); found {
			hint = "did you mean " + near + "?"
		}
		r.Problems.Addf("unknown-region", f.Place, hint, "there is no region %q", f.Value)
	}
	return f.Value
}

func (r *reader) parameter(pair source.Pair) Parameter {
	n := pair.Value
	p := Parameter{Name: pair.Key.Text, Place: n.Place}
	switch {
	case n.Kind == source.Scalar && n.Tag == "":
		p.Value = n.Text
	case n.Kind == source.Scalar && n.Tag == outputTag && strings.Contains(n.Text, "."):
		p.Stack, p.Output, _ = strings.Cut(n.Text, ".")
	case n.Kind == source.Sequence && n.Tag == "":
		texts := make([]string, len(n.Items))
		for i, item := range n.Items {
			texts[i] = item.Text
		}
		p.Value = strings.Join(texts, ",")
	default:
		r.Problems.Addf("wrong-kind", n.Place, "write a text, a list of texts, or !Output stack.Name", "the parameter %s is %s", p.Name, n.Describe())
	}
	return p
}

// outputs checks that every output that a parameter takes is there, and is one.
func (r *reader) outputs() {
	stacks := map[string]*Stack{}
	for i := range r.survey.Stacks {
		stacks[r.survey.Stacks[i].Key] = &r.survey.Stacks[i]
	}
	keys := slices.Sorted(maps.Keys(stacks))
	for i := range r.survey.Stacks {
		s := &r.survey.Stacks[i]
		for _, p := range s.Parameters {
			if p.Stack == "" {
				continue
			}
			text, hint := "the parameter "+p.Name+" of "+s.Key+" takes "+p.Stack+"."+p.Output+", ", ""
			of := stacks[p.Stack]
			switch {
			case of == nil:
				if near, ok := diag.Suggest(p.Stack, keys); ok {
					hint = "did you mean " + near + "." + p.Output + "?"
				}
				r.Problems.Addf("estate-output", p.Place, hint, "%sand there is no stack %s", text, p.Stack)
			case of.Document == nil: // reported where it was read
			case template.Find(of.Document.Outputs, p.Output) == nil:
				r.Problems.Addf("estate-output", p.Place, "add it to the Outputs of "+of.Document.Path, "%swhich its template does not put out", text)
			case len(of.Accounts) != 1 || len(of.Regions) != 1:
				r.Problems.Addf("estate-output", p.Place, "make a stack of its own of the one that is meant", "%swhich is deployed in several places", text)
			}
		}
	}
}

func (r *reader) level(item *source.Node) {
	o := source.Open(item, "a level of the organization", r.Problems)
	var level Level
	for _, f := range o.Fields("accounts") {
		level.Accounts = append(level.Accounts, r.account(f))
	}
	o.Require("policies", "name the files of its service control policies")
	for _, f := range o.Fields("policies") {
		file := filepath.Join(filepath.Dir(r.File), filepath.FromSlash(f.Value))
		if root := r.named(file, f.Place); root != nil {
			level.Policies = append(level.Policies, Policy{Path: path.Clean(f.Value), Root: root})
		}
	}
	o.Done()
	r.survey.Levels = append(r.survey.Levels, level)
}
