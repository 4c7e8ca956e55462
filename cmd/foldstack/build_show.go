package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// buildShow shows how a build goes on: a person who watches sees one line that changes,
// a log gets a line for each function that is done.
type buildShow struct {
	session *session
	total   int
	mutex   sync.Mutex
	running []string // names, in the order in which they began
	ended   int
	begin   time.Time
	stop    chan struct{}
	stopped chan struct{}
}

func (s *session) showBuild(total int) *buildShow {
	b := &buildShow{session: s, total: total, begin: time.Now(), stop: make(chan struct{}), stopped: make(chan struct{})}
	if b.live() {
		go b.tick()
	} else {
		close(b.stopped)
	}
	return b
}

func (b *buildShow) live() bool { return b.session.interactive && !b.session.quiet && b.total > 0 }

// tick draws the line again while nothing ends, so that its clock runs.
func (b *buildShow) tick() {
	defer close(b.stopped)
	for tick := time.NewTicker(patience); ; {
		select {
		case <-tick.C:
			b.mutex.Lock()
			b.draw()
			b.mutex.Unlock()
		case <-b.stop:
			tick.Stop()
			fmt.Fprint(b.session.stderr, "\r\x1b[K")
			return
		}
	}
}

func (b *buildShow) started(fn *model.Function) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.running = append(b.running, fn.Name)
	if b.live() {
		b.draw()
	}
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
	if b.live() {
		b.draw()
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

// line says how far the build is and what it is at.
func (b *buildShow) line() string {
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

func (b *buildShow) draw() {
	fmt.Fprintf(b.session.stderr, "\r\x1b[Kfoldstack: %s … %s", diag.Visible(b.line()), time.Since(b.begin).Round(patience))
}

func (b *buildShow) end() {
	close(b.stop)
	<-b.stopped
}
