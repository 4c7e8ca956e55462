package handler

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/foldstack/foldstack/generator/authz"
)

// Operation is a set of the things that a handler does with a resource.
type Operation uint8

// The operations. A handler creates with what it reads afterwards, and a rollback is an
// update or a deletion.
const (
	Create Operation = 1 << iota
	Read
	Update
	Delete

	always = Create | Read | Update | Delete
	write  = Create | Update
	gone   = Update | Delete
)

// String is the first of the operations as people say it.
func (o Operation) String() string {
	switch {
	case o&Create != 0:
		return "creates"
	case o&Read != 0:
		return "reads"
	case o&Update != 0:
		return "updates"
	}
	return "deletes"
}

// Call is one call that CloudFormation makes for a resource.
type Call struct {
	During   Operation
	Action   string
	On       string // an ARN, in which symbols stand for what nobody knows, or "*"
	Within   string // the widest that a grant may name; empty where On tells
	Context  authz.Context
	Narrowed []string // see demand.Demand
	Hinges   bool     // on a property
	Doubtful bool     // whether it is made: AWS says neither that it is nor that it is not
	Page     string
}

// kind is what is known of one type.
type kind struct {
	page   string
	naming naming
	rows   []row
}

// row is some calls that are made at the same times on the same things.
type row struct {
	during  Operation
	actions []string
	on      target    // the resource itself where nil
	only    condition // always where nil
	sure    condition // where it does not hold, nobody says whether the calls are made; nil: always
	widest  func(s *Subject) string
	keys    []key
	per     string // a key of which each value makes a call of its own
	values  func(s *Subject) []string
	narrows []string
	source  string // where it is not the type's page
}

// key is a key of the request's context. Without values it is not there.
type key struct {
	name   string
	values func(s *Subject, on string) []string
}

// calls begins a row. What it does not say, the methods add.
func calls(during Operation, actions ...string) row { return row{during: during, actions: actions} }

func (r row) to(on target) row            { r.on = on; return r }
func (r row) when(only condition) row     { r.only = only; return r }
func (r row) surely(when condition) row   { r.sure = when; return r }
func (r row) said(page string) row        { r.source = page; return r }
func (r row) narrowed(keys ...string) row { r.narrows = keys; return r }

// each adds a key of the context whose values depend on what the call is on.
func (r row) each(name string, values func(s *Subject, on string) []string) row {
	r.keys = append(slices.Clip(r.keys), key{name, values})
	return r
}

// upTo says how wide a grant may be.
func (r row) upTo(widest func(s *Subject) string) row { r.widest = widest; return r }

// key adds one whose values do not.
func (r row) key(name string, values func(s *Subject) []string) row {
	return r.each(name, func(s *Subject, _ string) []string { return values(s) })
}

func constant(values ...string) func(*Subject) []string {
	return func(*Subject) []string { return values }
}

// services lists the tables, one per service.
var services = []map[string]kind{
	apiGateway, apiGatewayV2, cloudFormation, cloudWatch, codeSuite, config, dynamoDB, ec2, ecr, events, iam,
	kinesis, kms, lambda, logs, s3, scheduler, secretsManager, sns, sqs, ssm, stepFunctions,
}

// customResource is the entry of every Custom:: type.
const customResource = "AWS::CloudFormation::CustomResource"

// kinds are those of all tables by their type.
var kinds = sync.OnceValue(func() map[string]*kind {
	all := map[string]*kind{}
	for _, table := range services {
		for typ, k := range table {
			all[typ] = &k
		}
	}
	return all
})

func find(typ string) (*kind, bool) {
	if strings.HasPrefix(typ, "Custom::") {
		typ = customResource
	}
	k, ok := kinds()[typ]
	return k, ok
}

// namingOf is how resources of a type are called, whether or not a table knows what
// makes them.
func namingOf(typ string) naming {
	if k, ok := find(typ); ok {
		return k.naming
	}
	return elsewhere[typ]
}

// Known reports whether the tables have a type.
func Known(typ string) bool {
	_, ok := find(typ)
	return ok
}

// Of lists the calls that CloudFormation makes for a resource, in the order of the
// tables and each once.
func Of(s *Subject) []Call { return Append(nil, s) }

// Append adds the calls that Of lists to an empty list.
func Append(list []Call, s *Subject) []Call {
	k, ok := find(s.Type)
	if !ok {
		return list
	}
	s.naming, s.namings = k.naming, namingOf
	for i := range k.rows {
		list = k.rows[i].calls(list, s, k.page)
	}
	return list
}

// merge adds a call, or makes it one with an equal call.
func merge(all []Call, c *Call) []Call {
	for i := range all {
		met := &all[i]
		if met.Action == c.Action && met.On == c.On && maps.EqualFunc(met.Context, c.Context, slices.Equal) {
			met.During |= c.During
			met.Hinges = met.Hinges && c.Hinges
			met.Doubtful = met.Doubtful && c.Doubtful
			return all
		}
	}
	return append(all, *c)
}

// calls adds those of a row.
func (r *row) calls(all []Call, s *Subject, page string) []Call {
	if r.only != nil && !r.only(s) {
		return all
	}
	call := Call{
		During:   r.during,
		Hinges:   hinges(s, r.only) || hinges(s, r.sure),
		Doubtful: r.sure != nil && !r.sure(s),
		Page:     cmp.Or(r.source, page),
	}
	if r.widest != nil {
		call.Within = r.widest(s)
	}
	on := r.on
	if on == nil {
		on = itself
	}
	for _, arn := range on(s) {
		for _, context := range r.contexts(s, arn) {
			call.On, call.Context, call.Narrowed = arn, context, r.narrowedBy(context)
			for _, action := range r.actions {
				call.Action = action
				all = merge(all, &call)
			}
		}
	}
	return all
}

// hinges reports whether a condition does not hold for a resource of which nothing is set.
func hinges(s *Subject, when condition) bool { return when != nil && !s.plain(when) }

// unconditional is the context of calls that carry nothing, which most are.
var unconditional = []authz.Context{nil}

// contexts are those of the calls on one thing.
func (r *row) contexts(s *Subject, on string) []authz.Context {
	if len(r.keys) == 0 && r.per == "" {
		return unconditional
	}
	context := authz.Context{}
	for _, k := range r.keys {
		if values := k.values(s, on); len(values) > 0 {
			context[k.name] = values
		}
	}
	if r.per == "" {
		return []authz.Context{context}
	}
	values := r.values(s)
	if len(values) == 0 {
		return []authz.Context{context}
	}
	contexts := make([]authz.Context, len(values))
	for i, value := range values {
		contexts[i] = maps.Clone(context)
		contexts[i][r.per] = []string{value}
	}
	return contexts
}

// narrowedBy are those of the row's narrowing keys that the request carries: by one
// that is not there, no grant can tell.
func (r *row) narrowedBy(context authz.Context) []string {
	var keys []string
	for _, name := range r.narrows {
		if len(context[name]) > 0 {
			keys = append(keys, name)
		}
	}
	return keys
}
