package cloudtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/template"
)

// stack is one that there is or was. What an operation makes of it is decided when that
// begins; the events that tell of it, and what follows from them, come to light look by
// look, so that whoever waits sees work in progress, and no clock is needed.
type stack struct {
	place
	name, id       string
	status, reason string
	body           string
	document       *template.Document
	parameters     map[string]string
	capabilities   []string
	resources      []*resource // those that there will be at the end, in the order of their creation
	planned        []output    // what outputs become then
	outputs        []output
	imports        []string // the exports that it uses
	events         []event  // the oldest first
	parent, root   *stack
	pending        []step // of a root, what has not come to light
	looks          int    // of a root, how many more it takes until all of that has
	ticks          int    // of a root: the seconds that its operations took
	created        time.Time
	updated        time.Time
	deleted        time.Time
	role           string // with which the last operation was done, or empty
	changeSets     []*changeSet
}

// step is an event that has not come to light, and what follows from it.
type step struct {
	stack *stack
	event event
	then  func()
}

type output struct {
	OutputKey, OutputValue string
	ExportName             string `xml:",omitempty"`
}

// event is written as CloudFormation does.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html
type event struct {
	EventId, StackId, StackName, LogicalResourceId string
	PhysicalResourceId                             string `xml:",omitempty"`
	ResourceType                                   string
	Timestamp                                      time.Time
	ResourceStatus                                 string
	ResourceStatusReason                           string `xml:",omitempty"`
	ClientRequestToken                             string `xml:",omitempty"`
}

const stackType = "AWS::CloudFormation::Stack"

// epoch is when the first event of every stack happened.
var epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func (s *stack) now() time.Time { return epoch.Add(time.Duration(s.root.ticks) * time.Second) }

// gone reports a stack that was deleted: its name is free, its id is known.
func (s *stack) gone() bool { return s.status == "DELETE_COMPLETE" }

func (s *stack) busy() bool { return len(s.root.pending) > 0 }

// look lets the next part of an operation come to light.
func (s *stack) look() {
	root := s.root
	root.reveal(len(root.pending) / max(root.looks, 1))
	root.looks--
}

func (s *stack) reveal(count int) {
	count = min(count, len(s.pending))
	for _, next := range s.pending[:count] {
		s.ticks++
		of, e := next.stack, next.event
		e.Timestamp = s.now()
		e.EventId = fmt.Sprintf("%s-%s-%d", e.LogicalResourceId, e.ResourceStatus, len(of.events))
		of.events = append(of.events, e)
		if e.LogicalResourceId == of.name && e.ResourceType == stackType {
			of.become(e)
		}
		if next.then != nil {
			next.then()
		}
	}
	s.pending = s.pending[count:]
}

// become takes over what an event of the stack itself tells.
func (s *stack) become(e event) {
	s.status, s.reason = e.ResourceStatus, e.ResourceStatusReason
	switch {
	case s.created.IsZero():
		s.created = e.Timestamp
	case s.status == "UPDATE_IN_PROGRESS":
		s.updated = e.Timestamp
	case s.gone():
		s.deleted = e.Timestamp
	}
}

// there are the stacks of a place that are not deleted.
func (f *cloudFormation) there(p place) []*stack {
	var all []*stack
	for _, s := range f.stacks {
		if s.place == p && !s.gone() {
			all = append(all, s)
		}
	}
	return all
}

// find is the stack of a name that is there, or of an id that ever was.
func (f *cloudFormation) find(p place, name string) *stack {
	for _, s := range f.stacks {
		if s.id == name && s.place == p {
			return s
		}
	}
	for _, s := range f.there(p) {
		if s.name == name {
			return s
		}
	}
	return nil
}

// add makes a stack that has no template. Its id is made of its place, its name and how
// many there were.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
func (f *cloudFormation) add(p place, name string, parent *stack) *stack {
	before := 0
	for _, s := range f.stacks {
		if s.place == p && s.name == name {
			before++
		}
	}
	number := uuid(p.account, p.region, name, fmt.Sprint(before))
	s := &stack{
		place: p, name: name, parent: parent, parameters: map[string]string{},
		id: fmt.Sprintf("arn:%s:cloudformation:%s:%s:stack/%s/%s", partition(p.region), p.region, p.account, name, number),
	}
	s.root = s
	if parent != nil {
		s.root = parent.root
	}
	f.stacks = append(f.stacks, s)
	return s
}

// digest is made-up hexadecimal text that is always the same.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "/")))
	return hex.EncodeToString(sum[:])
}

func uuid(parts ...string) string {
	d := digest(parts...)
	return strings.Join([]string{d[:8], d[8:12], d[12:16], d[16:20], d[20:32]}, "-")
}

// read parses a template as CloudFormation would take it.
func read(body string) (*template.Document, error) {
	var problems diag.Problems
	root := source.Parse("template", []byte(body), &problems)
	document := template.Written("template", root, len(body), &problems)
	if found := problems.Sorted(); len(found) > 0 {
		return nil, invalid("Template format error: %s", found[0].Text)
	}
	if len(document.Resources) == 0 {
		return nil, invalid("Template format error: At least one Resources member must be defined.")
	}
	return document, nil
}

// path is where a resource is: its logical id, after those of the nested stacks that
// it lies in.
func (s *stack) path(logicalID string) string {
	if s.parent == nil {
		return logicalID
	}
	for _, r := range s.parent.resources {
		if r.nested == s {
			return s.parent.path(r.logicalID) + "/" + logicalID
		}
	}
	return logicalID
}

// failure is why a resource shall fail, if it shall.
func (f *cloudFormation) failure(s *stack, logicalID string) string {
	path := s.path(logicalID)
	for _, name := range []string{"", s.root.name, s.account + "/" + s.root.name, s.account + "/" + s.region + "/" + s.root.name} {
		if reason := f.failing[name+"\n"+path]; reason != "" {
			return reason
		}
	}
	return ""
}

// exportUser is the name of another stack that uses an export of this one that does
// not remain.
func (f *cloudFormation) exportUser(s *stack, remaining []output) (export, user string) {
	for _, o := range s.outputs {
		if o.ExportName == "" || slices.ContainsFunc(remaining, func(r output) bool { return r == o }) {
			continue
		}
		for _, other := range f.there(s.place) {
			if other.root != s.root && slices.Contains(other.imports, o.ExportName) {
				return o.ExportName, other.name
			}
		}
	}
	return "", ""
}
