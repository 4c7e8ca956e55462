package demand

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

const (
	boundariesPage  = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"
	delegationPage  = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate"
	passRolePage    = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
	stackRolePage   = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html"
	identityPage    = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html"
	assumePage      = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html"
	bucketRightPage = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"
	keyRightPage    = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html"
	imageRightPage  = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html"
)

// widening are the ways in which the roles that deploy could become more than they are.
func (p *prohibited) widening() {
	for _, maker := range p.makers() {
		p.makesNoFreeRole(maker)
		p.changesNoBase(maker, anyPolicy)
		p.becomesNobody(maker)
		p.passesToNobody(maker, anyPolicy, maker)
		p.writesNoStore(maker, anyPolicy)
		p.readsNoArtifact(maker)
	}
	for _, actor := range p.roles {
		x, ok := p.byActor[actor]
		if !ok || x.itself {
			continue
		}
		p.changesNoBase(x.actor, asWritten)
		p.becomesNobody(x.actor)
		p.passesToNobody(x.actor, asWritten, x.maker)
		p.writesNoStore(x.actor, asWritten)
		p.deploysOnlyByRole(x)
	}
}

// makesNoFreeRole: a role without the boundary of its stack, or with another, may be
// permitted anything.
func (p *prohibited) makesNoFreeRole(maker *estate.Resource) {
	c := neverRole(maker, delegationPage)
	role := exactly(roleIn(maker.Stack.Partition, maker.Stack.Account, symbol.New("a deployed role")))
	p.refuse(c, anyPolicy, "a role has no boundary", role, "iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePolicy")
	free := role.with("iam:permissionsboundary", administratorOf(maker.Stack.Partition))
	p.refuse(c, anyPolicy, "a role has a boundary that allows everything", free, boundedWrites...)
	p.refuse(c, anyPolicy, "a role loses its boundary", role, "iam:DeleteRolePermissionsBoundary")
}

// changesNoBase: whoever changes a role, a policy or a stack on which the delivery
// stands gives to himself what that has. The right boundary makes no difference.
func (p *prohibited) changesNoBase(by *estate.Resource, opened []authz.Kind) {
	account := by.Stack.Account
	c := neverRole(by, identityPage)
	for _, policy := range inAccount(account, p.policies) {
		p.refuse(c, opened, "a policy of the delivery is changed", exactly(policy.ARN), policyWrites...)
	}
	for _, role := range inAccount(account, p.roles) {
		on := exactly(role.ARN)
		if boundary := p.boundaryIn(by.Stack); boundary != "" {
			on = on.with("iam:permissionsboundary", boundary)
		}
		p.refuse(c, opened, "a role of the delivery is changed", on, roleWrites...)
	}
	for _, stack := range p.stacks {
		if stack.Account == account {
			on := exactly(stack.ARN).with("cloudformation:rolearn", p.makerOf(by).ARN)
			p.refuse(c.from(stackRolePage), opened, "the stack "+stack.Name+" of the delivery is changed", on, stackWrites...)
		}
	}
}

// makerOf is the role that an action's role passes, or the role itself.
func (d *delivery) makerOf(actor *estate.Resource) *estate.Resource {
	if x, ok := d.byActor[actor]; ok {
		return x.maker
	}
	return actor
}

// becomesNobody: users and groups have no boundary, and other roles have other rights.
func (p *prohibited) becomesNobody(by *estate.Resource) {
	p.makesNobody(by)
	for _, role := range inAccount(by.Stack.Account, p.roles) {
		if role != by {
			p.refuse(neverRole(by, assumePage), asWritten, "another role of the delivery is taken", exactly(role.ARN), assumeRole)
		}
	}
}

// makesNobody: of users and groups, no boundary limits what they are given.
func (p *prohibited) makesNobody(by *estate.Resource) {
	c := neverRole(by, identityPage)
	for kind, actions := range identities {
		on := exactly(arnOf(by.Stack.Partition, "iam", "", by.Stack.Account, kind+"/"+symbol.New("any")))
		p.refuse(c, asWritten, "somebody without a boundary is made or changed", on, actions...)
	}
}

// identities goes through the kinds of identity that are no roles.
func identities(yield func(kind string, actions []string) bool) {
	_ = yield("user", userWrites) && yield("group", groupWrites)
}

// passesToNobody: who may pass a role to a service that runs code has all that the role
// has. passed is the one role that may be passed to CloudFormation.
func (p *prohibited) passesToNobody(by *estate.Resource, opened []authz.Kind, passed *estate.Resource) {
	c := neverRole(by, passRolePage)
	for _, role := range inAccount(by.Stack.Account, p.roles) {
		on := exactly(role.ARN)
		p.refuse(c, opened, "a role of the delivery is passed to code", on.with("iam:passedtoservice", lambdaService), passRole)
		if role != passed {
			p.refuse(c, asWritten, "another role of the delivery is passed", on.with("iam:passedtoservice", cloudFormationService), passRole)
		}
	}
	other := exactly(stranger(by.Stack.Partition, by.Stack.Account).ARN)
	p.refuse(c, asWritten, "a role of somebody else is passed", other.with("iam:passedtoservice", lambdaService), passRole)
}

// writesNoStore: what lies in the stores has been built and approved, and the key is
// what the stores are read by.
func (p *prohibited) writesNoStore(by *estate.Resource, opened []authz.Kind) {
	c := neverRole(by, bucketRightPage)
	for _, b := range p.buckets {
		for _, object := range p.objectsOf(b) {
			p.refuse(c, opened, "what was built is changed", object, objectWrites...)
		}
		p.refuse(c, opened, "the bucket "+b.Ref+" is opened", ofBucket(b), bucketWrites...)
	}
	for _, key := range p.keys {
		p.refuse(c.from(keyRightPage), opened, "the key of the delivery is opened", exactly(key.ARN), keyWrites...)
	}
	for _, images := range p.images {
		p.refuse(c.from(imageRightPage), asWritten, "the images of the delivery are changed", exactly(images.ARN), imageWrites...)
	}
}

func ofBucket(b *estate.Resource) thing { return exactly(b.ARN).ofOwner(b.Stack.Account) }

func anyObject(b *estate.Resource) thing {
	return exactly(b.ARN + "/" + symbol.New("object")).ofOwner(b.Stack.Account)
}

// objectsOf are objects of a bucket: any, and one below each prefix that a policy of the
// bucket tells apart.
func (d *delivery) objectsOf(b *estate.Resource) []thing {
	objects := []thing{anyObject(b)}
	for _, policy := range d.estate.OfType(bucketPolicyType) {
		if textAt(policy.Properties, "Bucket") != b.Ref {
			continue
		}
		for _, s := range statementsAt(policy.Properties, "PolicyDocument") {
			for _, pattern := range oneOrMany(s.Get("Resource")) {
				object := exactly(opened(pattern)).ofOwner(b.Stack.Account)
				if strings.HasPrefix(pattern, b.ARN+"/") && pattern != b.ARN+"/*" && !slices.ContainsFunc(objects, func(o thing) bool { return o.arn == object.arn }) {
					objects = append(objects, object)
				}
			}
		}
	}
	return objects
}

// readsNoArtifact: the sources are for who prepares a change set, and for nobody else.
func (p *prohibited) readsNoArtifact(by *estate.Resource) {
	artifacts, _ := p.stores()
	for _, b := range artifacts {
		p.refuse(neverRole(by, bucketRightPage), asWritten, "an artifact is read", anyObject(b), "s3:GetObject", "s3:GetObjectVersion")
	}
}

// deploysOnlyByRole: a stack that was made without the role would be changed by the
// permissions of the caller ever after.
func (p *prohibited) deploysOnlyByRole(x deployment) {
	c := neverRole(x.actor, stackRolePage)
	p.refuse(c, asWritten, "a stack is deployed without its role", x.stack, createChangeSet)
	other := x.stack.with("cloudformation:rolearn", stranger(x.actor.Stack.Partition, x.actor.Stack.Account).ARN)
	p.refuse(c, asWritten, "a stack is deployed by another role", other, createChangeSet)
}

// crossing are requests of one environment's roles on what belongs to another: those of
// the same account, and the first of another one, which stands for all.
func (p *prohibited) crossing() {
	makers := p.makers()
	for i, maker := range makers {
		for _, other := range inAccount(maker.Stack.Account, makers) {
			if other != maker {
				p.crosses(p.byMaker[maker], p.byMaker[other])
			}
		}
		if far := slices.IndexFunc(makers, func(m *estate.Resource) bool { return m.Stack.Account != makers[i].Stack.Account }); far >= 0 {
			p.crosses(p.byMaker[maker], p.byMaker[makers[far]])
		}
	}
}

func (p *prohibited) crosses(x, y deployment) {
	stack := y.stack.with("cloudformation:rolearn", x.maker.ARN)
	p.refuse(neverRole(x.actor, stackRolePage), asWritten, "a stack of another environment is deployed", stack, createChangeSet, "cloudformation:ExecuteChangeSet")
	p.refuse(neverRole(x.maker, stackRolePage), asWritten, "a stack of another environment is changed", y.stack, "cloudformation:DeleteStack", "cloudformation:UpdateStack")
	c := neverRole(x.actor, passRolePage)
	p.refuse(c, asWritten, "the role of another environment is passed", exactly(y.maker.ARN).with("iam:passedtoservice", cloudFormationService), passRole)
	for _, by := range []*estate.Resource{x.actor, x.maker} {
		p.refuse(neverRole(by, assumePage), asWritten, "the role of another environment is taken", exactly(y.actor.ARN), assumeRole)
	}
}

// administratorOf is the ARN of AWS's policy that allows everything.
func administratorOf(partition model.Partition) string {
	return arnOf(partition, "iam", "", "aws", "policy/AdministratorAccess")
}
