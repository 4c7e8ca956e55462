package authz

import (
	"fmt"
	"strings"

	"github.com/foldstack/foldstack/generator/symbol"
)

// String is the explanation for people.
func (x *Explanation) String() string {
	var b strings.Builder
	r := &x.Case.Request
	may := "may"
	if x.Decision.Verdict != Allowed {
		may = "may not"
	}
	fmt.Fprintf(&b, "%s %s %s on %s: %s\n", symbol.Show(r.Principal.Service+r.Principal.ARN), may, r.Action, symbol.Show(r.Resource), x.Decision.Verdict)
	for i := range x.Asked {
		x.Asked[i].write(&b, x.Decision.Verdict)
	}
	return b.String()
}

func (a *Asked) write(b *strings.Builder, v Verdict) {
	switch {
	case a.By != nil:
		fmt.Fprintf(b, "  %s: %s by %s\n", a.Kind, verb(v == ExplicitDeny, "denied", "allowed"), a.By.Statement)
		if v == ExplicitDeny {
			writeParts(b, a.By.Parts)
		}
	case a.Missing:
		a.writeMissing(b)
	}
}

func (a *Asked) writeMissing(b *strings.Builder) {
	switch len(a.Policies) {
	case 0:
		fmt.Fprintf(b, "  %s: there is none\n", a.Kind)
	case 1:
		fmt.Fprintf(b, "  %s: %s does not allow it\n", a.Kind, a.Policies[0].Name)
	default:
		fmt.Fprintf(b, "  %s: none of %d allows it\n", a.Kind, len(a.Policies))
	}
	if a.Nearest != nil {
		fmt.Fprintf(b, "    nearest is %s:\n", a.Nearest.Statement)
		writeParts(b, a.Nearest.Missed())
	}
	for line := range strings.Lines(a.Add.String()) {
		b.WriteString("    " + line)
	}
}

func writeParts(b *strings.Builder, parts []Part) {
	for _, p := range parts {
		fmt.Fprintf(b, "      %s\n", p.Why)
	}
}

// String is how people find a statement.
func (s *Statement) String() string {
	text := fmt.Sprintf("statement %d", s.Index+1)
	if s.Sid != "" {
		text += " (" + s.Sid + ")"
	}
	if s.Policy != nil && s.Policy.Name != "" {
		text += " of " + s.Policy.Name
	}
	return text
}
