package cloudtest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/template"
)

// change is what CloudFormation does to a stack and those that are nested in it.
type change struct {
	server *Server
	root   *stack
	token  string
	steps  []step
}

// begin lets the first steps come to light, and the others wait for somebody to look.
func (o *change) begin(shown int) {
	o.root.reveal(len(o.root.pending))
	o.root.pending = o.steps
	o.root.reveal(shown)
	o.root.looks = o.server.Looks
	if o.server.Looks == 0 {
		o.root.reveal(len(o.steps))
	}
}

func (o *change) tellStack(s *stack, status, reason string, then func()) {
	o.steps = append(o.steps, step{s, event{
		StackId: s.id, StackName: s.name, LogicalResourceId: s.name, PhysicalResourceId: s.id, ResourceType: stackType,
		ResourceStatus: status, ResourceStatusReason: reason, ClientRequestToken: o.token,
	}, then})
}

func (o *change) tell(s *stack, r *resource, status, reason string, then func()) {
	o.steps = append(o.steps, step{s, event{
		StackId: s.id, StackName: s.name, LogicalResourceId: r.logicalID, PhysicalResourceId: r.physicalID, ResourceType: r.kind,
		ResourceStatus: status, ResourceStatusReason: reason, ClientRequestToken: o.token,
	}, then})
}

// scope is what the names of the stack's template stand for, with its resources.
func (o *change) scope(s *stack) *scope {
	c := &scope{server: o.server, stack: s, document: s.document, values: s.parameters, resources: map[string]*resource{}}
	for _, r := range s.resources {
		c.resources[r.logicalID] = r
	}
	return c
}

// create plans the creation of a stack whose template and parameters are set. A nested
// one that fails is left as it is: its parent deletes it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
func (o *change) create(s *stack) (reason string) {
	o.tellStack(s, "CREATE_IN_PROGRESS", "User Initiated", nil)
	reason = o.fill(s)
	if reason == "" {
		reason = o.export(s, "CREATE_COMPLETE", "")
	}
	if reason == "" {
		return ""
	}
	s.imports = nil
	switch {
	case s.parent != nil:
		o.tellStack(s, "CREATE_FAILED", reason, nil)
	default:
		o.tellStack(s, "ROLLBACK_IN_PROGRESS", reason+" Rollback requested by user.", nil)
		if o.empty(s, true) == "" {
			o.tellStack(s, "ROLLBACK_COMPLETE", "", nil)
		} else {
			o.tellStack(s, "ROLLBACK_FAILED", "", nil)
		}
	}
	return reason
}

// fill plans the creation of what the template has and the stack has not, and the
// update of what it has otherwise.
func (o *change) fill(s *stack) (reason string) {
	c := o.scope(s)
	s.imports = nil
	entries, err := c.active()
	if err == nil {
		err = o.imports(c, entries)
	}
	if err != nil {
		return message(err)
	}
	for i, e := range entries {
		r, err := c.evaluated(e)
		if err != nil {
			return message(err)
		}
		old := c.resources[r.logicalID]
		failure := ""
		switch {
		case old == nil:
			failure = o.createResource(s, r, c, entries[i+1:])
			c.resources[r.logicalID] = r
		case !reflect.DeepEqual(old.properties, r.properties) || old.kind != r.kind:
			failure = o.updateResource(s, old, r, c, entries[i+1:])
		}
		if failure != "" {
			return failure
		}
	}
	return ""
}

// createResource plans the creation of a resource. Where it fails, those that could be
// made at the same time are cancelled.
func (o *change) createResource(s *stack, r *resource, c *scope, rest []*template.Entry) (reason string) {
	r.identify(s)
	failure := o.server.makeable(s, r)
	physicalID := r.physicalID
	r.physicalID = "" // nobody knows it before it is made
	o.tell(s, r, "CREATE_IN_PROGRESS", "", nil)
	if failure == "" && r.kind == stackType {
		failure = o.createNested(s, r)
		physicalID = r.physicalID
	}
	if failure != "" {
		return o.failed(s, r, "create", failure, c, rest)
	}
	r.physicalID = physicalID
	o.server.formation.claim(s, r)
	if r.kind != stackType {
		s.resources = append(s.resources, r)
		o.tell(s, r, "CREATE_IN_PROGRESS", "Resource creation Initiated", nil)
	}
	o.tell(s, r, "CREATE_COMPLETE", "", func() { o.server.make(s, r) })
	return ""
}

// failed plans the end of an operation at a resource.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
func (o *change) failed(s *stack, r *resource, verb, reason string, c *scope, rest []*template.Entry) string {
	names := []string{r.logicalID}
	var cancelled []*resource
	for _, e := range rest {
		known := c.resources[e.Name] != nil
		if known != (verb == "update") || slices.ContainsFunc(dependencies(e), func(other string) bool {
			return other == r.logicalID || slices.ContainsFunc(rest, func(e *template.Entry) bool { return e.Name == other })
		}) {
			continue
		}
		other := &resource{logicalID: e.Name, kind: e.Type()}
		if there := c.resources[e.Name]; there != nil {
			if next, err := c.evaluated(e); err != nil || reflect.DeepEqual(next.properties, there.properties) {
				continue
			}
			other.physicalID = there.physicalID
		}
		cancelled = append(cancelled, other)
		names = append(names, e.Name)
		o.tell(s, other, strings.ToUpper(verb)+"_IN_PROGRESS", "", nil)
	}
	o.tell(s, r, strings.ToUpper(verb)+"_FAILED", reason, nil)
	noun := map[string]string{"create": "creation", "update": "update"}[verb]
	for _, other := range cancelled {
		o.tell(s, other, strings.ToUpper(verb)+"_FAILED", "Resource "+noun+" cancelled", nil)
	}
	return fmt.Sprintf("The following resource(s) failed to %s: [%s].", verb, strings.Join(names, ", "))
}

// message is what an error says beside its code.
func message(err error) string {
	var refused awsError
	if errors.As(err, &refused) {
		return refused.message
	}
	return err.Error()
}
