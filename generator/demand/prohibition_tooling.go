package demand

import (
	"slices"

	"github.com/foldstack/foldstack/generator/estate"
)

const (
	pipelineRightPage = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html"
	buildRightPage    = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html"
)

// tooling is what the roles beside a pipeline must not do: a build runs what anybody
// has published, and the pipeline reaches every account.
func (p *prohibited) tooling() {
	for _, role := range p.roles {
		switch {
		case assumedBy(role, codeBuildService):
			p.builds(role)
		case assumedBy(role, codePipeline):
			p.runs(role)
		}
	}
	for _, x := range p.deployments {
		if x.itself {
			p.updates(x)
		}
	}
}

// builds: what installs packages may write what it has built, once, and nothing else.
func (p *prohibited) builds(role *estate.Resource) {
	p.isNobodyElse(role)
	assets := p.assets()
	c := neverRole(role, conditionalPage)
	for _, b := range assets {
		on := anyObject(b).with("s3:objectcreationoperation", "true")
		p.refuse(c, anyPolicy, "an asset is written a second time", on, "s3:PutObject")
		p.refuse(c.from(bucketRightPage), asWritten, "something is written that is no asset", on.with("s3:if-none-match", "*"), "s3:PutObject")
		for _, object := range p.objectsOf(b) {
			p.refuse(c.from(bucketRightPage), asWritten, "an asset is deleted", object, "s3:DeleteObject", "s3:DeleteObjectVersion")
		}
	}
	for _, b := range p.buckets {
		p.refuse(c.from(bucketRightPage), asWritten, "the bucket "+b.Ref+" is opened", ofBucket(b), bucketWrites...)
	}
	for _, key := range p.keys {
		p.refuse(c.from(keyRightPage), asWritten, "the key of the delivery is opened", exactly(key.ARN), keyWrites...)
	}
	for _, images := range p.images {
		p.refuse(c.from(imageRightPage), asWritten, "an image is deleted, or its tag moved", exactly(images.ARN), "ecr:BatchDeleteImage", "ecr:PutImageTagMutability", "ecr:SetRepositoryPolicy")
	}
	p.leavesPipeline(role)
	p.leavesStacks(role)
}

// runs: the pipeline takes the roles of its actions and has no rights beside.
func (p *prohibited) runs(role *estate.Resource) {
	taken := map[string]bool{}
	for _, x := range p.pipelines {
		for _, a := range x.actions {
			taken[a.role] = true
		}
	}
	c := neverRole(role, assumePage)
	for _, other := range p.roles {
		if other != role && !taken[other.ARN] {
			p.refuse(c, asWritten, "a role is taken that is none of an action", exactly(other.ARN), assumeRole)
		}
	}
	p.refuse(c, asWritten, "a role of somebody else is taken", exactly(stranger(role.Stack.Partition, role.Stack.Account).ARN), assumeRole)
	p.changesNoIdentity(role)
	p.leavesPipeline(role)
	p.leavesStacks(role)
}

// updates: the roles by which a pipeline updates itself change its stack and nothing
// beside.
func (p *prohibited) updates(x deployment) {
	for _, role := range []*estate.Resource{x.actor, x.maker} {
		p.changesNoIdentity(role)
		p.becomesNobody(role)
		p.leavesStacks(role, x.cause.Stack)
		p.writesNoStore(role, asWritten)
	}
	p.passesToNobody(x.actor, asWritten, x.maker)
	p.passesToNoCode(x.maker)
}

// isNobodyElse: a role takes and passes no other, of whichever account, and changes none.
func (p *prohibited) isNobodyElse(role *estate.Resource) {
	for _, other := range p.roles {
		if other != role {
			p.refuse(neverRole(role, assumePage), asWritten, "another role of the delivery is taken", exactly(other.ARN), assumeRole)
		}
	}
	p.passesToNoCode(role)
	p.changesNoIdentity(role)
}

// passesToNoCode: code has all that a role has which is passed to it.
func (p *prohibited) passesToNoCode(by *estate.Resource) {
	for _, role := range inAccount(by.Stack.Account, p.roles) {
		on := exactly(role.ARN).with("iam:passedtoservice", lambdaService)
		p.refuse(neverRole(by, passRolePage), asWritten, "a role of the delivery is passed to code", on, passRole)
	}
}

// changesNoIdentity: it neither changes a role of the delivery nor makes a user.
func (p *prohibited) changesNoIdentity(role *estate.Resource) {
	c := neverRole(role, identityPage)
	for _, other := range inAccount(role.Stack.Account, p.roles) {
		p.refuse(c, asWritten, "a role of the delivery is changed", exactly(other.ARN), roleWrites...)
	}
	p.makesNobody(role)
}

// leavesPipeline: who changes a pipeline or what it runs, or approves it, decides what is
// deployed.
func (p *prohibited) leavesPipeline(role *estate.Resource) {
	c := neverRole(role, pipelineRightPage)
	for _, x := range p.pipelines {
		p.refuse(c, asWritten, "the pipeline is changed", exactly(x.arn), "codepipeline:DeletePipeline", "codepipeline:UpdatePipeline")
		for _, a := range x.actions {
			if a.kind.category == "Approval" {
				p.refuse(c, asWritten, "what waits for an approval is approved", exactly(x.arn+"/"+a.caller.step.Stage+"/"+a.caller.step.Action), "codepipeline:PutApprovalResult")
			}
		}
		for _, project := range p.estate.OfType(projectType) {
			p.refuse(neverRole(role, buildRightPage), asWritten, "what the build runs is changed", exactly(project.ARN), "codebuild:UpdateProject")
		}
	}
}

// leavesStacks: of the delivery's stacks it changes none but some.
func (p *prohibited) leavesStacks(role *estate.Resource, but ...*estate.Stack) {
	for _, stack := range p.stacks {
		if stack.Account == role.Stack.Account && !slices.Contains(but, stack) {
			p.refuse(neverRole(role, stackRolePage), asWritten, "the stack "+stack.Name+" of the delivery is changed", exactly(stack.ARN), stackWrites...)
		}
	}
}
