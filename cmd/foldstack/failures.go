package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
)

// failures are the errors that were joined to one, none where there is none. Each has a
// line of its own, such as each account that cannot be entered.
func failures(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var list []error
	for _, one := range joined.Unwrap() {
		list = append(list, failures(one)...)
	}
	return list
}

// fail tells why the command could not run: what differs in accounts and regions
// alone as one, each hint once for all that it helps, and the state of things last.
func (s *session) fail(err error) {
	state := ""
	var statements [][]string
	for _, failure := range failures(err) {
		text, hint := failure.Error(), hintOf(failure)
		if l := (left{}); errors.As(failure, &l) {
			text, state = strings.TrimSuffix(text, "; "+l.state), l.state
		}
		statements = append(statements, []string{text, hint})
	}
	list := byHint(merged(statements))
	for i, a := range list {
		text, hint := a.texts[0], a.texts[1]
		last := i == len(list)-1
		if last && state != "" {
			text += "; " + state
		}
		s.error(text)
		if where := a.where(); where != "" {
			fmt.Fprintf(s.stderr, "    %s\n", where)
		}
		if hint != "" && (last || list[i+1].texts[1] != hint) {
			s.hint(hint)
		}
	}
}

// byHint puts failures with the same hint together, in the order of their first.
func byHint(list []alike) []alike {
	first := func(a alike) int {
		return slices.IndexFunc(list, func(b alike) bool { return b.texts[1] == a.texts[1] })
	}
	return slices.SortedStableFunc(slices.Values(list), func(a, b alike) int { return first(a) - first(b) })
}

// hintOf says what to do about an error, where that is known.
func hintOf(err error) string {
	var h hinted
	var file *fs.PathError
	switch {
	case errors.As(err, &h):
		return h.hint
	case cloud.HintOf(err) != "":
		return cloud.HintOf(err)
	case errors.Is(err, fs.ErrPermission) && errors.As(err, &file):
		return "whoever runs foldstack needs the right to read and write there: another user may have made it, such as root in a container"
	}
	return ""
}

// ended is an error that ended work in AWS. Who interrupted it knows that, and is told
// what that leaves behind.
func ended(err error, interrupted string) error {
	if errors.Is(err, context.Canceled) {
		return hinted{errors.New("interrupted"), interrupted}
	}
	return err
}

// leaving is an error with the state in which it leaves things, told once and last.
func leaving(err error, state string) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return ended(err, state)
	}
	all := failures(err)
	last := len(all) - 1
	all[last] = left{all[last], state}
	return errors.Join(all...)
}

// left is an error with the state in which it leaves things.
type left struct {
	error
	state string
}

func (l left) Error() string { return l.error.Error() + "; " + l.state }
func (l left) Unwrap() error { return l.error }

// unbegun is an error that came before anything was done; nothing says what was not.
func unbegun(err error, nothing string) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; " + nothing)
	}
	return leaving(err, nothing)
}

// unanswered is why a question has no answer; nothing says what was not done.
func unanswered(err error, nothing, hint string) error {
	switch {
	case errors.Is(err, context.Canceled):
		return unbegun(err, nothing)
	case errors.Is(err, errNobody):
		return hinted{errors.New(nothing + ": there is nobody to ask"), hint}
	}
	return err
}

// refuse tells what is wrong with the project's files, to programs by a report. Nothing says
// what was not done.
func (s *session) refuse(result *generator.Result, asJSON bool, report any, nothing string) error {
	show := func() error { return s.problems(result.Problems, result.Sources) }
	if asJSON {
		show = func() error { return s.object(report) }
	}
	if err := show(); err != nil {
		return err
	}
	s.say("%s; %s", count(len(result.Problems), "problem"), nothing)
	return told(exitProblems)
}

// listedFailure is an error for programs.
type listedFailure struct {
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

func listedFailures(err error) []listedFailure {
	list := []listedFailure{}
	for _, failure := range failures(err) {
		list = append(list, listedFailure{failure.Error(), hintOf(failure)})
	}
	return list
}

// listedProblems are those of the project's files for programs.
type listedProblems []diag.Problem

// MarshalJSON writes the list as diag does.
func (l listedProblems) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	if err := diag.WriteJSON(&b, l); err != nil {
		return nil, fmt.Errorf("printing the problems: %w", err)
	}
	var doc struct {
		Problems json.RawMessage `json:"problems"`
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		return nil, fmt.Errorf("printing the problems: %w", err)
	}
	return doc.Problems, nil
}
