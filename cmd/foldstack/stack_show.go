package main

import (
	"fmt"
	"slices"
	"sync"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

// stackShow shows how work on stacks goes: a log gets a line for every event of
// CloudFormation, a person one line that changes, and either a line for everything that
// has ended.
type stackShow struct {
	session *session
	all     int
	noun    string // of what there are so many

	lock    sync.Mutex
	ended   int
	running []string          // in the order in which they began
	at      map[string]string // the resource that each is at
}

// showStacks begins a show. The function that it returns ends that.
func (s *session) showStacks(all int, noun string) (show *stackShow, done func()) {
	show = &stackShow{session: s, all: all, noun: noun, at: map[string]string{}}
	return show, s.line(meterTick, show.status)
}

// status is how far it is, in a line.
func (w *stackShow) status() string {
	w.lock.Lock()
	defer w.lock.Unlock()
	line := fmt.Sprintf("%d of %s done", w.ended, count(w.all, w.noun))
	if len(w.running) > 0 {
		line += ": " + w.running[0]
		if at := w.at[w.running[0]]; at != "" {
			line += ", " + at
		}
	}
	if more := len(w.running) - 1; more > 0 {
		line += fmt.Sprintf(", and %d more", more)
	}
	return line
}

// begin tells that work on something begins.
func (w *stackShow) begin(what string) {
	w.lock.Lock()
	defer w.lock.Unlock()
	if !slices.Contains(w.running, what) {
		w.running = append(w.running, what)
	}
}

// event tells of an event. What has one has begun.
func (w *stackShow) event(what string, e stacks.Event) {
	w.begin(what)
	w.lock.Lock()
	w.at[what] = e.LogicalID
	w.lock.Unlock()
	if w.session.interactive && !e.Failed() {
		return
	}
	text := fmt.Sprintf("%s: %s %s %s", what, e.Status, e.Type, e.LogicalID)
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	w.session.say("%s", text)
}

// interrupted is what came of work that goes on without whoever began it.
const interrupted = "interrupted"

// end tells what came of work on something. What is interrupted has not ended.
func (w *stackShow) end(what, outcome string) {
	w.lock.Lock()
	if outcome != interrupted {
		w.ended++
	}
	ended := w.ended
	w.running = slices.DeleteFunc(w.running, func(other string) bool { return other == what })
	w.lock.Unlock()
	text := what + ": " + outcome
	if outcome != interrupted {
		text += fmt.Sprintf(", %d of %d", ended, w.all)
	}
	w.session.say("%s", text)
}
