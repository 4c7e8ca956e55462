package main

import (
	"fmt"
	"strings"
	"time"
)

// meterTick is how often a person sees how far something is, and meterLine how often
// a log is told.
const (
	meterTick = 100 * time.Millisecond
	meterLine = 10 * time.Second
)

// meter shows how far work is: in one line of a terminal that is written anew, and in
// a line now and then elsewhere. The function that it returns ends that and must be
// called before anything else is printed.
func (s *session) meter(status func() string) (done func()) {
	if s.quiet {
		return func() {}
	}
	every, show, end := meterLine, func() { s.say("%s", status()) }, func() {}
	if s.interactive {
		every = meterTick
		show = func() { fmt.Fprintf(s.stderr, "\rfoldstack: %s\x1b[K", status()) }
		end = func() { fmt.Fprint(s.stderr, "\r\x1b[K") }
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				show()
			case <-stop:
				end()
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
