package generator

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/parallel"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/stack"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

// setOf is what has to be proved of a project's templates, in which no rule found
// anything wrong: that every role can do what its step of the delivery needs, and that
// nobody can do what must be refused.
func setOf(p *model.Project, documents []*template.Document, levels []proof.Level, problems *diag.Problems) *proof.Set {
	v := newVerification(p, documents, problems)
	set := &proof.Set{Base: v.base, Levels: levels}
	classes := estate.Classes(v.roots.targets(v.keyID))
	set.Classes = make([]proof.Class, len(classes))
	parallel.Each(len(classes)+1, func(i int) {
		if i == len(classes) {
			set.Demands = v.delivery()
			return
		}
		set.Classes[i] = v.class(classes[i])
	})
	return set
}

// verification is what has to be proved of one project.
type verification struct {
	project  *model.Project
	problems *diag.Problems
	roots    roots
	keyID    string
	base     *estate.Estate           // the tooling account, and the base stack of every target
	deployed map[spot]demand.Deployed // what the pipeline deploys
}

// spot is a stack in its place.
type spot struct{ stack, account, region string }

func spotOf(s *estate.Stack) spot { return spot{s.Name, s.Account, s.Region} }

func newVerification(p *model.Project, documents []*template.Document, problems *diag.Problems) *verification {
	v := &verification{project: p, problems: problems, roots: newRoots(p, documents), deployed: map[spot]demand.Deployed{}}
	v.keyID = v.roots.keyID(problems)
	v.base = estate.Of(v.roots.bases(v.keyID), problems)
	for _, d := range demand.Deployments(v.base) {
		v.deployed[spot{d.Stack, d.Account, d.Region}] = d
	}
	return v
}

// delivery are the demands of the delivery itself: of the pipeline and of its build.
func (v *verification) delivery() []demand.Demand {
	demands := demand.Pipelines(v.base)
	demands = append(demands, demand.Further(v.base, v.further)...)
	demands = append(demands, v.publishing()...)
	for _, s := range v.base.Stacks {
		if d, ok := v.deployed[spotOf(s)]; ok {
			demands = append(demands, demand.Stack(demand.StackOf{Estate: v.base, Stack: s, Role: d.Role, Stores: v.base, Step: d.Step})...)
		}
	}
	demands = append(demands, demand.RunTime(v.base)...)
	demands = append(demands, demand.Prohibitions(v.base, v.base)...)
	for i := range demands {
		demands[i].Step.Environment = v.environment(demands[i].Step.Stage)
	}
	return demands
}

// further is the orchestration that would stand beside one when that is full.
func (v *verification) further(name string) (further, pattern string) {
	for i := range v.project.Environments {
		e := v.project.Environments[i].Name
		if name == model.OrchestrationStack(v.project.Name, e, "") {
			return model.OrchestrationStack(v.project.Name, e, symbol.New("further")), model.OrchestrationStack(v.project.Name, e, "*")
		}
	}
	return "", ""
}

// environment is the one that a stage of the pipeline deploys, or "".
func (v *verification) environment(stage string) string {
	for i := range v.project.Environments {
		if e := v.project.Environments[i].Name; stage == e || strings.HasPrefix(stage, e+".") {
			return e
		}
	}
	return ""
}

// publishing are the calls by which the build puts assets into every region.
func (v *verification) publishing() []demand.Demand {
	p := v.project
	build := v.baseRole(p.Tooling.Account, model.ToolingRole(p.Name, "build"))
	targets := demand.PublishTargets{Partition: v.roots.partition, Account: p.Tooling.Account}
	for _, region := range p.Regions() {
		targets.Places = append(targets.Places, demand.PublishPlace{
			Region:     region,
			Bucket:     model.AssetBucket(p.Name, p.Tooling.Account, region),
			Prefixes:   []string{model.ArchivePrefix, model.TemplatePrefix},
			Large:      model.ArchivePrefix,
			Repository: model.ImageRepository(p.Name),
		})
	}
	return demand.Publish(v.base, build, targets, demand.Step{Stage: "Build", Action: "publish"})
}

// class is a class of targets and what is asked for them.
func (v *verification) class(c estate.Class) proof.Class {
	environment := c.Roots[0].Parameters[stack.EnvironmentParameter]
	e := estate.Of(c.Roots, v.problems)
	check.Estate(environment, e, v.problems)
	class := proof.Class{Name: environment, Estate: e}
	for _, m := range c.Members {
		class.Members = append(class.Members, proof.Member{Account: m.Account, Region: m.Region})
	}
	var lists [][]demand.Demand
	for _, s := range e.Stacks {
		lists = append(lists, v.deployment(e, s, c.Members[0], environment), demand.Declared(s), demand.DeclaredKeys(e, s))
	}
	lists = append(lists, v.vocabulary(c, environment), demand.RunTime(e), demand.Prohibitions(e, v.base))
	class.Demands = slices.Concat(lists...)
	for i := range class.Demands {
		class.Demands[i].Step.Environment = environment
	}
	return class
}

// deployment is what CloudFormation calls for a root stack of a class, with the role that
// the pipeline passes in its first member.
func (v *verification) deployment(e *estate.Estate, s *estate.Stack, first estate.Cell, environment string) []demand.Demand {
	d, ok := v.deployed[spot{s.Name, first.Account, first.Region}]
	if !ok || s.Parent != nil {
		return nil
	}
	role := strings.ReplaceAll(d.Role, first.Account, s.Account)
	together := model.OrchestrationStack(v.project.Name, environment, "")
	return demand.Stack(demand.StackOf{Estate: e, Stack: s, Role: role, Stores: v.base, Together: together, Step: demand.Step{Stage: d.Step.Stage, Action: s.Name}})
}

// vocabulary is what the role of CloudFormation must be able to do for what no function
// uses yet.
func (v *verification) vocabulary(c estate.Class, environment string) []demand.Demand {
	p, of := v.project, c.Roots[len(c.Roots)-1] // an orchestration
	return demand.Vocabulary(demand.VocabularyOf{
		Own: stack.Vocabulary(), Users: stack.UserTypes(p),
		Names: handler.Names{
			Root:   model.OrchestrationStack(p.Name, environment, ""),
			Folder: p.Name + "/" + environment + "/",
			Path:   model.FunctionPath(p.Name, environment),
		},
		Role:      v.baseRole(of.Account, model.CloudFormationRole(p.Name, environment)),
		Boundary:  v.iam(of.Account, "policy", model.BoundaryPolicy(p.Name, environment)),
		Partition: v.roots.partition, Account: of.Account, Region: of.Region,
		Assets:     of.Parameters[stack.AssetsParameter],
		Repository: p.Tooling.Account + ".dkr.ecr." + of.Region + "." + v.roots.partition.Suffix() + "/" + model.ImageRepository(p.Name),
		Stores:     v.base,
		Step:       demand.Step{Stage: environment, Action: "any function"},
		Cause:      p.Place,
	})
}

// baseRole is the ARN of a role that bootstrap makes.
func (v *verification) baseRole(account, name string) string { return v.iam(account, "role", name) }

func (v *verification) iam(account, kind, name string) string {
	return "arn:" + string(v.roots.partition) + ":iam::" + account + ":" + kind + model.BasePath(v.project.Name) + name
}
