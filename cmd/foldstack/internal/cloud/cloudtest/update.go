package cloudtest

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/foldstack/foldstack/generator/template"
)

// state is what a stack is besides its name, to go back to.
type state struct {
	body         string
	document     *template.Document
	parameters   map[string]string
	capabilities []string
	resources    []*resource
	planned      []output
	imports      []string
}

func (s *stack) state() state {
	return state{s.body, s.document, s.parameters, s.capabilities, slices.Clone(s.resources), s.planned, s.imports}
}

func (s *stack) set(x state) {
	s.body, s.document, s.parameters, s.capabilities, s.resources, s.planned, s.imports = x.body, x.document, x.parameters, x.capabilities, x.resources, x.planned, x.imports
}

// update plans the update of a stack to a template and parameters.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (o *change) update(s *stack, to state) (reason string) {
	before := s.state()
	o.tellStack(s, "UPDATE_IN_PROGRESS", "User Initiated", nil)
	s.body, s.document, s.parameters, s.capabilities = to.body, to.document, to.parameters, to.capabilities
	s.resources = slices.Clone(before.resources)
	reason = o.fill(s)
	if reason == "" {
		reason = o.exportable(s)
	}
	if reason != "" {
		o.rollBack(s, before, reason)
		return reason
	}
	o.tellStack(s, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "", nil)
	o.export(s, "UPDATE_COMPLETE", o.cleanUp(s))
	return ""
}

// exportable says why what the stack would put out cannot be, without planning it.
func (o *change) exportable(s *stack) string {
	trial := &change{server: o.server, root: o.root}
	planned := s.planned
	defer func() { s.planned = planned }()
	return trial.export(s, "", "")
}

// cleanUp plans the deletion of the resources that the template does not have any more,
// and of those that were replaced. What cannot be deleted is left behind, which is said
// with the end of the update and does not make it fail.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
func (o *change) cleanUp(s *stack) (reason string) {
	entries, err := o.scope(s).active()
	if err != nil {
		return ""
	}
	remove := func(r *resource) {
		if !o.deleteResource(s, r, false) {
			reason = "Update successful. One or more resources could not be deleted."
		}
	}
	for _, r := range slices.Backward(slices.Clone(s.resources)) {
		if !slices.ContainsFunc(entries, func(e *template.Entry) bool { return e.Name == r.logicalID }) {
			remove(r)
			s.resources = slices.DeleteFunc(s.resources, func(other *resource) bool { return other == r })
		}
		if old := r.replaced; old != nil {
			r.replaced, old.policy = nil, r.replacing
			remove(old)
		}
	}
	return reason
}

// rollBack plans the way back to what a stack was.
func (o *change) rollBack(s *stack, before state, reason string) {
	o.tellStack(s, "UPDATE_ROLLBACK_IN_PROGRESS", reason, nil)
	made := slices.DeleteFunc(slices.Clone(s.resources), func(r *resource) bool {
		return slices.ContainsFunc(before.resources, func(old *resource) bool { return old.logicalID == r.logicalID })
	})
	for _, old := range before.resources {
		for _, r := range s.resources {
			if r.logicalID == old.logicalID && r != old {
				o.tell(s, old, "UPDATE_IN_PROGRESS", "", nil)
				o.restore(old)
				o.tell(s, old, "UPDATE_COMPLETE", "", nil)
				if r.replaced != nil {
					made = append(made, r)
				}
			}
		}
	}
	s.set(before)
	o.tellStack(s, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "", nil)
	for _, r := range slices.Backward(made) {
		o.deleteResource(s, r, true)
	}
	o.tellStack(s, "UPDATE_ROLLBACK_COMPLETE", "", nil)
}

// restore brings a nested stack that was updated back.
func (o *change) restore(r *resource) {
	if r.nested != nil && r.previous != nil {
		before := *r.previous
		r.previous = nil
		o.rollBack(r.nested, before, "")
	}
}

// updateResource plans the update of a resource. One whose name or type changes is
// replaced: another is made, and the clean-up deletes it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
func (o *change) updateResource(s *stack, old, r *resource, c *scope, rest []*template.Entry) (reason string) {
	r.identify(s)
	r.nested = old.nested
	o.tell(s, old, "UPDATE_IN_PROGRESS", "", nil)
	failure := ""
	var then func()
	switch {
	case r.name != old.name || r.kind != old.kind:
		failure = o.server.makeable(s, r)
		r.replaced, then = old, func() { o.server.make(s, r) }
	case r.nested != nil:
		r.physicalID = old.physicalID
		failure = o.updateNested(s, old, r)
	default:
		r.physicalID = old.physicalID
		failure = cmp.Or(o.server.formation.failure(s, r.logicalID), o.server.missingCode(r))
	}
	if failure != "" {
		return o.failed(s, old, "update", failure, c, rest)
	}
	o.server.formation.claim(s, r)
	s.resources[slices.Index(s.resources, old)] = r
	c.resources[r.logicalID] = r
	o.tell(s, r, "UPDATE_COMPLETE", "", then)
	return ""
}

func (o *change) updateNested(s *stack, old, r *resource) (reason string) {
	if reason := o.server.formation.failure(s, r.logicalID); reason != "" {
		return reason
	}
	body, document, parameters, err := o.server.nested(s, r, r.nested.parameters)
	if err != nil {
		return message(err)
	}
	before := r.nested.state()
	if reason := o.update(r.nested, state{body: body, document: document, parameters: parameters, capabilities: s.capabilities}); reason != "" {
		return fmt.Sprintf("Embedded stack %s was not successfully updated: %s ", r.physicalID, reason)
	}
	old.previous = &before
	return ""
}
