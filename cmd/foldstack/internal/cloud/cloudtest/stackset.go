package cloudtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// stackSet is one of an account that administers it.
type stackSet struct {
	place
	name, id    string
	to          state
	model       string // of permissions
	automatic   bool
	regions     []string        // in which organizational units are deployed to
	units       map[string]bool // those
	instances   []*instance
	operations  []*setOperation
	description string
}

// instance is a stack that a set makes in a region of an account.
type instance struct {
	place
	unit             string
	overrides        map[string]string
	stack            *stack
	status, detailed string
	reason           string
}

// setOperation is work on the instances of a set.
type setOperation struct {
	id, action string
	work       []*work
}

// work is what an operation does to an instance.
type work struct {
	*instance
	change  *change
	failure string
	then    func()
}

// finished reports that all has come to light, and done does what follows from it.
func (w *work) finished() bool { return w.change == nil || len(w.change.root.pending) == 0 }

// SetOrganizationalUnit says which accounts a unit of the organization has. Those that
// join get the stacks of every set that deploys to the unit by itself, at once.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
func (s *Server) SetOrganizationalUnit(unit string, accounts ...string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.formation.units[unit] = accounts
	for _, set := range s.formation.sets {
		if !set.units[unit] || !set.automatic {
			continue
		}
		for _, region := range set.regions {
			for _, account := range accounts {
				if p := (place{account, region}); set.instance(p) == nil {
					made := set.add(p, unit, nil)
					s.deploy(set, made).settle()
				}
			}
		}
	}
}

func (set *stackSet) instance(p place) *instance {
	for _, i := range set.instances {
		if i.place == p {
			return i
		}
	}
	return nil
}

func (set *stackSet) add(p place, unit string, overrides map[string]string) *instance {
	i := &instance{place: p, unit: unit, overrides: overrides, status: "OUTDATED", detailed: "PENDING"}
	set.instances = append(set.instances, i)
	return i
}

// settle lets all of a work come to light.
func (w *work) settle() {
	if w.change != nil {
		w.change.root.reveal(len(w.change.root.pending))
	}
	w.finish()
}

// finish does what follows from the end of a work, once.
func (w *work) finish() {
	if w.then != nil {
		w.then()
		w.then = nil
	}
}

func (set *stackSet) end(i *instance, failure string) func() {
	return func() {
		i.status, i.detailed, i.reason = "CURRENT", "SUCCEEDED", ""
		if failure != "" {
			i.status, i.detailed, i.reason = "OUTDATED", "FAILED", failure
		}
	}
}

// deploy plans that an instance becomes what its set is. A stack whose creation was
// rolled back is made again.
func (s *Server) deploy(set *stackSet, i *instance) *work {
	to := set.to
	to.parameters = maps.Clone(to.parameters)
	maps.Copy(to.parameters, i.overrides)
	if i.stack != nil && i.stack.status == "ROLLBACK_COMPLETE" {
		o := &change{server: s, root: i.stack}
		o.delete(i.stack)
		o.begin(len(o.steps))
	}
	fresh := i.stack == nil || i.stack.gone()
	if fresh {
		i.stack = s.formation.add(i.place, fmt.Sprintf("StackSet-%s-%s", set.name, uuid(set.id, i.account, i.region)), nil)
		i.stack.set(to)
	}
	o := &change{server: s, root: i.stack}
	reason := ""
	switch {
	case fresh:
		reason = o.create(i.stack)
	case unchanged(i.stack, to):
	default:
		reason = o.update(i.stack, to)
	}
	failure := ""
	if reason != "" {
		failure = o.first(reason)
	}
	o.begin(min(1, len(o.steps)))
	i.detailed = "RUNNING"
	return &work{instance: i, change: o, failure: failure, then: set.end(i, failure)}
}

// first is what a set says of the failure of a stack.
func (o *change) first(reason string) string {
	for _, next := range o.steps {
		if e := next.event; strings.HasSuffix(e.ResourceStatus, "_FAILED") && e.ResourceStatusReason != "" {
			return fmt.Sprintf("ResourceLogicalId:%s, ResourceType:%s, ResourceStatusReason:%s.", e.LogicalResourceId, e.ResourceType, e.ResourceStatusReason)
		}
	}
	return reason
}

// withdraw plans that an instance is no more.
func (s *Server) withdraw(set *stackSet, i *instance, retain bool) *work {
	gone := func() {
		set.instances = slices.DeleteFunc(set.instances, func(other *instance) bool { return other == i })
	}
	if retain || i.stack == nil || i.stack.gone() {
		return &work{instance: i, then: gone}
	}
	o := &change{server: s, root: i.stack}
	reason := o.delete(i.stack)
	w := &work{instance: i, change: o, then: gone}
	if reason != "" {
		w.failure = o.first(reason)
		w.then = func() { i.status, i.detailed, i.reason = "INOPERABLE", "FAILED", w.failure }
	}
	o.begin(1)
	i.detailed = "RUNNING"
	return w
}

// status of an operation.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperation.html
func (o *setOperation) status() string {
	status := "SUCCEEDED"
	for _, w := range o.work {
		if !w.finished() {
			return "RUNNING"
		}
		if w.failure != "" {
			status = "FAILED"
		}
	}
	return status
}
