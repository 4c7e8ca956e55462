package stack

import (
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

// readers are the targets that read from the tooling account in the regions which a
// template serves. One is named in its own region, and in no other.
type readers struct {
	project  *model.Project
	template *cfn.Template
	regions  []string
	targets  []model.Target
	others   []model.Target // those that a policy has to name to let them in
}

// newReaders finds the readers in regions. In the tooling account itself a role's own
// policies are enough, so that policies name it only where there would else be nobody
// to name in some of the regions: a list may not be empty.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func newReaders(p *model.Project, t *cfn.Template, regions ...string) *readers {
	r := &readers{project: p, template: t, regions: regions}
	for _, target := range p.Targets() {
		if !slices.Contains(regions, target.Region) {
			continue
		}
		r.targets = append(r.targets, target)
		if target.Account != p.Tooling.Account {
			r.others = append(r.others, target)
		}
	}
	if n := len(regionsOf(r.others)); n > 0 && n < len(regions) {
		r.others = r.targets
	}
	return r
}

// let is a statement about roles of the readers, or none where there are no readers.
// Their accounts are its principal: each account's id stands for its root, as its ARN
// would. Roles named as principals would have to exist first, and would be lost when
// made again.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
func (r *readers) let(roles []string, s policy.Statement) []policy.Statement {
	if len(r.others) == 0 {
		return nil
	}
	s.Principal = policy.Principal{AWS: r.each(r.others, func(t model.Target) string { return t.Account })}
	s.Conditions = append([]policy.Condition{byRoles(roles)}, s.Conditions...)
	return []policy.Statement{s}
}

// deployRoles are the deploy roles of the readers in whichever account: the principal
// beside them names the accounts.
func (r *readers) deployRoles() []string { return r.roles(model.DeployRole) }

func (r *readers) cloudFormationRoles() []string { return r.roles(model.CloudFormationRole) }

func (r *readers) roles(name func(project, environment string) string) []string {
	return r.each(r.others, func(t model.Target) string { return baseRole(r.project, "*", name(r.project.Name, t.Environment)) })
}

// functions are patterns of the readers' functions, in one account or in any.
func (r *readers) functions(account func(model.Target) string) []string {
	return r.each(r.targets, func(t model.Target) string {
		return cfn.Sub(partition + "lambda:${AWS::Region}:" + account(t) + ":function:" + model.FunctionName(r.project.Name, t.Environment, "*"))
	})
}

// each lists how targets are called, each name once and in their regions only.
func (r *readers) each(targets []model.Target, name func(model.Target) string) []string {
	var names []string
	called := map[string][]model.Target{}
	for _, t := range targets {
		n := name(t)
		if called[n] == nil {
			names = append(names, n)
		}
		called[n] = append(called[n], t)
	}
	for i, n := range names {
		names[i] = r.where(called[n], n)
	}
	return names
}

// where is a text in the regions of targets, and nothing in the template's others.
func (r *readers) where(targets []model.Target, text string) string {
	regions := regionsOf(targets)
	if len(regions) == len(r.regions) {
		return text
	}
	name := "Serves"
	for _, e := range environmentsOf(targets) {
		name += model.LogicalID(e)
	}
	return under(r.template, cfn.Condition{Name: name, Expr: anyOf(cfn.Region, regions)}, text)
}

// under is a text where a condition of the template holds, and nothing where not.
func under(t *cfn.Template, c cfn.Condition, text string) string {
	if !slices.ContainsFunc(t.Conditions, func(other cfn.Condition) bool { return other.Name == c.Name }) {
		t.Conditions = append(t.Conditions, c)
	}
	return cfn.If(c.Name, text, cfn.NoValue)
}

func regionsOf(targets []model.Target) []string {
	return distinct(targets, func(t model.Target) string { return t.Region })
}

func environmentsOf(targets []model.Target) []string {
	return distinct(targets, func(t model.Target) string { return t.Environment })
}

// distinct are the values of targets in the order of first use.
func distinct(targets []model.Target, of func(model.Target) string) []string {
	var values []string
	for _, t := range targets {
		if v := of(t); !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}
