package demand

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// handover is how something is handed to a resource of a service.
type handover struct {
	actions []string
	below   string   // what is named behind the resource, where the service is asked for a part of it
	whole   []string // on the resource itself then
	page    string
}

// handovers are those to the resources that rules, schedules and functions can have as
// their targets, by the service that their ARNs name.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
var handovers = map[string]handover{
	"codebuild": {actions: []string{"codebuild:StartBuild"}, page: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html"},
	"events":    {actions: []string{"events:PutEvents"}, page: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html"},
	"firehose":  {actions: []string{"firehose:PutRecord"}, page: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html"},
	"kinesis":   {actions: []string{"kinesis:PutRecord"}, page: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html"},
	"lambda":    {actions: []string{"lambda:InvokeFunction"}, page: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"},
	"s3":        {actions: []string{"s3:PutObject"}, below: "/", whole: []string{"s3:ListBucket"}, page: "https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html"},
	"sns":       {actions: []string{"sns:Publish"}, page: "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"},
	"sqs":       {actions: []string{"sqs:SendMessage"}, page: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html"},
	"states":    {actions: []string{"states:StartExecution"}, page: "https://docs.aws.amazon.com/step-functions/latest/dg/concept-create-iam-advanced.html"},
}

// apiDestination is the one kind of target that EventBridge calls by another action.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
var apiDestination = handover{actions: []string{"events:InvokeApiDestination"}, page: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html"}

// handoverTo is how something is handed to what an ARN names.
func handoverTo(arn string) (handover, bool) {
	if strings.HasPrefix(nameOf(arn), "api-destination/") {
		return apiDestination, true
	}
	d, ok := handovers[serviceOf(arn)]
	return d, ok
}

// batches are the calls by which EventBridge and SNS hand over several records at once.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
// https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html
var batches = map[string]string{"firehose": "firehose:PutRecordBatch", "kinesis": "kinesis:PutRecords"}

// sendsInBatches adds what sends does, and the same for many records.
func (r *running) sendsInBatches(c caller, why, target string) {
	r.sends(c, why, target, unmarked)
	if action := batches[serviceOf(target)]; action != "" {
		r.add(c.calls(why, exactly(target), action)...)
	}
}

// unmarked are requests that do not say for which resource they are made, as those of a
// role.
func unmarked(t thing) thing { return t }

// sends adds that something is handed to a target, and what that asks of the target's
// key. mark says in the requests for which resource they are made.
func (r *running) sends(c caller, why, target string, mark func(thing) thing) {
	d, ok := handoverTo(target)
	if !ok {
		return
	}
	if f := r.estate.Function(target, nil); f != nil {
		c.step = atRunTime(title(f))
	}
	c = c.from(d.page)
	if b := r.estate.ByARN(target); b != nil && b.Type == bucketType {
		to := bucketNamed(r.estate, b.Ref, b.Stack)
		r.add(c.calls(why, mark(to.itself()), d.whole...)...)
		r.add(to.put(c, why, mark(to.objects("", "object")), d.actions...)...)
		return
	}
	on := exactly(target)
	if d.below != "" {
		on = below(target+d.below, "object")
		r.add(c.calls(why, mark(exactly(target)), d.whole...)...)
	}
	r.add(c.calls(why, mark(on), d.actions...)...)
	r.encrypts(c, why, target, mark)
}

// encryption is how the resources of a type say by which key they are encrypted, and
// what they tell KMS.
type encryption struct {
	service  string
	path     []string // of the key in the properties
	context  string   // the key of the encryption context that holds the resource's ARN
	sending  []string
	reading  []string
	page     string
	readPage string
}

var encryptions = map[string]encryption{
	queueType: {
		service: "sqs", path: []string{"KmsMasterKeyId"}, context: "aws:sqs:arn",
		sending: []string{"kms:Decrypt", "kms:GenerateDataKey"}, reading: []string{"kms:Decrypt"},
		page:     "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
		readPage: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
	},
	topicType: {
		service: "sns", path: []string{"KmsMasterKeyId"}, context: "aws:sns:topicarn",
		sending: []string{"kms:Decrypt", "kms:GenerateDataKey"},
		page:    "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
	},
	"AWS::Kinesis::Stream": {
		service: "kinesis", path: []string{"StreamEncryption", "KeyId"}, context: "aws:kinesis:arn",
		sending: []string{"kms:GenerateDataKey"}, reading: []string{"kms:Decrypt"},
		page:     "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html",
		readPage: "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html",
	},
	"AWS::SecretsManager::Secret": {
		service: "secretsmanager", path: []string{"KmsKeyId"}, context: "secretarn",
		reading:  []string{"kms:Decrypt"},
		readPage: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
	},
}

// encrypts adds the use of the key by which a resource of the estate is encrypted, for
// whoever hands something to it.
func (r *running) encrypts(c caller, why, target string, mark func(thing) thing) {
	if e, key, ok := r.encryptionOf(target, c); ok {
		key = e.used(c, key, target, r.estate.ByARN(target))
		if c.principal.Service != "" {
			key = mark(key)
			key.narrowed = []string{"kms:encryptioncontext:" + e.context}
		}
		demands := c.from(e.page).calls(why, key, e.sending...)
		for i := range demands {
			demands[i].Leeway = authz.Context{"kms:encryptioncontext:" + e.context: {anyOfStack(r.estate.ByARN(target))}}
		}
		r.add(demands...)
	}
}

// anyOfStack is what the policy of a key outside of a stack can say of a resource whose
// name CloudFormation chooses: that it begins with the stack's.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
func anyOfStack(resource *estate.Resource) string {
	before, _, generated := strings.Cut(resource.ARN, ":"+resource.Stack.Name+"-")
	if !generated || !symbol.In(resource.ARN[len(before):]) {
		return resource.ARN
	}
	return before + ":" + resource.Stack.Name + "-*"
}

// reads adds the use of the key by which a source is encrypted, for who reads from it.
func (r *running) reads(c caller, why, source string) {
	if e, key, ok := r.encryptionOf(source, c); ok {
		r.add(c.from(e.readPage).calls(why, e.used(c, key, source, r.estate.ByARN(source)), e.reading...)...)
	}
}

// encryptionOf is the key of a resource of the estate that a caller has to be let at. The
// keys that AWS manages are open to whoever may use the service in their account, but not
// to other services.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
func (r *running) encryptionOf(arn string, c caller) (encryption, thing, bool) {
	resource := r.estate.ByARN(arn)
	if resource == nil {
		return encryption{}, thing{}, false
	}
	e, ok := encryptions[resource.Type]
	if !ok {
		return encryption{}, thing{}, false
	}
	given := textAt(resource.Properties, e.path...)
	managed := strings.HasPrefix(nameOf(given), "alias/aws/") || strings.HasPrefix(given, "alias/aws/")
	if given == "" || managed && c.principal.Service == "" {
		return encryption{}, thing{}, false
	}
	return e, r.key(given, resource), true
}

// used is a key in requests that a service makes for a caller of one of its resources.
// Of a caller that is a service itself nothing is documented but the context.
func (e encryption) used(c caller, key thing, arn string, resource *estate.Resource) thing {
	key = key.with("kms:encryptioncontext:"+e.context, arn)
	if c.principal.Service != "" {
		return key
	}
	key = key.with("kms:calleraccount", c.account)
	return throughService(key, c, e.service, resource.Stack.Region, resource.Stack.Partition)
}

// key is a key as a resource names it.
func (r *running) key(given string, by *estate.Resource) thing {
	return keyGiven(r.estate, given, by.Stack.Partition, by.Stack.Region, by.Stack.Account)
}

// unknownOf is something of a resource that only the service knows.
func unknownOf(resource *estate.Resource, what string) string {
	return symbol.New(symbol.Show(resource.Stack.Name) + "/" + resource.ID + " " + what)
}
