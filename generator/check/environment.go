package check

import (
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"
)

// EnvironmentSize reports functions whose environment variables are more than Lambda
// takes, in whichever environment they are most. Lambda measures them as JSON and
// quotes what it measured when it refuses.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func EnvironmentSize(p *model.Project, problems *diag.Problems) {
	for i := range p.Functions {
		fn := &p.Functions[i]
		largest, where := variables{}, ""
		for j := range p.Environments {
			e := &p.Environments[j]
			if v := variablesIn(fn, e.Name); deployedTo(*fn, e) && v.size() > largest.size() {
				largest, where = v, e.Name
			}
		}
		if size := largest.size(); size > model.MaxEnvironment {
			problems.Addf("environment-size", largest.longest().Place,
				"keep long values in Parameter Store or in a file beside the code",
				"the environment variables of %s have %d bytes as JSON in %s; the limit is %d", fn.Name, size, where, model.MaxEnvironment)
		}
	}
}

// writtenVariables are a function's variables for every environment and for single ones.
func writtenVariables(fn *model.Function) []model.Variable {
	all := slices.Clone(fn.Environment)
	for _, o := range fn.Overrides {
		all = append(all, o.Variables...)
	}
	return all
}

// variables are a function's variables in one environment.
type variables []model.Variable

func variablesIn(fn *model.Function, environment string) variables {
	byName := map[string]bool{}
	var list variables
	add := func(more []model.Variable) {
		for _, v := range more {
			if !byName[v.Name] && v.Value.Kind != source.Null {
				list = append(list, v)
			}
			byName[v.Name] = true
		}
	}
	for _, o := range fn.Overrides {
		if o.Environment == environment {
			add(o.Variables)
		}
	}
	add(fn.Environment)
	return list
}

// size is the least that they can have: what only a deployment knows counts nothing.
func (v variables) size() int {
	m := cfn.Map{}
	for _, variable := range v {
		m = append(m, cfn.Entry{Key: variable.Name, Value: tree(variable.Value)})
	}
	return policy.Least(m)
}

func (v variables) longest() *source.Node {
	longest := v[0].Value
	for _, variable := range v {
		if policy.Least(tree(variable.Value)) > policy.Least(tree(longest)) {
			longest = variable.Value
		}
	}
	return longest
}

// tree is a value as the template holds it. What is wrong with it is reported where
// the template is made.
func tree(n *source.Node) any {
	return cfn.Tree(cfn.FromNode(n, func(*source.Node) (any, bool) { return nil, false }, &diag.Problems{}))
}
