package generator

import (
	"slices"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/survey"
	"github.com/foldstack/foldstack/generator/template"
)

// SurveyOptions say which templates to prove that foldstack did not generate.
type SurveyOptions struct {
	File      string // estate.yaml on this machine
	Templates string // the folder of its templates on this machine
}

// VerifySurvey puts an estate to the proof that its owner describes. What is wrong with
// its files is in the result.
func VerifySurvey(options SurveyOptions) (*Result, error) {
	result := &Result{Sources: &diag.Sources{}}
	problems := &diag.Problems{}
	described := survey.Read(survey.Options{File: options.File, Templates: options.Templates, Problems: problems, Sources: result.Sources})
	levels := organization(described.Levels, problems)
	documents := surveyedDocuments(described)
	check.References(documents, problems)
	var e *estate.Estate
	if problems.Empty() {
		e = surveyed(described, problems)
	}
	if problems.Empty() {
		result.Proof = proof.Prove(&proof.Set{Base: e, Demands: surveyedDemands(e), Levels: levels})
		const hint = "prove what it makes: `aws cloudformation get-template --template-stage Processed` prints that"
		result.Rewritten = rewrittenNotes(documents, hint)
		result.Proof.Notes = slices.Concat(result.Proof.Notes, surveyedNotes(e), result.Rewritten)
		result.Proof.Report(problems)
	}
	result.Problems = problems.Listed()
	return result, nil
}

// surveyedDocuments are the templates of a survey, each once and before those that it
// nests.
func surveyedDocuments(s *survey.Survey) []*template.Document {
	var documents []*template.Document
	var add func(d *template.Document)
	add = func(d *template.Document) {
		if d == nil || slices.Contains(documents, d) {
			return
		}
		documents = append(documents, d)
		for i := range d.Resources {
			add(d.Children[d.Resources[i].Name])
		}
	}
	for i := range s.Stacks {
		add(s.Stacks[i].Document)
	}
	return documents
}

// surveyed is the estate of a survey. A stack may take the outputs of others, which take
// those of others in turn, so that it is made until no parameter changes any more. Package
// survey lets no circle through, so that this ends after as many times as there are stacks.
func surveyed(s *survey.Survey, problems *diag.Problems) *estate.Estate {
	roots, taken := surveyedRoots(s)
	found := &diag.Problems{}
	e := estate.Of(roots, found)
	for range len(s.Stacks) {
		if !handOver(outputsOf(e), taken, roots) {
			break
		}
		found = &diag.Problems{} // the parameters that were missing are there
		e = estate.Of(roots, found)
	}
	for _, p := range found.Sorted() {
		problems.Add(p)
	}
	return e
}

// handOver gives parameters the outputs that they take, and reports whether any changed.
func handOver(outputs map[putOut]string, taken []taken, roots []estate.Root) bool {
	changed := false
	for _, t := range taken {
		parameters := roots[t.root].Parameters
		if value := outputs[t.of]; value != parameters[t.parameter] {
			parameters[t.parameter] = value
			changed = true
		}
	}
	return changed
}

// putOut is an output of a root stack in its place.
type putOut struct {
	spot
	name string
}

// taken is a parameter of a root that takes an output of another.
type taken struct {
	root      int
	parameter string
	of        putOut
}

// surveyedRoots are the stacks of a survey in each of their places, without the parameters
// that others put out.
func surveyedRoots(s *survey.Survey) (roots []estate.Root, all []taken) {
	byKey := map[string]*survey.Stack{}
	for i := range s.Stacks {
		byKey[s.Stacks[i].Key] = &s.Stacks[i]
	}
	for i := range s.Stacks {
		for _, root := range surveyedPlaces(&s.Stacks[i]) {
			for _, p := range s.Stacks[i].Parameters {
				if p.Stack == "" {
					root.Parameters[p.Name] = p.Value
					continue
				}
				of := byKey[p.Stack] // it is there, and in one place
				output := putOut{spot{of.Name, of.Accounts[0], of.Regions[0]}, p.Output}
				all = append(all, taken{len(roots), p.Name, output})
			}
			roots = append(roots, root)
		}
	}
	return roots, all
}

// surveyedPlaces are a stack in each of its accounts and regions.
func surveyedPlaces(s *survey.Stack) []estate.Root {
	var roots []estate.Root
	for _, account := range s.Accounts {
		for _, region := range s.Regions {
			partition, _ := model.PartitionOf(region) // another was reported
			roots = append(roots, estate.Root{
				Document: s.Document, Name: s.Name, Partition: partition,
				Account: account, Region: region, Parameters: map[string]string{},
			})
		}
	}
	return roots
}

// outputsOf are the outputs of the root stacks of an estate.
func outputsOf(e *estate.Estate) map[putOut]string {
	outputs := map[putOut]string{}
	for _, s := range e.Stacks {
		if s.Parent == nil {
			for name, value := range s.Outputs {
				outputs[putOut{spotOf(s), name}] = value
			}
		}
	}
	return outputs
}

// surveyedDemands are what the pipelines of an estate, CloudFormation and the functions
// call, and what nobody may. A stack has tags where the pipeline gives it some.
func surveyedDemands(e *estate.Estate) []demand.Demand {
	lists := [][]demand.Demand{demand.Pipelines(e)}
	for _, d := range demand.Deployments(e) {
		if s := rootOf(e, d); s != nil {
			lists = append(lists, demand.Stack(demand.StackOf{Estate: e, Stack: s, Role: d.Role, Stores: e, Untagged: !d.Tagged, Step: d.Step}))
		}
	}
	lists = append(lists, demand.StackSets(e), demand.RunTime(e), demand.Prohibitions(e, e))
	return slices.Concat(lists...)
}

// rootOf is the stack that a pipeline deploys, or nil where the file does not have it.
func rootOf(e *estate.Estate, d demand.Deployed) *estate.Stack {
	for _, s := range e.Stacks {
		if s.Parent == nil && spotOf(s) == (spot{d.Stack, d.Account, d.Region}) {
			return s
		}
	}
	return nil
}

// surveyedNotes name the steps of a delivery whose calls are not known, so that nothing is
// proved of them.
func surveyedNotes(e *estate.Estate) []proof.Note {
	const hint = "nothing is proved of that: see to its permissions yourself"
	var notes []proof.Note
	for _, a := range demand.UnlistedActions(e) {
		text := "what the action " + a.Step.Action + " calls is not known here: " + a.Provider
		notes = append(notes, proof.Note{Place: a.Cause, Text: text, Hint: hint})
	}
	for _, d := range demand.Deployments(e) {
		s := rootOf(e, d)
		if s == nil {
			continue
		}
		for _, r := range demand.UnknownTypes(e, s) {
			text := "what CloudFormation calls for " + r.ID + " is not known here: " + r.Type
			notes = append(notes, proof.Note{Place: r.Entry.Place, Text: text, Hint: hint})
		}
	}
	return notes
}

// organization reads the service control policies of a survey.
func organization(described []survey.Level, problems *diag.Problems) []proof.Level {
	var levels []proof.Level
	for _, l := range described {
		level := proof.Level{Accounts: l.Accounts}
		for _, p := range l.Policies {
			tree := cfn.FromNode(p.Root, nil, problems)
			parsed, faults := authz.Parse(authz.Organization, "service control policy "+p.Path, tree, nil)
			for _, fault := range faults {
				problems.Addf("estate-policy", p.Root.Place, "write it as AWS Organizations takes it", "%s is no service control policy: %v", p.Path, fault)
			}
			level.Policies = append(level.Policies, parsed)
		}
		levels = append(levels, level)
	}
	return levels
}

// readOrganization reads the service control policies that hold for a project's accounts.
func readOrganization(file string, problems *diag.Problems, sources *diag.Sources) []proof.Level {
	if file == "" {
		return nil
	}
	described := survey.Read(survey.Options{File: file, Problems: problems, Sources: sources})
	if len(described.Stacks) > 0 {
		problems.Addf("estate-file", described.Stacks[0].Place, "name the folder of the templates with --templates, or leave the stacks out", "%s has stacks, and a project's own are known", file)
	}
	return organization(described.Levels, problems)
}
