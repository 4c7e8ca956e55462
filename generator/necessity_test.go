package generator

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/symbol"
)

// exception is a part of a policy that may go, or be opened, without anything being
// found.
type exception struct {
	project   string // empty: any
	document  string // how its name ends
	statement string // empty: any
	what      string // a part of what is changed
	why       string
}

// unused is what carries no load.
var unused = []exception{
	{"", "Boundary.PolicyDocument", "1", ":", "a boundary gives nothing: what it allows is how far functions may be permitted, and most functions are not"},
}

// narrowTwice is what is narrow twice.
var narrowTwice = []exception{
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
	{"", "ScheduleRole.AssumeRolePolicyDocument", "1", "aws:SourceAccount", "the group's ARN has the account, and AWS asks for both"},
	{"tooling-is-a-target", "CloudFormationPermissions1.PolicyDocument", "", "kms:ViaService", "the key is of the same account here; the template is that of targets in others"},
	{"tooling-is-a-target", "DeployRole.Policies.1.PolicyDocument", "", "kms:ViaService", "the key is of the same account here; the template is that of targets in others"},
}

func (e *exception) excuses(project string, a *attempt) bool {
	return (e.project == "" || e.project == project) && strings.HasSuffix(a.document.String(), e.document) &&
		(e.statement == "" || e.statement == a.statement) && strings.Contains(a.what, e.what)
}

func TestEveryGrantCarriesLoad(t *testing.T) {
	tryAll(t, "grants carry load", removals, (*proved).missed, unused)
}

func TestEveryGrantIsNarrow(t *testing.T) {
	tryAll(t, "ways to open a grant are found", openings, (*proved).widened, narrowTwice)
}

// tryAll makes all changes of a kind to all policies of all projects. wrong says what is
// wrong with what is found then, or nothing.
func tryAll(t *testing.T, noun string, changes func(*attempts), wrong func(p *proved, a *attempt) string, exceptions []exception) {
	t.Helper()
	occurred := make([]atomic.Bool, len(exceptions))
	var whole atomic.Int32 // projects that were gone through
	t.Run("projects", func(t *testing.T) {
		for _, project := range provedProjects {
			t.Run(project.name, func(t *testing.T) {
				t.Parallel()
				p := provedAt(t, project.root)
				require.Empty(t, append(sentences(p.proof.Unmet), sentences(p.proof.Breached)...))
				require.Empty(t, p.proof.Surplus)
				all := attemptsOn(p.proof, changes)
				count := tally{of: len(all)}
				for i, text := range eachOf(all, func(a *attempt) string { return wrong(p, a) }) {
					n := slices.IndexFunc(exceptions, func(e exception) bool { return e.excuses(project.name, &all[i]) })
					if text != "" && text != onlySpare && n >= 0 {
						occurred[n].Store(true)
						count.excused++
					} else {
						count.add(t, &all[i], text)
					}
				}
				whole.Add(1)
				t.Log(count.told(noun))
			})
		}
	})
	for n := range exceptions {
		assert.True(t, occurred[n].Load() || int(whole.Load()) < len(provedProjects), "%v occurs no more", exceptions[n])
	}
}

// tally counts attempts by what came of them.
type tally struct{ of, found, spare, excused int }

func (c *tally) add(t *testing.T, a *attempt, text string) {
	t.Helper()
	switch text {
	case "":
		c.found++
	case onlySpare:
		c.spare++
	default:
		t.Errorf("%s: %s", a, text)
	}
}

func (c *tally) told(noun string) string {
	return fmt.Sprintf("%d of %d %s; %d more serve only what may come, %d have another reason", c.found, c.of-c.spare-c.excused, noun, c.spare, c.excused)
}

// onlySpare is said of what only spare demands need.
const onlySpare = "it serves what may come"

// eachOf is what is said of each attempt, as many made at once as there are processors.
func eachOf(all []attempt, say func(a *attempt) string) []string {
	said := make([]string, len(all))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range all {
		group.Go(func() error {
			said[i] = say(&all[i])
			return nil
		})
	}
	_ = group.Wait() // nothing fails
	return said
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
	case slices.ContainsFunc(chains, names):
		return ""
	case p.spare(taken):
		return onlySpare
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
// resource by its principal, who is the role that a condition names.
func names(s *authz.Statement, c *proof.Chain) bool {
	return (len(s.NotActions) > 0 || slices.ContainsFunc(s.Actions, func(a string) bool { return authz.MatchesAction(a, c.Action) })) &&
		(len(s.Resources) == 0 || slices.ContainsFunc(s.Resources, func(r string) bool { return authz.Matches(opened(r), c.Resource) })) &&
		(len(s.Principals) == 0 || slices.ContainsFunc(s.Principals, func(who authz.Principals) bool { return isOf(c.Who, who.Value) })) &&
		!slices.ContainsFunc(s.Conditions, func(condition authz.Condition) bool {
			return strings.EqualFold(condition.Key, "aws:PrincipalArn") &&
				!slices.ContainsFunc(condition.Values, func(arn string) bool { return authz.Matches(opened(arn), c.Who) })
		})
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
