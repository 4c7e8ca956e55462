package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/policy"
)

// attachment is a type of resource that holds the policy of a resource: its own, or that
// of others which it names.
type attachment struct {
	word     string // for people
	document []string
	names    string // the property that names the others; empty: itself
	of       string // their type
}

// attachments are the types that hold resource policies, each with the page that
// describes the policy. Lambda permissions and event bus policies, which are single
// statements, are read by themselves.
var attachments = map[string]attachment{
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
	"AWS::S3::BucketPolicy": {"bucket policy", []string{"PolicyDocument"}, "Bucket", "AWS::S3::Bucket"},
	// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
	"AWS::KMS::Key":        {word: "key policy", document: []string{"KeyPolicy"}},
	"AWS::KMS::ReplicaKey": {word: "key policy", document: []string{"KeyPolicy"}},
	// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
	"AWS::ECR::Repository": {word: "repository policy", document: []string{"RepositoryPolicyText"}},
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-overview-of-managing-access.html
	"AWS::SQS::QueuePolicy":       {"queue policy", []string{"PolicyDocument"}, "Queues", "AWS::SQS::Queue"},
	"AWS::SQS::QueueInlinePolicy": {"queue policy", []string{"PolicyDocument"}, "Queue", "AWS::SQS::Queue"},
	// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-key-concepts.html
	"AWS::SNS::TopicPolicy":       {"topic policy", []string{"PolicyDocument"}, "Topics", "AWS::SNS::Topic"},
	"AWS::SNS::TopicInlinePolicy": {"topic policy", []string{"PolicyDocument"}, "TopicArn", "AWS::SNS::Topic"},
	// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
	"AWS::SecretsManager::ResourcePolicy": {"secret policy", []string{"ResourcePolicy"}, "SecretId", "AWS::SecretsManager::Secret"},
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
	"AWS::DynamoDB::Table": {word: "table policy", document: []string{"ResourcePolicy", "PolicyDocument"}},
	// https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
	"AWS::Kinesis::ResourcePolicy": {"stream policy", []string{"ResourcePolicy"}, "ResourceArn", "AWS::Kinesis::Stream"},
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
	"AWS::Events::EventBus": {word: "event bus policy", document: []string{"Policy"}},
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
	restAPI: {word: "API policy", document: []string{"Policy"}},
}

// attach reads the policies of resources.
func (g *register) attach(r *estate.Resource) {
	switch r.Type {
	case "AWS::Lambda::Permission":
		g.permission(r)
	case "AWS::Events::EventBusPolicy":
		g.busPolicy(r)
	case "AWS::Logs::ResourcePolicy":
		g.logsPolicy(r)
	}
	a, ok := attachments[r.Type]
	if !ok {
		return
	}
	owners := g.owners(r, a)
	p := g.read(r, authz.Resource, a.word+" of "+labels(owners), a.document...)
	if p == nil {
		p = g.standard(r)
	}
	for _, owner := range owners {
		if p != nil && owner.ARN != "" {
			g.policies[owner.ARN] = append(g.policies[owner.ARN], p)
		}
	}
}

// logsPolicy is JSON in a text, and about all log groups of its account and region.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-resourcepolicy.html
func (g *register) logsPolicy(r *estate.Resource) {
	at := &source{resource: r, path: []string{"PolicyDocument"}, whole: true}
	p, errs := authz.ParseJSON(authz.Resource, "resource policy "+text(r, "PolicyName")+" of CloudWatch Logs", []byte(text(r, "PolicyDocument")), at)
	if p != nil {
		g.keep(p, at)
		g.accounts = append(g.accounts, p)
	}
	g.unreadable(r, at.path, "policy "+text(r, "PolicyName"), errs)
}

// owners are the resources whose policy a resource holds.
func (g *register) owners(r *estate.Resource, a attachment) []*estate.Resource {
	if a.names == "" {
		return []*estate.Resource{r}
	}
	var list []*estate.Resource
	for _, ref := range texts(r.Properties.Get(a.names)) {
		if owner := g.find(r.Stack, a.of, ref); owner != nil {
			list = append(list, owner)
		}
	}
	return list
}

// find is the resource of a type that a text names: by what !Ref gives, its name or its ARN.
func (g *register) find(s *estate.Stack, kind, ref string) *estate.Resource {
	if r := g.reference(s, kind, ref); r != nil {
		return r
	}
	if r := g.estate.ByARN(ref); r != nil && r.Type == kind {
		return r
	}
	return nil
}

// standard is the policy that AWS gives to a key without one.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (g *register) standard(r *estate.Resource) *authz.Policy {
	if !strings.HasPrefix(r.Type, "AWS::KMS::") {
		return nil
	}
	return authz.New(authz.Resource, "default key policy of "+label(r), policy.Version, []authz.Statement{{
		Effect: policy.Allow, Principals: []authz.Principals{{Type: "AWS", Value: r.Stack.Account}},
		Actions: []string{"kms:*"}, Resources: []string{"*"},
	}}, nil)
}

// busPolicy is one statement, written as one or as its parts.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html
func (g *register) busPolicy(r *estate.Resource) {
	bus := g.find(r.Stack, "AWS::Events::EventBus", text(r, "EventBusName"))
	if bus == nil {
		return
	}
	path, statement := []string{"Statement"}, r.Properties.Get("Statement")
	if statement == nil {
		path, statement = nil, cfn.Map{
			{Key: "Effect", Value: "Allow"},
			{Key: "Principal", Value: principalOf(text(r, "Principal"))},
			{Key: "Action", Value: text(r, "Action")},
			{Key: "Resource", Value: bus.ARN},
		}
	}
	document := cfn.Map{{Key: "Statement", Value: []any{statement}}}
	p := g.parsed(authz.Parse(authz.Resource, "event bus policy of "+label(bus), document, &source{resource: r, path: path, whole: true}))
	g.policies[bus.ARN] = append(g.policies[bus.ARN], p)
}

func principalOf(who string) any {
	if who == "*" {
		return "*"
	}
	return cfn.Map{{Key: "AWS", Value: who}}
}
