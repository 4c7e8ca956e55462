package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build"
	"github.com/foldstack/foldstack/generator/model"
)

// buildShow shows how a build goes on: a person who watches sees one line that changes,
// a log gets a line for each function that is done.
type buildShow struct {
	session *session
	total   int
	begin   time.Time

	mutex   sync.Mutex
	running []string // names, in the order in which they began
	ended   int
}

// showBuild begins a show. The function that it returns ends that.
func (s *session) showBuild(total int) (show *buildShow, done func()) {
	show = &buildShow{session: s, total: total, begin: time.Now()}
	return show, s.line(meterTick, func() string { return show.status() + elapsed(show.begin) })
}

func (b *buildShow) started(fn *model.Function) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.running = append(b.running, fn.Name)
}

func (b *buildShow) done(o build.Outcome) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.ended++
	for i, name := range b.running {
		if name == o.Function.Name {
			b.running = append(b.running[:i:i], b.running[i+1:]...)
			break
		}
	}
	if b.session.interactive {
		return
	}
	verb := "built"
	if o.Failure != nil {
		verb = "could not build"
	}
	b.session.say("%s %s, %d of %d", verb, o.Function.Name, b.ended, b.total)
}

// maxShown is how many names the line has room for.
const maxShown = 3

// status says how far the build is and what it is at.
func (b *buildShow) status() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	line := fmt.Sprintf("%d of %d done", b.ended, b.total)
	if len(b.running) == 0 {
		return line
	}
	line += ": " + strings.Join(b.running[:min(len(b.running), maxShown)], ", ")
	if more := len(b.running) - maxShown; more > 0 {
		line += fmt.Sprintf(" and %d more", more)
	}
	return line
}
