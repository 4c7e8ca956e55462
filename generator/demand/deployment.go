package demand

import (
	"cmp"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// StackOf is a root stack and how CloudFormation deploys it.
type StackOf struct {
	Estate *estate.Estate
	Stack  *estate.Stack  // the root
	Role   string         // the ARN of the role that is passed; without one nothing is known of who calls
	Stores *estate.Estate // in which buckets are looked up that Estate does not hold; may be nil
	Step   Step

	// Together is how names begin that make no difference: demands that differ in what
	// comes behind it are one, see Demand.Alike. Empty: every demand is by itself.
	Together string

	// Untagged tells that the stack has no tags. CloudFormation hands those that it has
	// down to every resource that takes some.
	Untagged bool
}

// Stack lists what CloudFormation calls for a root stack and for all that it nests: to
// create, read, update, delete and tag each resource, to read child templates, code and
// images, and to roll back. A type that no table knows has no demands; UnknownTypes tells
// of it.
func Stack(d StackOf) []Demand {
	if d.Role == "" {
		return nil
	}
	stacks := tree(d.Estate, d.Stack)
	w := newDeploying(&d, stacks)
	for _, stack := range stacks {
		w.macros(stack)
		for _, r := range stack.Resources {
			w.subject(&handler.Subject{Resource: r, Tagged: !d.Untagged, Find: w.find}, "the "+r.Type+" "+r.ID, r.At())
		}
	}
	return w.demands
}

// UnknownTypes are the resources of a root stack, and of what it nests, of which nobody
// knows what CloudFormation calls for them.
func UnknownTypes(e *estate.Estate, root *estate.Stack) []*estate.Resource {
	var unknown []*estate.Resource
	for _, stack := range tree(e, root) {
		for _, r := range stack.Resources {
			if !handler.Known(r.Type) {
				unknown = append(unknown, r)
			}
		}
	}
	return unknown
}

// tree is a root stack with all that it nests, in the order of the estate.
func tree(e *estate.Estate, root *estate.Stack) []*estate.Stack {
	within := map[*estate.Stack]bool{root: true}
	var stacks []*estate.Stack
	for _, s := range e.Stacks {
		if within[s] || within[s.Parent] {
			within[s] = true
			stacks = append(stacks, s)
		}
	}
	return stacks
}

// deploying gathers what one deployment calls.
type deploying struct {
	*StackOf
	names    handler.Names
	stacks   []*estate.Stack
	named    map[string]map[string]*estate.Resource // by type, and Ref or ARN; see find
	anybodys map[string]string                      // what may be anybody's: the pattern of all by the ARN of one
	demands  []Demand
	seen     map[request]int // where the demands are that are like no other
	opened   map[string]bool // what the keys of buckets were used for
	passes   bool            // its role on to nested stacks
	families *families
	calls    []handler.Call // of the last subject
	reasons  []reasoned     // of the last subject
}

// reasoned is a reason and the verb in it.
type reasoned struct {
	*Reason
	verb string
}

func newDeploying(d *StackOf, stacks []*estate.Stack) *deploying {
	resources := 0
	for _, s := range stacks {
		resources += len(s.Resources)
	}
	return &deploying{
		StackOf: d, names: handler.Names{Root: d.Stack.Name}, stacks: stacks, named: map[string]map[string]*estate.Resource{},
		seen: map[request]int{}, opened: map[string]bool{}, families: newFamilies(resources),
	}
}

// find is the resource of a type in the stacks that a property names.
func (w *deploying) find(typ, name string) *estate.Resource {
	if w.named[typ] == nil {
		w.named[typ] = w.namesOf(typ)
	}
	return w.named[typ][name]
}

// namesOf are the resources of a type by their Ref and ARN.
func (w *deploying) namesOf(typ string) map[string]*estate.Resource {
	named := map[string]*estate.Resource{}
	for _, stack := range w.stacks {
		for _, r := range stack.Resources {
			if r.Type != typ {
				continue
			}
			for _, name := range [...]string{r.Ref, r.ARN} {
				if name != "" && named[name] == nil {
					named[name] = r
				}
			}
		}
	}
	return named
}

// subject adds the calls for one resource.
func (w *deploying) subject(s *handler.Subject, what string, cause diag.Place) {
	c := w.caller(cause)
	w.calls = handler.Append(w.calls[:0], s)
	w.reasons = w.reasons[:0]
	for i := range w.calls {
		call := &w.calls[i]
		w.call(c.from(call.Page), s, call, w.reason(call, what, cause))
	}
	w.reads(c, s.Resource)
}

// reason is what a call is made for; calls of a subject share it.
func (w *deploying) reason(call *handler.Call, what string, cause diag.Place) *Reason {
	verb, why := call.During.String(), ""
	for _, r := range w.reasons {
		if r.verb == verb && r.Page == call.Page {
			return r.Reason
		}
		if r.verb == verb {
			why = r.Why
		}
	}
	if why == "" {
		why = "CloudFormation " + verb + " " + what
	}
	r := reasoned{&Reason{why, cause, call.Page}, verb}
	w.reasons = append(w.reasons, r)
	return r.Reason
}

func (w *deploying) caller(cause diag.Place) caller {
	return caller{
		principal: authz.Principal{ARN: w.Role}, account: accountOf(w.Role, w.Stack.Account), step: w.Step, cause: cause,
	}
}

// call adds a call of a handler.
func (w *deploying) call(c caller, of *handler.Subject, call *handler.Call, why *Reason) {
	s := w.site(call.On)
	on := thing{arn: call.On, within: s.Within, narrowed: call.Narrowed, context: call.Context}
	if call.Within != "" {
		on.within = []string{call.Within}
	}
	on = w.leeway(w.subscribed(on, call, of.Open), call)
	spare := call.Doubtful || of.Open && call.Hinges || deletes(call) && isKept(of.Resource)
	if w.join(c, s, on, call.Action, why, spare) {
		return
	}
	demands := c.calls(why.Why, on, call.Action)
	for i := range demands {
		demands[i].Spare = spare
	}
	w.add(demands...)
}

// add keeps demands that were not made before: many resources are listed by one call.
// What is spare for one thing may be needed for another.
func (w *deploying) add(demands ...Demand) {
	for i := range demands {
		d := &demands[i]
		if w.joined(d) {
			continue
		}
		key := requestOf(&d.Request)
		if at, ok := w.seen[key]; ok {
			w.demands[at].Spare = w.demands[at].Spare && d.Spare
			continue
		}
		w.seen[key] = len(w.demands)
		w.demands = added(w.demands, d)
	}
}

// within are the widest resources that a grant for a call may name. A role is global and
// serves a stack in any region; of a name that CloudFormation makes, a policy can know
// how the stack's begins, and what somebody else chose is open.
func (w *deploying) within(arn string) string {
	if pattern, ok := w.anybodys[arn]; ok || arn == "*" {
		return cmp.Or(pattern, arn)
	}
	pattern := w.generalised(anyRegion(arn))
	if group, ok := strings.CutSuffix(pattern, ":log-stream:"); ok {
		return group + ":*" // as policies name a group with its streams
	}
	return pattern
}

// generalised is an ARN with an asterisk for what only this deployment can tell. The
// account is one and the same, and what another stack holds is there before.
func (w *deploying) generalised(arn string) string {
	open := symbol.Map(arn, func(name string) string {
		switch {
		case symbol.Is(w.Stack.Account, name):
			return w.Stack.Account
		case w.isOthers(name):
			return symbol.New(name)
		}
		return "*"
	})
	if open == arn {
		return arn
	}
	return beginning(open, w.names.Root)
}

// isOthers reports whether a symbol was made for a resource of another root, by whose
// name it begins.
func (w *deploying) isOthers(name string) bool {
	return strings.Contains(name, "/") && !strings.HasPrefix(name, symbol.Show(w.Stack.Name))
}

// beginning cuts a name that begins with another behind it.
func beginning(pattern, begin string) string {
	name := nameOf(pattern)
	at := strings.Index(name, begin+"-")
	if at < 0 || at > 0 && !strings.ContainsRune("/:", rune(name[at-1])) {
		return pattern
	}
	cut := strings.TrimSuffix(pattern, name) + name[:at+len(begin)+1] + "*"
	if _, rest, ok := strings.Cut(name[at:], "/"); ok && strings.Contains(pattern, ":stack/") {
		return cut + "/" + rest
	}
	return cut
}

// leeway are the values that a condition of a grant may hold for keys that carry a name
// of the deployment's own: functions are told by how their names begin.
func (w *deploying) leeway(on thing, call *handler.Call) thing {
	for _, key := range call.Narrowed {
		switch key {
		case "lambda:functionarn":
			on = on.upTo(key, append([]string{w.functions()}, w.openIn(call.Context[key])...)...)
		case "kms:viaservice":
			service, _, _ := strings.Cut(call.Context[key][0], ".")
			on = on.upTo(key, service+".*")
		}
	}
	return on
}

// openIn are ARNs as a policy may write them.
func (w *deploying) openIn(arns []string) []string {
	patterns := make([]string, len(arns))
	for i, arn := range arns {
		patterns[i] = w.generalised(anyRegion(arn))
	}
	return patterns
}

// subscribed tells what is subscribed to somebody else's topic: nothing in the topic's
// name does, and whoever could subscribe anything could have its messages.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html#sns-policy-keys
func (w *deploying) subscribed(on thing, call *handler.Call, open bool) thing {
	const endpoint = "sns:endpoint"
	if call.Action != "sns:Subscribe" || len(call.Context[endpoint]) == 0 || strings.HasPrefix(nameOf(call.On), w.names.Root+"-") {
		return on
	}
	patterns := append([]string{w.functions()}, w.openIn(call.Context[endpoint])...)
	if open {
		patterns = append(patterns, arnOf(w.Stack.Partition, "sqs", "*", w.Stack.Account, w.names.Begin(maxQueueName)+"*"))
	}
	return on.narrowedBy(endpoint, call.Context[endpoint]...).upTo(endpoint, patterns...)
}

// functions is the widest pattern of the deployment's functions.
func (w *deploying) functions() string {
	return arnOf(w.Stack.Partition, "lambda", "*", w.Stack.Account, "function:"+w.names.Begin(maxFunctionName)+"*")
}

// The longest names of functions and queues.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
const (
	maxFunctionName = 64
	maxQueueName    = 80
)
