package generator

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/symbol"
)

// exception is a part of a policy that may go, or open, without anything being found.
type exception struct {
	document  string // how it ends
	statement string // empty: any
	what      string // a part of it
	why       string
}

// exceptions to the rule that everything carries load.
var exceptions = []exception{}

func TestEveryGrantCarriesLoad(t *testing.T) {
	tried(t, "grants carry load", removals, (*proved).missed)
}

func TestEveryGrantIsNarrow(t *testing.T) {
	tried(t, "openings are found", openings, (*proved).widened)
}

// tried makes all changes of a kind to all policies of all projects. found says what is
// wrong with what is found, or nothing.
func tried(t *testing.T, noun string, changes func(*attempts), found func(p *proved, a *attempt) string) {
	t.Helper()
	for _, project := range provedProjects {
		t.Run(project.name, func(t *testing.T) {
			t.Parallel()
			p := provedAt(t, project.root)
			all := attemptsOn(p.proof, changes)
			said := make([]string, len(all))
			var group errgroup.Group
			group.SetLimit(runtime.GOMAXPROCS(0))
			for i := range all {
				group.Go(func() error {
					said[i] = found(p, &all[i])
					return nil
				})
			}
			_ = group.Wait() // nothing fails
			carry := 0
			for i := range all {
				if said[i] == "" {
					carry++
				} else if os.Getenv("SHOW") != "" {
					fmt.Println("UNNOTICED", project.name, &all[i], "|", said[i])
				}
			}
			t.Logf("%d of %d %s", carry, len(all), noun)
			assert.Equal(t, carry, len(all))
		})
	}
}

// missed says what is wrong where something was taken out and the right thing is not
// missed.
func (p *proved) missed(a *attempt) string {
	found, taken := a.on(p.proof)
	chains := found.Unmet
	if !a.allows {
		chains = append(chains, found.Breached...)
	}
	names := func(c proof.Chain) bool {
		return slices.ContainsFunc(taken, func(s authz.Statement) bool { return names(&s, &c) })
	}
	switch {
	case slices.ContainsFunc(chains, names) || p.spare(taken):
		return ""
	case len(chains) > 0:
		return "what is missed is something else: " + chains[0].Sentence()
	}
	return "nothing is missed"
}

// widened says what is wrong where something was opened and nobody minds.
func (p *proved) widened(a *attempt) string {
	found, _ := a.on(p.proof)
	if len(found.Surplus)+len(found.Breached) == 0 {
		return "nothing is too much"
	}
	return ""
}

// spare reports whether what was taken out serves only what may come.
func (p *proved) spare(taken []authz.Statement) bool {
	return slices.ContainsFunc(p.demands(), func(d *demand.Demand) bool {
		return d.Spare && slices.ContainsFunc(taken, func(s authz.Statement) bool { return s.Matches(&d.Request) })
	})
}

// names reports whether a chain tells of what a statement is about: its action on its
// resource by its principal.
func names(s *authz.Statement, c *proof.Chain) bool {
	return (len(s.NotActions) > 0 || slices.ContainsFunc(s.Actions, func(a string) bool { return authz.MatchesAction(a, c.Action) })) &&
		(len(s.Resources) == 0 || slices.ContainsFunc(s.Resources, func(r string) bool { return authz.Matches(opened(r), c.Resource) })) &&
		(len(s.Principals) == 0 || slices.ContainsFunc(s.Principals, func(who authz.Principals) bool { return isOf(c.Who, who.Value) }))
}

// opened is a text with an asterisk for each of its symbols.
func opened(text string) string { return symbol.Map(text, func(string) string { return "*" }) }

// isOf reports whether a principal is who calls, or the caller's account.
func isOf(who, principal string) bool {
	if account, ok := strings.CutSuffix(principal, ":root"); ok {
		principal = account[strings.LastIndex(account, ":")+1:]
	}
	return principal == "*" || principal == who || strings.Contains(who, "::"+principal+":")
}
