package generator

import (
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/survey"
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
	var e *estate.Estate
	if problems.Empty() {
		e = surveyed(described, problems)
	}
	if problems.Empty() {
		result.Proof = proof.Prove(&proof.Set{Base: e, Demands: surveyedDemands(e), Levels: levels})
		result.Proof.Report(problems)
	}
	result.Problems = problems.Listed()
	return result, nil
}

// surveyed is the estate of a survey. A stack may take the outputs of others, which
// take those of others in turn, so that it is made until nothing changes any more.
func surveyed(s *survey.Survey, problems *diag.Problems) *estate.Estate {
	roots, taken := surveyedRoots(s)
	for range len(s.Stacks) {
		e := estate.Of(roots, &diag.Problems{})
		outputs := outputsOf(e)
		changed := false
		for i := range taken {
			t := &taken[i]
			if value := outputs[t.of]; value != roots[t.root].Parameters[t.parameter] {
				roots[t.root].Parameters[t.parameter] = value
				changed = true
			}
		}
		if !changed {
			break
		}
	}
	return estate.Of(roots, problems)
}

// putOut is an output of a root stack in its place.
type putOut struct{ stack, account, region, name string }

// taken is a parameter of a root that takes an output of another.
type taken struct {
	root      int
	parameter string
	of        putOut
}

func surveyedRoots(s *survey.Survey) (roots []estate.Root, all []taken) {
	keys := map[string]*survey.Stack{}
	for i := range s.Stacks {
		keys[s.Stacks[i].Key] = &s.Stacks[i]
	}
	for i := range s.Stacks {
		described := &s.Stacks[i]
		for _, account := range described.Accounts {
			for _, region := range described.Regions {
				partition, _ := model.PartitionOf(region) // another was reported
				root := estate.Root{
					Document: described.Document, Name: described.Name, Partition: partition,
					Account: account, Region: region, Parameters: map[string]string{},
				}
				for _, p := range described.Parameters {
					if p.Stack == "" {
						root.Parameters[p.Name] = p.Value
						continue
					}
					of := keys[p.Stack]
					all = append(all, taken{len(roots), p.Name, putOut{of.Name, of.Accounts[0], of.Regions[0], p.Output}})
				}
				roots = append(roots, root)
			}
		}
	}
	return roots, all
}

func outputsOf(e *estate.Estate) map[putOut]string {
	outputs := map[putOut]string{}
	for _, s := range e.Stacks {
		if s.Parent == nil {
			for name, value := range s.Outputs {
				outputs[putOut{s.Name, s.Account, s.Region, name}] = value
			}
		}
	}
	return outputs
}

// surveyedDemands are what the pipelines of an estate, CloudFormation and the functions
// call, and what nobody may.
func surveyedDemands(e *estate.Estate) []demand.Demand {
	demands := demand.Pipelines(e)
	for _, d := range demand.Deployments(e) {
		for _, s := range e.Stacks {
			if s.Parent == nil && s.Name == d.Stack && s.Account == d.Account && s.Region == d.Region {
				demands = append(demands, demand.Stack(demand.StackOf{Estate: e, Stack: s, Role: d.Role, Stores: e, Step: d.Step})...)
			}
		}
	}
	demands = append(demands, demand.RunTime(e)...)
	return append(demands, demand.Prohibitions(e, e)...)
}

// organization reads the service control policies of a survey.
func organization(described []survey.Level, problems *diag.Problems) []proof.Level {
	var levels []proof.Level
	for _, l := range described {
		level := proof.Level{Accounts: l.Accounts}
		for _, p := range l.Policies {
			tree := cfn.FromNode(p.Root, nil, problems)
			parsed, faults := authz.Parse(authz.Organization, "the service control policy "+p.Path, tree, nil)
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
