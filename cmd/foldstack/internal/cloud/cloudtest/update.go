package cloudtest

import (
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
	o.cleanUp(s)
	o.export(s, "UPDATE_COMPLETE")
	return ""
}

// exportable says why what the stack would put out cannot be, without planning it.
func (o *change) exportable(s *stack) string {
	trial := &change{server: o.server, root: o.root}
	planned := s.planned
	defer func() { s.planned = planned }()
	return trial.export(s, "")
}

// cleanUp plans the deletion of the resources that the template does not have any more.
// What cannot be deleted is left behind.
func (o *change) cleanUp(s *stack) {
	entries, err := o.scope(s).active()
	if err != nil {
		return
	}
	for _, r := range slices.Backward(slices.Clone(s.resources)) {
		if !slices.ContainsFunc(entries, func(e *template.Entry) bool { return e.Name == r.logicalID }) {
			o.deleteResource(s, r, false)
			s.resources = slices.DeleteFunc(s.resources, func(other *resource) bool { return other == r })
		}
	}
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

// updateResource plans the update of a resource. A name that changes needs another
// resource.
func (o *change) updateResource(s *stack, old, r *resource, c *scope, rest []*template.Entry) (reason string) {
	r.identify(s)
	r.nested = old.nested
	if r.name == old.name {
		r.physicalID = old.physicalID
	}
	o.tell(s, old, "UPDATE_IN_PROGRESS", "", nil)
	failure := o.server.formation.failure(s, r.logicalID)
	if failure == "" && r.kind == "AWS::Lambda::Function" {
		failure = o.server.missingCode(r)
	}
	if failure == "" && r.nested != nil {
		failure = o.updateNested(s, old, r)
	}
	if failure != "" {
		return o.failed(s, old, "update", failure, c, rest)
	}
	s.resources[slices.Index(s.resources, old)] = r
	c.resources[r.logicalID] = r
	o.tell(s, r, "UPDATE_COMPLETE", "", nil)
	return ""
}

func (o *change) updateNested(s *stack, old, r *resource) (reason string) {
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
