package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/foldstack/foldstack/generator/diag"
)

// patience is how long a person waits without wondering, meterTick how often they see how
// far something is, and meterLine how often a log is told.
const (
	patience  = time.Second
	meterTick = 100 * time.Millisecond
	meterLine = 10 * time.Second
)

// progress shows a person that work which takes long still goes on. The function that it
// returns ends that.
func (s *session) progress(what string) (done func()) {
	start := time.Now()
	return s.line(patience, func() string { return what + elapsed(start) })
}

// elapsed is how long something has taken, behind what it is.
func elapsed(start time.Time) string {
	return " … " + time.Since(start).Round(patience).String()
}

// meter shows how far work is: in one line of a terminal that is written anew, and in a
// line now and then elsewhere. The function that it returns ends that.
func (s *session) meter(status func() string) (done func()) {
	if s.interactive || s.quiet {
		return s.line(meterTick, status)
	}
	return every(meterLine, func() { s.say("%s", status()) })
}

// line shows who watches a line that is written anew, below what is said meanwhile.
func (s *session) line(tick time.Duration, text func() string) (done func()) {
	if !s.interactive || s.quiet {
		return func() {}
	}
	end := every(tick, func() { s.draw(text()) })
	return func() {
		end()
		s.lock.Lock()
		defer s.lock.Unlock()
		fmt.Fprint(s.stderr, s.erased())
	}
}

// draw writes the line that changes.
func (s *session) draw(text string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.drawn = true
	fmt.Fprintf(s.stderr, "\rfoldstack: %s\x1b[K", diag.Visible(text))
}

// erased is what takes the line that changes from the terminal, where there is one.
func (s *session) erased() string {
	if !s.drawn {
		return ""
	}
	s.drawn = false
	return "\r\x1b[K"
}

// every does something again and again. The function that it returns ends that.
func every(pause time.Duration, do func()) (done func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				do()
			case <-stop:
				return
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}

const barWidth = 20

// bar is a share of something as a picture.
func bar(part, whole int64) string {
	filled := int64(barWidth)
	if whole > 0 {
		filled = max(0, min(barWidth, part*barWidth/whole))
	}
	return "[" + strings.Repeat("#", int(filled)) + strings.Repeat(".", barWidth-int(filled)) + "]"
}

// size is a number of bytes for people.
func size(n int64) string {
	const thousand = 1000
	switch {
	case n < thousand:
		return fmt.Sprintf("%d B", n)
	case n < thousand*thousand:
		return fmt.Sprintf("%.1f kB", float64(n)/thousand)
	case n < thousand*thousand*thousand:
		return fmt.Sprintf("%.1f MB", float64(n)/(thousand*thousand))
	}
	return fmt.Sprintf("%.1f GB", float64(n)/(thousand*thousand*thousand))
}
