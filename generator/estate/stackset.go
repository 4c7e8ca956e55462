package estate

import (
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/foldstack/foldstack/generator/template"
)

const (
	stackType    = "AWS::CloudFormation::Stack"
	stackSetType = "AWS::CloudFormation::StackSet"
)

// instancesOf are the stacks that the stack sets of some roots deploy, as roots of their
// own: in each account and region of each group. Of an organizational unit nobody knows
// the accounts here; a symbol stands for all of one.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
func instancesOf(roots []Root) []Root {
	seen := map[*template.Document]bool{}
	if !slices.ContainsFunc(roots, func(r Root) bool { return hasSets(r.Document, seen) }) {
		return nil
	}
	var instances []Root
	for _, set := range of(roots, &diag.Problems{}).OfType(stackSetType) {
		document := set.Stack.Document.Children[set.ID]
		if document == nil {
			continue
		}
		for _, group := range mappings(set.Properties.Get("StackInstancesGroup")) {
			parameters := given(nil, set.Properties.Get("Parameters"))
			parameters = given(parameters, group.Get("ParameterOverrides"))
			for _, account := range targets(group) {
				for _, region := range texts(group.Get("Regions")) {
					partition, known := model.PartitionOf(region)
					if !known {
						partition = set.Stack.Partition
					}
					instances = append(instances, Root{
						Document: document, Name: "StackSet-" + set.name + "-" + symbol.New(set.name+" in "+symbol.Show(account)+" "+symbol.Show(region)),
						Partition: partition, Account: account, Region: region, Parameters: parameters, Set: set,
					})
				}
			}
		}
	}
	return instances
}

// hasSets reports whether a document that was not seen yet, or one that it nests, has a
// stack set whose template is known.
func hasSets(d *template.Document, seen map[*template.Document]bool) bool {
	if seen[d] {
		return false
	}
	seen[d] = true
	for i := range d.Resources {
		e := &d.Resources[i]
		child := d.Children[e.Name]
		if child != nil && (e.Type() == stackSetType || e.Type() == stackType && hasSets(child, seen)) {
			return true
		}
	}
	return false
}

// targets are the accounts of a group.
func targets(group cfn.Map) []string {
	deployed, _ := group.Get("DeploymentTargets").(cfn.Map)
	accounts := texts(deployed.Get("Accounts"))
	for _, unit := range texts(deployed.Get("OrganizationalUnitIds")) {
		accounts = append(accounts, symbol.New("an account of "+symbol.Show(unit)))
	}
	return accounts
}

// given are parameters by name, those of a list over others.
func given(below map[string]string, list any) map[string]string {
	parameters := make(map[string]string, len(below))
	for name, value := range below {
		parameters[name] = value
	}
	for _, p := range mappings(list) {
		parameters[textOf(p.Get("ParameterKey"))] = textOf(p.Get("ParameterValue"))
	}
	return parameters
}

func mappings(list any) []cfn.Map {
	var all []cfn.Map
	items, _ := list.([]any)
	for _, item := range items {
		if m, ok := item.(cfn.Map); ok {
			all = append(all, m)
		}
	}
	return all
}

func texts(list any) []string {
	var all []string
	items, _ := list.([]any)
	for _, item := range items {
		all = append(all, textOf(item))
	}
	return all
}
