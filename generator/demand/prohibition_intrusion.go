package demand

import (
	"slices"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

const (
	crossAccountLogicPage = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html"
	deputyPage            = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
	grantsPage            = "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html"
	bucketTLSPage         = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html"
	queueTLSPage          = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html"
	topicTLSPage          = "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html"
)

// intrusion is what others must not do to what the delivery stands on: those of an
// account that is no target, even under the right names; those of a target that have
// another name; services that call for somebody else.
func (p *prohibited) intrusion() {
	for _, intruder := range p.intruders() {
		p.intrudes(intruder)
	}
	p.deputies()
	for _, key := range p.keys {
		p.grants(key)
	}
}

// intruder is somebody of another account.
type intruder struct {
	principal authz.Principal
	account   string
}

// intruders have all rights in their own account, so that only the delivery's side
// refuses them.
func (p *prohibited) intruders() []intruder {
	if len(p.roles) == 0 {
		return nil
	}
	partition := p.roles[0].Stack.Partition
	foreign := symbol.New(foreignAccount)
	intruders := []intruder{{stranger(partition, foreign), foreign}}
	var accounts, names []string
	for _, role := range p.roles {
		if account := role.Stack.Account; !slices.Contains(accounts, account) {
			accounts = append(accounts, account)
			intruders = append(intruders, intruder{stranger(partition, account), account})
		}
		if name := nameOf(role.ARN); !slices.Contains(names, name) {
			names = append(names, name)
			intruders = append(intruders, intruder{authz.Principal{ARN: arnOf(partition, "iam", "", foreign, name)}, foreign})
		}
	}
	return intruders
}

func (p *prohibited) intrudes(i intruder) {
	from := func(on *estate.Resource, page string) (caller, bool) {
		return never(i.principal, i.account, on, page), on.Stack.Account != i.account
	}
	for _, b := range p.buckets {
		if c, ok := from(b, crossAccountLogicPage); ok {
			for _, object := range p.objectsOf(b) {
				p.refuse(c, anyPolicy, "an outsider reaches the bucket "+b.Ref, object, "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")
			}
			p.refuse(c, anyPolicy, "an outsider reaches the bucket "+b.Ref, ofBucket(b), "s3:ListBucket", "s3:PutBucketPolicy")
		}
	}
	for _, key := range p.keys {
		if c, ok := from(key, crossAccountLogicPage); ok {
			used := exactly(key.ARN).with("kms:calleraccount", i.account).with("kms:viaservice", handler.Via("s3", key.Stack.Region, key.Stack.Partition))
			p.refuse(c, anyPolicy, "an outsider uses the key", used, "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")
		}
	}
	for _, images := range p.images {
		if c, ok := from(images, crossAccountLogicPage); ok {
			p.refuse(c, anyPolicy, "an outsider pulls an image", exactly(images.ARN), imageReads...)
			p.refuse(c, anyPolicy, "an outsider pushes an image", exactly(images.ARN), "ecr:PutImage")
		}
	}
	for _, topic := range p.topics {
		if c, ok := from(topic, crossAccountLogicPage); ok {
			p.refuse(c, anyPolicy, "an outsider tells or hears of deliveries", exactly(topic.ARN), "sns:Publish", "sns:Subscribe")
		}
	}
	for _, role := range p.roles {
		if !p.within(i, role) {
			continue
		}
		p.refuse(never(i.principal, i.account, role, assumePage), anyPolicy, "an outsider takes a role of the delivery", exactly(role.ARN), assumeRole)
	}
}

// within reports whether a role is worth trying: every target is like the others, so that
// those of one try their own roles and the pipelines', and those of the pipelines' account
// try all.
func (p *prohibited) within(i intruder, role *estate.Resource) bool {
	return symbol.In(i.account) || role.Stack.Account == i.account || p.delivers(i.account) || p.delivers(role.Stack.Account)
}

// deputies are services that somebody else makes call.
func (p *prohibited) deputies() {
	foreign := symbol.New(foreignAccount)
	for _, images := range p.images {
		stack := images.Stack
		for _, account := range append(p.accounts(), foreign) {
			c := never(authz.Principal{Service: lambdaService, Account: account}, account, images, deputyPage)
			source := arnOf(stack.Partition, "lambda", stack.Region, account, "function:"+symbol.New("another function"))
			p.refuse(c, asWritten, "somebody else's function runs an image", exactly(images.ARN).sentFor(source, account), imageReads...)
		}
	}
	for _, role := range p.roles {
		services, _ := servicesOf(role)
		for _, service := range services {
			c := never(authz.Principal{Service: service, Account: foreign}, foreign, role, deputyPage)
			source := arnOf(role.Stack.Partition, "service", role.Stack.Region, foreign, symbol.New("resource"))
			p.refuse(c, asWritten, service+" takes a role for another account", exactly(role.ARN).sentFor(source, foreign), assumeRole)
		}
	}
	for _, key := range p.keys {
		p.keyDeputies(key)
	}
}

// keyDeputies: services use the key for what belongs to the delivery, which they name in
// the encryption context.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
func (p *prohibited) keyDeputies(key *estate.Resource) {
	stack := key.Stack
	use := func(service, context, resource string) {
		c := never(authz.Principal{Service: service, Account: stack.Account}, stack.Account, key, deputyPage)
		on := exactly(key.ARN).with("kms:encryptioncontext:"+context, resource).with("aws:sourceaccount", stack.Account)
		p.refuse(c, asWritten, service+" uses the key for something else", on, "kms:Decrypt", "kms:GenerateDataKey")
	}
	group := arnOf(stack.Partition, "logs", stack.Region, stack.Account, "log-group:"+symbol.New("another log group"))
	for _, suffix := range []string{"amazonaws.com", "amazonaws.com.cn"} {
		use("logs."+stack.Region+"."+suffix, "aws:logs:arn", group)
	}
	topic := arnOf(stack.Partition, "sns", stack.Region, stack.Account, symbol.New("another topic"))
	for _, service := range []string{eventsService, noticesService, snsService, "cloudwatch.amazonaws.com"} {
		use(service, "aws:sns:topicarn", topic)
	}
}

// grants: a grant outlives the policy that allowed it and shows in none, so that only
// services may have one, and only of what AWS itself uses the key for.
func (p *prohibited) grants(key *estate.Resource) {
	stack := key.Stack
	on := exactly(key.ARN).with("aws:principalisawsservice", "false").with("kms:grantisforawsresource", "false")
	callers := []authz.Principal{stranger(stack.Partition, stack.Account)}
	for _, role := range p.roles {
		callers = append(callers, authz.Principal{ARN: role.ARN})
	}
	for _, principal := range callers {
		c := never(principal, accountOf(principal.ARN, stack.Account), key, grantsPage)
		p.refuse(c, anyPolicy, "somebody gives the key away by a grant", on, "kms:CreateGrant")
	}
}

// guarded are the policies that say by what connection something may be reached.
var guarded = []struct {
	policy, list string // the type of the policy, and the property that names what it is about
	resource     string
	whole, parts []string
	page         string
}{
	{
		policy: bucketPolicyType, list: "Bucket", resource: bucketType,
		whole: []string{"s3:ListBucket"}, parts: []string{"s3:GetObject", "s3:PutObject"}, page: bucketTLSPage,
	},
	{
		policy: "AWS::SQS::QueuePolicy", list: "Queues", resource: queueType,
		whole: []string{"sqs:ReceiveMessage", "sqs:SendMessage"}, page: queueTLSPage,
	},
	{
		policy: topicPolicyType, list: "Topics", resource: topicType,
		whole: []string{"sns:Publish"}, page: topicTLSPage,
	},
}

// plaintext: what has a policy of its own is reached by TLS only, even by those of its
// own account who may do everything. theirs tells which policies need not see to it.
func (p *prohibited) plaintext(e *estate.Estate, theirs func(policy *estate.Resource) bool) {
	for _, g := range guarded {
		named := map[string]*estate.Resource{}
		for _, policy := range e.OfType(g.policy) {
			for _, name := range oneOrMany(policy.Properties.Get(g.list)) {
				named[placed(policy.Stack, name)] = policy
			}
		}
		for _, r := range e.OfType(g.resource) {
			policy := named[placed(r.Stack, r.Ref)]
			if policy == nil {
				continue
			}
			first := len(p.demands)
			c := never(stranger(r.Stack.Partition, r.Stack.Account), r.Stack.Account, r, g.page)
			const why = "something is reached without TLS"
			p.refuse(c, anyPolicy, why, exactly(r.ARN).ofOwner(r.Stack.Account).with(secureTransport, "false"), g.whole...)
			p.refuse(c, anyPolicy, why, anyObject(r).with(secureTransport, "false"), g.parts...)
			for i := first; i < len(p.demands); i++ {
				p.demands[i].Spare = theirs(policy)
			}
		}
	}
}

// placed tells names of one account and region from those of others.
func placed(stack *estate.Stack, name string) string {
	return stack.Account + "\x00" + stack.Region + "\x00" + name
}
