package schema

import (
	"encoding/json"
	"regexp"
	"sync"

	"github.com/dlclark/regexp2"
)

// pattern is a regular expression of a schema, compiled when it is first needed.
//
// Go's own engine takes nine of ten, in time that grows with the text alone. The
// others look ahead or count past 1,000; they need an engine that backtracks,
// which is stopped after patience.
type pattern struct {
	text string

	once   sync.Once
	linear *regexp.Regexp
	other  *regexp2.Regexp
}

// patience is how long one match may take, in nanoseconds. A text that takes longer
// counts as one that matches.
const patience = 100_000_000

func (p *pattern) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &p.text) }

// matches reports whether the pattern is found in s.
func (p *pattern) matches(s string) bool {
	p.once.Do(p.compile)
	switch {
	case p.linear != nil:
		return p.linear.MatchString(s)
	case p.other != nil:
		ok, err := p.other.MatchString(s)
		return ok || err != nil
	}
	return true
}

func (p *pattern) compile() {
	linear, err := regexp.Compile(p.text)
	if err == nil {
		p.linear = linear
		return
	}
	other, err := regexp2.Compile(p.text, regexp2.None)
	if err != nil { // extract made sure that there is none
		return
	}
	other.MatchTimeout = patience
	p.other = other
}
