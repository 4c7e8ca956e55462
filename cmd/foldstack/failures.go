package main

import "errors"

// lastOf tells of every failure but the last, which it returns: each account that cannot
// be entered has a line of its own.
func (s *session) lastOf(err error) error {
	list, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	all := list.Unwrap()
	for _, e := range all[:len(all)-1] {
		s.fail(explained(e))
	}
	return all[len(all)-1]
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
