package cloudtest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
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
	if o.server.Looks == 0 {
		o.root.reveal(len(o.steps))
		return
	}
	o.root.stride = (len(o.root.pending) + o.server.Looks - 1) / o.server.Looks
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
	reason = o.fill(s, nil)
	if reason == "" {
		reason = o.export(s, "CREATE_COMPLETE")
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

// export plans the end of an operation, by which the outputs are there.
func (o *change) export(s *stack, status string) (reason string) {
	outputs, err := o.scope(s).outputs()
	if err != nil {
		return err.Error()
	}
	if export, user := o.server.formation.exportUser(s, outputs); export != "" {
		return fmt.Sprintf("Export %s cannot be updated as it is in use by %s", export, user)
	}
	for _, other := range o.server.formation.there(s.place) {
		for _, there := range other.planned {
			if other != s && slices.ContainsFunc(outputs, func(o output) bool { return o.ExportName != "" && o.ExportName == there.ExportName }) {
				return fmt.Sprintf("Export with name %s is already exported by stack %s", there.ExportName, other.name)
			}
		}
	}
	s.planned = outputs
	o.tellStack(s, status, "", func() { s.outputs = outputs })
	return ""
}

// outputs are what the template puts out.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
func (c *scope) outputs() ([]output, error) {
	var all []output
	for i := range c.document.Outputs {
		e := &c.document.Outputs[i]
		if name := attributeOf(e, "Condition"); name != "" {
			if holds, err := c.condition(name); err != nil || !holds {
				if err != nil {
					return nil, err
				}
				continue
			}
		}
		entry, _ := e.Value.(cfn.Map)
		value, err := c.text(entry.Get("Value"))
		if err != nil {
			return nil, err
		}
		o := output{OutputKey: e.Name, OutputValue: value}
		if export, ok := entry.Get("Export").(cfn.Map); ok {
			if o.ExportName, err = c.text(export.Get("Name")); err != nil {
				return nil, err
			}
		}
		all = append(all, o)
	}
	return all, nil
}

// fill plans the creation of what the template has and the stack has not, and the
// update of what it has otherwise. before are the resources of the stack until now.
func (o *change) fill(s *stack, before []*resource) (reason string) {
	c := o.scope(s)
	s.imports = nil
	entries, err := c.active()
	if err == nil {
		err = o.imports(c, entries)
	}
	if err != nil {
		return err.Error()
	}
	for i, e := range entries {
		r, err := c.evaluated(e)
		if err != nil {
			return err.Error()
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

// imports are looked for before anything is made.
func (o *change) imports(c *scope, entries []*template.Entry) error {
	var values []any
	for _, e := range entries {
		values = append(values, e.Value)
	}
	for _, e := range c.document.Outputs {
		values = append(values, e.Value)
	}
	return c.eachImport(values)
}

// eachImport evaluates every Fn::ImportValue in a value.
func (c *scope) eachImport(value any) error {
	switch v := value.(type) {
	case string:
		i, ok := cfn.Decode(v)
		if !ok {
			return nil
		}
		if i.Name == "Fn::ImportValue" {
			_, err := c.imported(i.Argument)
			return err
		}
		return c.eachImport(i.Argument)
	case []any:
		for _, item := range v {
			if err := c.eachImport(item); err != nil {
				return err
			}
		}
	case cfn.Map:
		for _, e := range v {
			if err := c.eachImport(e.Value); err != nil {
				return err
			}
		}
	}
	return nil
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
	if r.name != "" {
		o.server.formation.names[territory(r.kind, s.place)+" "+r.name] = s.id
	}
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

// createNested plans the creation of a nested stack.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
func (o *change) createNested(s *stack, r *resource) (reason string) {
	body, document, parameters, err := o.server.nested(s, r, nil)
	if err != nil {
		return message(err)
	}
	name := s.name + "-" + r.logicalID + "-" + strings.ToUpper(digest(s.id, r.logicalID)[:12])
	r.nested = o.server.formation.add(s.place, name, s)
	r.physicalID = r.nested.id
	s.resources = append(s.resources, r)
	r.nested.body, r.nested.document, r.nested.parameters, r.nested.capabilities = body, document, parameters, s.capabilities
	o.tell(s, r, "CREATE_IN_PROGRESS", "Resource creation Initiated", nil)
	if reason := o.create(r.nested); reason != "" {
		return fmt.Sprintf("Embedded stack %s was not successfully created: %s ", r.physicalID, reason)
	}
	return ""
}

// nested is the template and the parameters of a nested stack.
func (s *Server) nested(of *stack, r *resource, before map[string]string) (string, *template.Document, map[string]string, error) {
	url, _ := r.properties["TemplateURL"].(string)
	body, err := s.fetch(url)
	if err != nil {
		return "", nil, nil, err
	}
	document, err := read(body)
	if err != nil {
		return "", nil, nil, err
	}
	given := map[string]string{}
	parameters, _ := r.properties["Parameters"].(map[string]any)
	for name, value := range parameters {
		given[name] = fmt.Sprint(value)
	}
	if err := capable(document, of.capabilities); err != nil {
		return "", nil, nil, err
	}
	values, err := parameterValues(document, given, before)
	return body, document, values, err
}

// message is what an error says beside its code.
func message(err error) string {
	var refused awsError
	if errors.As(err, &refused) {
		return refused.message
	}
	return err.Error()
}

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
	reason = o.fill(s, before.resources)
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
