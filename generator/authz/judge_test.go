package authz_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/authz/judge"
	"github.com/stretchr/testify/require"
)

var judgeIn = flag.String("judge", "", "the folder in which the judge is installed")

func describe(c *authz.Case) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n", c.Request)
	for _, l := range append(append([][]*authz.Policy{}, c.Organization...), c.Boundary, c.Session, c.Identity, c.Resource) {
		for _, p := range l {
			fmt.Fprintf(&b, "  %s %s\n", p.Kind, p.Version)
			for _, s := range p.Statements {
				fmt.Fprintf(&b, "    %s P%v NP%v A%q NA%q R%q NR%q C%q\n", s.Effect, s.Principals, s.NotPrincipals, s.Actions, s.NotActions, s.Resources, s.NotResources, s.Conditions)
			}
		}
	}
	return b.String()
}

func TestProbe(t *testing.T) {
	d := diceOf(1)
	var cases []*authz.Case
	for range 6000 {
		cases = append(cases, d.aCase())
	}
	got, err := judge.Ask("../../.ci/conformance/iam.mjs", *judgeIn, cases)
	require.NoError(t, err)
	count := map[authz.Verdict]int{}
	differ, unexplained := 0, 0
	by := map[string]int{}
	for i, c := range cases {
		v := authz.Evaluate(c).Verdict
		count[v]++
		if v != got[i] {
			differ++
			rs := explained(c, got[i])
			for _, r := range rs {
				by[r.name]++
			}
			if rs == nil {
				unexplained++
				if unexplained < 400 {
					fmt.Fprintf(os.Stderr, "case %d: judge %s, ours %s\n%s\n", i, got[i], v, describe(c))
				}
			}
		}
	}
	t.Log(count, differ, unexplained, by)
}
