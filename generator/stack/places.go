package stack

import (
	"slices"
	"strconv"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/foldstack/foldstack/generator/source"
)

// What function.yaml says becomes a part of resources that are ours. Each such part
// remembers its node, so that what is wrong with it is reported where it was written.

// placeVariables notes where the environment variables of the function stand: of one
// that differs by environment, where the first of them says it.
func (b *builder) placeVariables(function *cfn.Resource) {
	for _, name := range variableNames(b.function, b.environments) {
		for _, environment := range b.environments {
			if n := variable(b.function, environment, name); n != nil {
				function.Note(n, "Properties", "Environment", "Variables", name)
				break
			}
		}
	}
}

// placeStatements notes that an event needs permissions on what the statements name.
func (b *builder) placeStatements(e event.Event, statements []policy.Statement) {
	n := &source.Node{Place: e.Place()} // as the event's own resources have it
	for _, s := range statements {
		for _, resource := range s.Resources {
			b.granted[resource] = n
		}
	}
}

// placePermissions notes where the resources stand that a policy at the path names.
func (b *builder) placePermissions(r *cfn.Resource, document policy.Document, path ...string) {
	for i, statement := range document.Statements {
		for j, resource := range statement.Resources {
			n := b.granted[resource]
			if n == nil {
				continue
			}
			at := append(path[:len(path):len(path)], "Statement", strconv.Itoa(i), "Resource")
			if len(statement.Resources) > 1 { // one alone is no list
				at = append(at, strconv.Itoa(j))
			}
			r.Note(n, at...)
		}
	}
}

// placeVPC notes where the VPCs of the environments stand: one behind the other in the
// conditions that decide between them, of which a path names the branches only.
func (b *builder) placeVPC(function *cfn.Resource, choices []choice) {
	if choices == nil {
		return
	}
	path := []string{"Properties", "VpcConfig"}
	rest := mostFrequent(choices)
	otherwise := choices[0].environment
	for _, c := range choices {
		if c.value == rest {
			otherwise = c.environment
			continue
		}
		placeIDs(function, effective(b.function, c.environment).VPC.Value, append(slices.Clone(path), "1")...)
		path = append(path, "2")
	}
	placeIDs(function, effective(b.function, otherwise).VPC.Value, path...)
}

func placeIDs(function *cfn.Resource, vpc model.VPC, path ...string) {
	if !vpc.Attached() {
		return
	}
	below := func(steps ...string) []string { return slices.Concat(path, steps) }
	for i, n := range vpc.Subnets {
		function.Note(n, below("SubnetIds", strconv.Itoa(i))...)
	}
	for i, n := range vpc.SecurityGroups {
		function.Note(n, below("SecurityGroupIds", strconv.Itoa(i))...)
	}
	function.Note(vpc.Node.Get("subnets"), below("SubnetIds")...)
	function.Note(vpc.Node.Get("securityGroups"), below("SecurityGroupIds")...)
	function.Note(vpc.Node, path...)
}
