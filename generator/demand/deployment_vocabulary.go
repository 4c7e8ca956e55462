package demand

import (
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

// VocabularyOf is what the deployments of one environment can be made of.
type VocabularyOf struct {
	Own   []string // types of resources that the generated stacks hold, or can
	Users []string // types that users' own templates hold, with whatever property

	Names      handler.Names
	Role       string // the ARN of the role that is passed
	Boundary   string // the ARN of the boundary of the roles that a deployment makes
	Partition  model.Partition
	Account    string
	Region     string
	Assets     string // the bucket of child templates and archives
	Repository string // of images: host and name, without a tag
	Stores     *estate.Estate

	Step  Step
	Cause diag.Place
}

// Vocabulary lists what the role of an environment has to be able to do for resources
// that no stack holds yet, so that a new function or event needs nobody's bootstrap. Of
// every type it takes a resource that stands for any: of the generated stacks' own types
// with every property that those set, of users' types with every property there is. What
// hinges on a property of a user's type is spare: that it can be granted is enough. So is
// what is done with a user's key, as nobody knows the policy of one that is not there.
func Vocabulary(v VocabularyOf) []Demand {
	w := newDeploying(&StackOf{
		Estate: &estate.Estate{}, Role: v.Role, Stores: v.Stores, Step: v.Step,
		Stack: &estate.Stack{Name: v.Names.Root, Partition: v.Partition, Account: v.Account, Region: v.Region},
	}, nil)
	w.names = v.Names
	f := &fiction{VocabularyOf: &v, deploying: w}
	w.anybodys = map[string]string{
		f.foreignTopic():   arnOf(v.Partition, "sns", "*", "*", "*"),
		f.other(layerType): arnOf(v.Partition, "lambda", "*", "*", "layer:*"),
	}
	for _, typ := range v.Own {
		for _, r := range f.own(typ) {
			w.subject(&handler.Subject{Resource: r, Tagged: true, Find: f.find}, "any "+typ, v.Cause)
		}
	}
	for _, typ := range v.Users {
		for _, r := range f.users(typ) {
			w.subject(&handler.Subject{Resource: r, Tagged: true, Open: true, Find: f.find, Other: f.other}, "any "+typ, v.Cause)
		}
	}
	key := f.other(keyType)
	for i := range w.demands {
		w.demands[i].Spare = w.demands[i].Spare || w.demands[i].Resource == key
	}
	return w.demands
}

// fiction makes resources that nobody wrote.
type fiction struct {
	*VocabularyOf
	*deploying
}

// own are resources of a type as the generated stacks make them.
func (f *fiction) own(typ string) []*estate.Resource {
	made, ok := generated[typ]
	if !ok {
		return f.named(typ, nil)
	}
	var all []*estate.Resource
	for _, properties := range made.set(f) {
		forms := made.forms
		if typ == functionType && mapAt(properties, "Code").Has("ImageUri") {
			forms = []string{"{given}-{any}"} // only ours come from the delivery's repository, and they are given their names
		}
		all = append(all, f.named(typ, properties, forms...)...)
	}
	return all
}

// users are resources of a type as users may write them.
func (f *fiction) users(typ string) []*estate.Resource {
	switch typ {
	case subscriptionType:
		return f.usersSubscriptions()
	case roleType: // one without the boundary is refused
		return f.named(typ, cfn.Map{{Key: "PermissionsBoundary", Value: f.Boundary}})
	}
	part, ok := parts[typ]
	if !ok {
		return f.named(typ, nil)
	}
	var all []*estate.Resource
	for _, whole := range f.Names.ARNs(f.Stack, part.of, symbol.New("any")) {
		all = append(all, f.named(typ, cfn.Map{{Key: part.property, Value: whole}})...)
	}
	return all
}

// parts are types of things that a user adds to something of the deployment's own, by the
// property that names it.
var parts = map[string]struct{ property, of string }{
	"AWS::Lambda::LayerVersionPermission": {"LayerVersionArn", layerType},
	"AWS::Logs::MetricFilter":             {"LogGroupName", logGroupType},
	"AWS::Logs::SubscriptionFilter":       {"LogGroupName", logGroupType},
}

// usersSubscriptions are functions and queues that listen to topics, and to the
// deployment's own whoever is asked to.
func (f *fiction) usersSubscriptions() []*estate.Resource {
	endpoints := []string{f.other(functionType), f.other(queueType)}
	var all []*estate.Resource
	for _, topic := range f.topics() {
		for _, endpoint := range endpoints {
			all = append(all, f.named(subscriptionType, cfn.Map{{Key: "TopicArn", Value: topic}, {Key: "Endpoint", Value: endpoint}})...)
		}
	}
	anybody := cfn.Map{{Key: "TopicArn", Value: f.other(topicType)}, {Key: "Endpoint", Value: symbol.New("address")}}
	return append(all, f.named(subscriptionType, anybody)...)
}

// named are one resource for each form of a name.
func (f *fiction) named(typ string, properties cfn.Map, forms ...string) []*estate.Resource {
	arns := f.Names.ARNs(f.Stack, typ, symbol.New("any"), forms...)
	if len(arns) == 0 {
		arns = []string{""}
	}
	all := make([]*estate.Resource, len(arns))
	for i, arn := range arns {
		all[i] = &estate.Resource{Stack: f.Stack, ID: "any " + typ, Type: typ, Properties: properties, ARN: arn}
	}
	return all
}

// find is a role, for its boundary.
func (f *fiction) find(typ, arn string) *estate.Resource {
	if typ != roleType {
		return nil
	}
	return &estate.Resource{Stack: f.Stack, Type: typ, ARN: arn, Properties: cfn.Map{{Key: "PermissionsBoundary", Value: f.Boundary}}}
}

// other is what a property names: something of the deployment's own, except for layers,
// which may be anybody's.
func (f *fiction) other(typ string) string {
	if typ == layerType {
		return arnOf(f.Stack.Partition, "lambda", f.Stack.Region, f.Stack.Account, "layer:"+symbol.New("layer")+":"+symbol.New("version"))
	}
	if arns := f.Names.ARNs(f.Stack, typ, symbol.New("any")); len(arns) > 0 {
		return arns[0]
	}
	return ""
}

// topics are one of the deployment's own and one of somebody else.
func (f *fiction) topics() []string { return []string{f.other(topicType), f.foreignTopic()} }

// foreignTopic is a topic of another stack. That it may be another account's too is in
// what a grant may name, and whether that account lets us is for its owner to say.
func (f *fiction) foreignTopic() string {
	return arnOf(f.Stack.Partition, "sns", f.Stack.Region, f.Stack.Account, symbol.New("topic of somebody else"))
}
