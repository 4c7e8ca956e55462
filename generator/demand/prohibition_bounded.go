package demand

import (
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// escape are the ways out of a permissions boundary. For each boundary one role stands
// for all: it may be permitted anything, so that only the boundary tells roles apart.
func (p *prohibited) escape(e *estate.Estate) {
	met := map[string]bool{}
	for _, role := range e.OfType("AWS::IAM::Role") {
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
		p.refuse(c.from(bucketRightPage), anyCeiling, "a function reaches what is delivered", anyObject(b), "s3:DeleteObject", "s3:GetObject", "s3:PutObject")
		p.refuse(c.from(bucketRightPage), anyCeiling, "a function reaches what is delivered", ofBucket(b), "s3:ListBucket", "s3:PutBucketPolicy")
	}
	for _, key := range p.keys {
		p.refuse(c.from(keyRightPage), anyPolicy, "a function opens the key of the delivery", exactly(key.ARN), keyWrites...)
	}
	for _, stack := range append(e.Stacks[:len(e.Stacks):len(e.Stacks)], p.stacks...) {
		if stack.Parent == nil {
			p.refuse(c.from(stackRolePage), anyPolicy, "a function deploys with the role of the stack "+stack.Name, exactly(stack.ARN), stackWrites...)
		}
	}
}

// passesNoBase: a function passes and takes no role but those that deployments make.
func (p *prohibited) passesNoBase(role *estate.Resource, e *estate.Estate) {
	c := neverRole(role, passRolePage)
	refuse := func(arn string, opened []authz.Kind) {
		on := exactly(arn)
		p.refuse(c, opened, "a function passes a role that no deployment made", on.with("iam:passedtoservice", lambdaService), passRole)
		p.refuse(c.from(assumePage), opened, "a function takes a role of the delivery", on, assumeRole)
	}
	for _, other := range p.roles {
		refuse(other.ARN, anyCeiling)
	}
	for _, other := range e.OfType("AWS::IAM::Role") {
		if bounded(other) == "" && p.estate.ByARN(other.ARN) == nil && deliversByIt(other) {
			refuse(other.ARN, anyCeiling)
		}
	}
	free := exactly(roleIn(role.Stack.Partition, role.Stack.Account, symbol.New(foreignRole)))
	p.refuse(c, anyCeiling, "a function passes a role that no deployment made", free.with("iam:passedtoservice", lambdaService), passRole)
}
