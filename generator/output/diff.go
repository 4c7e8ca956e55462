package output

import (
	"bytes"
	"fmt"
	"io"

	"github.com/aymanbagabas/go-udiff"
)

// Diff writes what would change as one unified diff that `git apply` and `patch -p1`
// understand. It writes nothing when nothing would change.
func (p *Plan) Diff(w io.Writer) error {
	for i := range p.changes {
		c := &p.changes[i]
		if c.Kind == Unchanged {
			continue
		}
		if _, err := io.WriteString(w, c.diff()); err != nil {
			return fmt.Errorf("writing the difference: %w", err)
		}
	}
	return nil
}

const nowhere = "/dev/null"

func (c *Change) diff() string {
	before, after := "a/"+c.Path, "b/"+c.Path
	if c.from != "" {
		before = "a/" + c.from
	}
	switch c.Kind {
	case Created:
		before = nowhere
	case Removed:
		after = nowhere
	}
	if bytes.Equal(c.old, c.new) { // an empty file that comes or goes, or another letter case
		return fmt.Sprintf("--- %s\n+++ %s\n", before, after)
	}
	return udiff.Unified(before, after, string(c.old), string(c.new))
}
