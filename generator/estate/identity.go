package estate

import (
	"cmp"
	"strings"

	"github.com/foldstack/foldstack/generator/symbol"
)

// form is how resources of one type are named. Formats are texts with placeholders:
//
//	{name}       the physical name, or the id that the service makes
//	{random}     a further random part
//	{partition}, {region}, {account}, {suffix}  of the stack; suffix ends host names
//	{Property}   a text among the properties, {Property|otherwise} where it may be missing
//	{arn}        of an attribute: the ARN
//	{function}, {onBus}, …  see derived
type form struct {
	name       string            // the property that names it; none: the service makes an id
	limit      int               // of a name that CloudFormation generates
	lower      bool              // a generated name is in small letters
	id         string            // of the name where no property gives it and CloudFormation generates none; "{random}" where empty
	ref        string            // "{name}" where empty
	arn        string            // empty where the type has none
	attributes map[string]string // those that are neither Arn, nor a property, nor random
}

// identity is what the attributes of a resource are made from.
type identity struct {
	form  *form // nil of a type that no table knows
	label string
	name  string
}

// identify gives a resource its name, its ARN and what Ref gives.
func (i *instance) identify(r *Resource) {
	r.identity = identity{form: forms[r.Type], label: i.below(r.ID)}
	f := r.form
	if f == nil {
		r.Ref = symbol.New(r.label + mark)
		return
	}
	if child := i.children[r.ID]; child != nil {
		r.name, r.ARN, r.Ref = child.Name, child.ARN, child.ARN
		return
	}
	r.name = i.physical(r)
	r.ARN = r.fill(f.arn)
	r.Ref = r.fill(cmp.Or(f.ref, "{name}"))
}

// physical is the name that the resource is given, or gets.
func (i *instance) physical(r *Resource) string {
	f := r.form
	if given := r.text(f.name); f.name != "" && given != "" {
		return given
	}
	if f.limit == 0 {
		return r.fill(cmp.Or(f.id, "{random}"))
	}
	stack, id := i.Name, r.ID
	if f.lower {
		stack, id = lower(stack), lower(id)
	}
	return generated(stack, id, symbol.New(r.label), f.limit-len(r.ending())) + r.ending()
}

// Name is the physical name of a resource, with symbols where nobody knows it yet, and ""
// of a type that no table knows.
func (r *Resource) Name() string { return r.name }

// Named reports whether the template gives a resource its name, so that no other of its
// kind can have it.
func (r *Resource) Named() bool {
	return r.form != nil && r.form.name != "" && r.text(r.form.name) != ""
}

// Label names the resource in the symbols of what becomes known when it is made: its id,
// the end of its name, its attributes.
func (r *Resource) Label() string { return r.label }

// Maker is the label of the resource in whose symbols one of that name would be.
func Maker(symbol string) string {
	stack := strings.LastIndexByte(symbol, '/') + 1
	if end := strings.IndexAny(symbol[stack:], "."+mark); end >= 0 {
		return symbol[:stack+end]
	}
	return symbol
}

// ending ends the names of first-in-first-out queues and topics.
//
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
// https://docs.aws.amazon.com/sns/latest/dg/fifo-topics.html
func (r *Resource) ending() string {
	if r.text("FifoQueue") == "true" || r.text("FifoTopic") == "true" {
		return ".fifo"
	}
	return ""
}

// Attribute is what !GetAtt gives for an attribute: a symbol where the tables do not
// say more.
func (r *Resource) Attribute(name string) string {
	if r.form == nil {
		return symbol.New(symbol.Show(r.label+"."+name) + mark)
	}
	if format, ok := r.form.attributes[name]; ok {
		return r.fill(format)
	}
	switch {
	case name == "Arn" && r.ARN != "":
		return r.ARN
	case name == r.form.name:
		return r.name
	}
	if text := r.text(name); text != "" {
		return text
	}
	return symbol.New(symbol.Show(r.label + "." + name))
}

// fill fills the placeholders of a format.
func (r *Resource) fill(format string) string {
	if !strings.Contains(format, "{") {
		return format
	}
	var b strings.Builder
	b.Grow(2 * len(format)) // an ARN is about so long
	for {
		before, rest, found := strings.Cut(format, "{")
		if !found {
			b.WriteString(format)
			return b.String()
		}
		placeholder, after, _ := strings.Cut(rest, "}")
		b.WriteString(before)
		b.WriteString(r.placeholder(placeholder))
		format = after
	}
}

func (r *Resource) placeholder(name string) string {
	switch name {
	case "name":
		return r.name
	case "random":
		return r.random()
	case "arn":
		return r.ARN
	case "partition":
		return string(r.Stack.Partition)
	case "region":
		return r.Stack.Region
	case "account":
		return r.Stack.Account
	case "suffix":
		return r.Stack.Partition.Suffix()
	}
	if derive, ok := derived[name]; ok {
		return derive(r)
	}
	property, otherwise, _ := strings.Cut(name, "|")
	return cmp.Or(r.text(property), otherwise, symbol.New(r.label+"."+property))
}

// random is what the service makes up: beside the end of a generated name a further one.
func (r *Resource) random() string {
	if r.form.limit > 0 {
		return symbol.New(r.label + ".Id")
	}
	return symbol.New(r.label)
}

// text is a text among the properties, or "".
func (r *Resource) text(property string) string { return textOf(r.Properties.Get(property)) }

// derived are the placeholders that take some thought.
var derived = map[string]func(r *Resource) string{
	"function": (*Resource).function,
	"onBus":    (*Resource).onBus,
	"rule":     (*Resource).rule,
	"key":      (*Resource).key,
	"replica":  (*Resource).replica,
	"bare":     func(r *Resource) string { return strings.TrimPrefix(r.name, "/") },
}

// function is the ARN of the function that a version, an alias or a URL belongs to.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
func (r *Resource) function() string {
	name := cmp.Or(r.text("FunctionName"), r.text("TargetFunctionArn"))
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	if _, last, found := strings.Cut(name, ":function:"); found { // 123456789012:function:name
		name = last
	}
	return r.Stack.arn("lambda", "function:"+name)
}

// bus is the name of the event bus of a rule, and "" of that which every account has.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
func (r *Resource) bus() string {
	name := r.text("EventBusName")
	if _, last, found := strings.Cut(name, ":event-bus/"); found {
		name = last
	}
	if name == "default" {
		return ""
	}
	return name
}

// onBus is the bus before the name of a rule in its ARN.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
func (r *Resource) onBus() string {
	if bus := r.bus(); bus != "" {
		return bus + "/"
	}
	return ""
}

// rule is what Ref gives of a rule.
//
// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1131
func (r *Resource) rule() string {
	if bus := r.bus(); bus != "" {
		return bus + "|" + r.name
	}
	return r.name
}

// key is the id of a new key.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
func (r *Resource) key() string {
	if r.text("MultiRegion") == "true" {
		return "mrk-" + symbol.New(r.label)
	}
	return symbol.New(r.label)
}

// replica is the id of a replica, which is that of its primary key.
func (r *Resource) replica() string {
	if _, id, found := strings.Cut(r.text("PrimaryKeyArn"), ":key/"); found {
		return id
	}
	return "mrk-" + symbol.New(r.label)
}
