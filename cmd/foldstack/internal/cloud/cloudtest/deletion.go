package cloudtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/template"
)

// delete plans the deletion of a stack.
func (o *change) delete(s *stack) (reason string) {
	status := s.status
	o.tellStack(s, "DELETE_IN_PROGRESS", "User Initiated", nil)
	if export, user := o.server.formation.exportUser(s, nil); export != "" {
		// CloudFormation gives the stack the status back that it had:
		// https://github.com/aws/aws-cdk/issues/604
		reason = fmt.Sprintf("Delete canceled. Cannot delete export %s as it is in use by %s.", export, user)
		o.tellStack(s, status, reason, nil)
		return reason
	}
	if reason = o.empty(s, false); reason != "" {
		o.tellStack(s, "DELETE_FAILED", reason, nil)
		return reason
	}
	s.planned = nil
	o.tellStack(s, "DELETE_COMPLETE", "", func() { s.outputs, s.imports = nil, nil })
	return ""
}

// empty plans the deletion of all resources of a stack.
func (o *change) empty(s *stack, undoing bool) (reason string) {
	var left []*resource
	var names []string
	for _, r := range slices.Backward(s.resources) {
		if slices.ContainsFunc(left, func(user *resource) bool { return uses(s.document, user.logicalID, r.logicalID) }) {
			left = append(left, r)
			continue
		}
		if !o.deleteResource(s, r, undoing) {
			left = append(left, r)
			names = append(names, r.logicalID)
		}
	}
	slices.Reverse(left)
	s.resources = left
	if len(names) > 0 {
		return fmt.Sprintf("The following resource(s) failed to delete: [%s]. ", strings.Join(names, ", "))
	}
	return ""
}

// uses reports whether a resource depends on another.
func uses(d *template.Document, user, other string) bool {
	if d == nil {
		return false
	}
	e := template.Find(d.Resources, user)
	return e != nil && slices.Contains(dependencies(e), other)
}

// deleteResource plans the deletion of a resource, unless it is to stay.
func (o *change) deleteResource(s *stack, r *resource, undoing bool) bool {
	if r.retained(undoing) {
		o.tell(s, r, "DELETE_SKIPPED", "", nil)
		return true
	}
	o.tell(s, r, "DELETE_IN_PROGRESS", "", nil)
	failure := ""
	if !undoing {
		failure = o.server.removable(s, r)
	}
	if failure == "" && r.nested != nil {
		if reason := o.delete(r.nested); reason != "" {
			failure = fmt.Sprintf("Embedded stack %s was not successfully deleted: %s", r.physicalID, reason)
		}
	}
	if failure != "" {
		o.tell(s, r, "DELETE_FAILED", failure, nil)
		return false
	}
	if r.name != "" {
		delete(o.server.formation.names, territory(r.kind, s.place)+" "+r.name)
	}
	o.tell(s, r, "DELETE_COMPLETE", "", func() { o.server.remove(s, r) })
	return true
}
