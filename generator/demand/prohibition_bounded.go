package demand

import (
	"slices"

	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// escape are the ways out of a permissions boundary. For each boundary one role stands
// for all: it may be permitted anything, so that only the boundary tells roles apart.
func (p *prohibited) escape(e *estate.Estate) {
	met := map[string]bool{}
	for _, role := range e.OfType(roleType) {
		boundary := bounded(role)
		if boundary == "" || met[boundary] {
			continue
		}
		met[boundary] = true
		p.escapes(role, e)
	}
}

func (p *prohibited) escapes(role *estate.Resource, e *estate.Estate) {
	c := neverRole(role, boundariesPage)
	p.refuse(c, anyCeiling, "a function changes who may do what", everything(), identityWrites...)
	p.passesNoBase(role, e)
	for _, b := range p.buckets {
		for _, object := range p.objectsOf(b) {
			p.refuse(c.from(bucketRightPage), anyCeiling, "a function reaches what is delivered", object, "s3:DeleteObject", "s3:GetObject", "s3:PutObject")
		}
		p.refuse(c.from(bucketRightPage), anyCeiling, "a function reaches what is delivered", ofBucket(b), "s3:ListBucket", "s3:PutBucketPolicy")
	}
	for _, key := range p.keys {
		p.refuse(c.from(keyRightPage), anyPolicy, "a function opens the key of the delivery", exactly(key.ARN), keyWrites...)
	}
	for _, stack := range p.stacksNear(e) {
		p.refuse(c.from(stackRolePage), anyPolicy, "a function deploys with the role of the stack "+stack.Name, exactly(stack.ARN), stackWrites...)
	}
}

// stacksNear are the root stacks of an estate, and those beside the pipelines. Those of
// other targets are as far from a function as anybody's.
func (p *prohibited) stacksNear(e *estate.Estate) []*estate.Stack {
	var stacks []*estate.Stack
	for _, stack := range slices.Concat(e.Stacks, p.stacks) {
		near := slices.Contains(e.Stacks, stack) || p.delivers(stack.Account)
		if near && stack.Parent == nil && !slices.ContainsFunc(stacks, func(s *estate.Stack) bool { return s.ARN == stack.ARN }) {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}

// rolesNear are those that deployments neither make nor may give away.
func (p *prohibited) rolesNear(e *estate.Estate) []*estate.Resource {
	var roles []*estate.Resource
	for _, role := range slices.Concat(e.OfType(roleType), p.roles) {
		near := e.ByARN(role.ARN) != nil || p.delivers(role.Stack.Account)
		if near && deliversByIt(role) && !slices.ContainsFunc(roles, func(r *estate.Resource) bool { return r.ARN == role.ARN }) {
			roles = append(roles, role)
		}
	}
	return roles
}

// passesNoBase: a function passes and takes no role but those that deployments make.
func (p *prohibited) passesNoBase(role *estate.Resource, e *estate.Estate) {
	c := neverRole(role, passRolePage)
	for _, other := range p.rolesNear(e) {
		on := exactly(other.ARN)
		p.refuse(c, anyCeiling, "a function passes a role that no deployment made", on.with("iam:passedtoservice", lambdaService), passRole)
		p.refuse(c.from(assumePage), anyCeiling, "a function takes a role of the delivery", on, assumeRole)
	}
	free := exactly(roleIn(role.Stack.Partition, role.Stack.Account, symbol.New(foreignRole)))
	p.refuse(c, anyCeiling, "a function passes a role that no deployment made", free.with("iam:passedtoservice", lambdaService), passRole)
}
