package main

import "errors"

// eachOf are the errors that were joined to one.
func eachOf(err error) []error {
	switch joined, ok := err.(interface{ Unwrap() []error }); {
	case err == nil:
		return nil
	case ok:
		return joined.Unwrap()
	}
	return []error{err}
}

// lastOf tells of every failure but the last, which it returns: each account that cannot
// be entered has a line of its own.
func (s *session) lastOf(err error) error {
	all := eachOf(err)
	last := len(all) - 1
	for _, e := range all[:last] {
		s.fail(explained(e))
	}
	return all[last]
}

// leaving is an error with what it leaves behind.
func leaving(err error, state string) error {
	var h hinted
	if errors.As(explained(err), &h) {
		return hinted{left{err, state}, h.hint}
	}
	return left{err, state}
}

// left is an error that says in which state it leaves things.
type left struct {
	error
	state string
}

func (l left) Error() string { return l.error.Error() + "; " + l.state }
func (l left) Unwrap() error { return l.error }
