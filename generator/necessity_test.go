package generator

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/symbol"
)

func TestEveryGrantCarriesLoad(t *testing.T) {
	for _, project := range provedProjects {
		t.Run(project.name, func(t *testing.T) {
			t.Parallel()
			p := provedAt(t, project.root)
			var all []attempt
			for _, d := range p.proof.Documents() {
				all = append(all, removals(p.proof, d)...)
			}
			unnoticed := each(all, func(a *attempt) string { return p.missed(a) })
			for i, text := range unnoticed {
				if text != "" {
					fmt.Println("UNNOTICED", project.name, all[i].what, text)
				}
			}
			bad := slices.DeleteFunc(slices.Clone(unnoticed), func(s string) bool { return s == "" })
			fmt.Printf("%s: %d of %d grants carry load\n", project.name, len(all)-len(bad), len(all))
			assert.Empty(t, bad)
		})
	}
}

func TestEveryGrantIsNarrow(t *testing.T) {
	for _, project := range provedProjects {
		t.Run(project.name, func(t *testing.T) {
			t.Parallel()
			p := provedAt(t, project.root)
			var all []attempt
			for _, d := range p.proof.Documents() {
				all = append(all, openings(p.proof, d)...)
			}
			unnoticed := each(all, func(a *attempt) string { return p.passed(a) })
			for i, text := range unnoticed {
				if text != "" {
					fmt.Println("UNNOTICED", project.name, all[i].what, text)
				}
			}
			bad := slices.DeleteFunc(slices.Clone(unnoticed), func(s string) bool { return s == "" })
			fmt.Printf("%s: %d of %d openings are noticed\n", project.name, len(all)-len(bad), len(all))
			assert.Empty(t, bad)
		})
	}
}

// each makes all attempts, as many at once as there are processors.
func each(all []attempt, try func(a *attempt) string) []string {
	said := make([]string, len(all))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range all {
		group.Go(func() error {
			said[i] = try(&all[i])
			return nil
		})
	}
	_ = group.Wait()
	return said
}

func (p *proved) missed(a *attempt) string {
	found, parts := a.tried(p.proof)
	chains := found.Unmet
	if !a.allows {
		chains = append(chains, found.Breached...)
	}
	switch {
	case slices.ContainsFunc(chains, func(c proof.Chain) bool { return slices.ContainsFunc(parts, func(s authz.Statement) bool { return about(&s, &c) }) }):
		return ""
	case p.spare(parts):
		return ""
	case len(chains) > 0:
		return "only " + chains[0].Sentence()
	}
	return "nothing is missing"
}

func (p *proved) passed(a *attempt) string {
	found, _ := a.tried(p.proof)
	if len(found.Surplus) > 0 || len(found.Breached) > 0 {
		return ""
	}
	if !a.allows && len(found.Unmet) > 0 {
		return ""
	}
	return "nothing is too much"
}

// spare reports whether what was taken out serves what may come, and nothing that is there.
func (p *proved) spare(parts []authz.Statement) bool {
	for d := range p.demands() {
		if d.Spare && slices.ContainsFunc(parts, func(s authz.Statement) bool { return s.Matches(&d.Request) }) {
			return true
		}
	}
	return false
}

// about reports whether a chain tells of what a statement is about.
func about(s *authz.Statement, c *proof.Chain) bool {
	return (len(s.NotActions) > 0 || slices.ContainsFunc(s.Actions, func(a string) bool { return authz.MatchesAction(a, c.Action) })) &&
		(len(s.Resources) == 0 || slices.ContainsFunc(s.Resources, func(r string) bool { return authz.Matches(anything(r), c.Resource) })) &&
		(len(s.Principals) == 0 || slices.ContainsFunc(s.Principals, func(who authz.Principals) bool { return isWho(who.Value, c.Who) }))
}

// anything is a text with an asterisk for its symbols.
func anything(text string) string {
	return symbol.Map(text, func(string) string { return "*" })
}

func isWho(principal, who string) bool {
	account, ok := strings.CutSuffix(principal, ":root")
	if ok {
		account = account[strings.LastIndex(account, ":")+1:]
	}
	return principal == "*" || principal == who || strings.Contains(who, "::"+account+":")
}
