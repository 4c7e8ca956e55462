package authz_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/authz/judge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	judgeIn = flag.String("judge", "", "ask the judge that is installed in this folder, and hold what it says against what was recorded")
	record  = flag.Bool("record", false, "with -judge: record what it says")
)

const (
	judgeScript = "../../.ci/conformance/iam.mjs"
	recorded    = "testdata/judged.txt"
	judgedCases = 12_000
)

// What the judge said of the random cases stands in testdata, so that every run is held
// against it; with -judge it is asked again.
func TestTheJudgeAgrees(t *testing.T) {
	cases := randomCases(judgedCases)
	verdicts := readVerdicts(t)
	if *judgeIn != "" {
		said := ask(t, cases)
		if *record {
			writeVerdicts(t, said)
			verdicts = said
		}
		require.Equal(t, verdicts, said, "the judge says otherwise than was recorded; -record records it")
	}
	require.Len(t, verdicts, len(cases), "run with -judge and -record")

	agreed, by := 0, map[string]int{}
	for i, c := range cases {
		ours := authz.Evaluate(c).Verdict
		if ours == verdicts[i] {
			agreed++
			continue
		}
		found := explained(c, verdicts[i])
		for _, r := range found {
			by[r.name]++
		}
		assert.NotEmpty(t, found, "case %d is %s to the judge, which no reading explains: %s\n%s", i, verdicts[i], authz.Explain(c), describe(c))
	}
	t.Logf("%d requests, %d agreed, %d differences explained", len(cases), agreed, len(cases)-agreed)
	for _, r := range readings {
		assert.NotZero(t, by[r.name], "no difference is explained by: %s", r.name)
		t.Logf("%4d  %s\n      %s", by[r.name], r.name, r.page)
	}
}

// ask puts cases to the judge, whose list of actions must have every request of them.
func ask(t *testing.T, cases []*authz.Case) []authz.Verdict {
	t.Helper()
	answers, err := judge.Ask(judgeScript, *judgeIn, cases)
	require.NoError(t, err)
	var said []authz.Verdict
	for i, a := range answers {
		require.Empty(t, a.Unlisted, "%s on %s", cases[i].Action, cases[i].Request.Resource)
		said = append(said, a.Verdict)
	}
	return said
}

func randomCases(n int) []*authz.Case {
	d := diceOf(1)
	cases := make([]*authz.Case, n)
	for i := range cases {
		cases[i] = d.aCase()
	}
	return cases
}

// A judge who hears only one kind of case is none.
func TestTheRandomCasesEndInEveryWay(t *testing.T) {
	const few = judgedCases / 10
	ends := map[string]int{}
	for _, c := range randomCases(judgedCases) {
		decision := authz.Evaluate(c)
		ends[string(decision.Verdict)]++
		for _, m := range decision.By {
			ends[string(decision.Verdict)+" by a "+string(m.Kind)]++
		}
		for _, kind := range decision.Missing {
			ends["missing: "+string(kind)]++
		}
	}
	for _, verdict := range []authz.Verdict{authz.Allowed, authz.ExplicitDeny, authz.ImplicitDeny} {
		assert.Greater(t, ends[string(verdict)], few, verdict)
	}
	for _, kind := range []authz.Kind{authz.Identity, authz.Boundary, authz.Session, authz.Resource, authz.Trust, authz.Organization} {
		assert.Greater(t, ends[string(authz.Allowed)+" by a "+string(kind)], 20, kind)
		assert.Greater(t, ends[string(authz.ExplicitDeny)+" by a "+string(kind)], 20, kind)
		assert.Greater(t, ends["missing: "+string(kind)], 20, kind)
	}
}

// letters stand for verdicts in the file, a hundred in a line.
var letters = map[authz.Verdict]string{authz.Allowed: "a", authz.ExplicitDeny: "d", authz.ImplicitDeny: "."}

func readVerdicts(t *testing.T) []authz.Verdict {
	t.Helper()
	data, err := os.ReadFile(recorded)
	require.NoError(t, err)
	var all []authz.Verdict
	for _, letter := range strings.ReplaceAll(string(data), "\n", "") {
		verdict := authz.ImplicitDeny
		switch letter {
		case 'a':
			verdict = authz.Allowed
		case 'd':
			verdict = authz.ExplicitDeny
		}
		all = append(all, verdict)
	}
	return all
}

func writeVerdicts(t *testing.T, verdicts []authz.Verdict) {
	t.Helper()
	var b strings.Builder
	for i, v := range verdicts {
		b.WriteString(letters[v])
		if i%100 == 99 {
			b.WriteByte('\n')
		}
	}
	require.NoError(t, os.WriteFile(recorded, []byte(b.String()), 0o644))
}

// describe is a case as one reads it when two judges disagree.
func describe(c *authz.Case) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n", c.Request)
	for _, policies := range append(append([][]*authz.Policy{}, c.Organization...), c.Boundary, c.Session, c.Identity, c.Resource) {
		for _, p := range policies {
			fmt.Fprintf(&b, "  %s, version %s\n", p.Kind, p.Version)
			for _, s := range p.Statements {
				fmt.Fprintf(&b, "    %s\n      who %v not %v\n      does %q not %q\n      on %q not %q\n      if %q\n",
					s.Effect, s.Principals, s.NotPrincipals, s.Actions, s.NotActions, s.Resources, s.NotResources, s.Conditions)
			}
		}
	}
	return b.String()
}
