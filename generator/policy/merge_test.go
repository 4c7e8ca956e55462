package policy_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/policy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func cut(s, sep string) (string, string, bool) { return strings.Cut(s, sep) }

func allow(actions, resources string) policy.Statement {
	return policy.Statement{Effect: policy.Allow, Actions: strings.Fields(actions), Resources: strings.Fields(resources)}
}

func TestStatementsThatDifferInOneListAreFolded(t *testing.T) {
	for name, c := range map[string]struct{ in, want []policy.Statement }{
		"actions":         {[]policy.Statement{allow("b", "r"), allow("a", "r")}, []policy.Statement{allow("a b", "r")}},
		"resources":       {[]policy.Statement{allow("a", "s"), allow("a", "r")}, []policy.Statement{allow("a", "r s")}},
		"both, in turn":   {[]policy.Statement{allow("a", "r"), allow("b", "r"), allow("a b", "s")}, []policy.Statement{allow("a b", "r s")}},
		"neither":         {[]policy.Statement{allow("b", "r"), allow("a", "s")}, []policy.Statement{allow("a", "s"), allow("b", "r")}},
		"repetition":      {[]policy.Statement{allow("a a", "r"), allow("a", "r r")}, []policy.Statement{allow("a", "r")}},
		"order of a list": {[]policy.Statement{allow("a", "r s"), allow("b", "s r")}, []policy.Statement{allow("a b", "r s")}},
		"nothing":         {nil, []policy.Statement{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := policy.Merge(c.in)
			for i := range got {
				assert.Empty(t, got[i].Conditions)
				got[i].Conditions = nil
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestStatementsThatDifferInMoreAreKept(t *testing.T) {
	base := allow("a", "r")
	vary := map[string]func(s *policy.Statement){
		"Sid":          func(s *policy.Statement) { s.Sid = "Other" },
		"Effect":       func(s *policy.Statement) { s.Effect = policy.Deny },
		"Principal":    func(s *policy.Statement) { s.Principal.AWS = []string{"x"} },
		"Service":      func(s *policy.Statement) { s.Principal.Services = []string{"x"} },
		"NotPrincipal": func(s *policy.Statement) { s.NotPrincipal.AWS = []string{"x"} },
		"Condition": func(s *policy.Statement) {
			s.Conditions = []policy.Condition{{Operator: "Bool", Key: "k", Values: []string{"v"}}}
		},
		"NotAction":   func(s *policy.Statement) { s.Actions, s.NotActions = nil, []string{"a"} },
		"NotResource": func(s *policy.Statement) { s.Resources, s.NotResources = nil, []string{"r"} },
	}
	for name, change := range vary {
		t.Run(name, func(t *testing.T) {
			other := allow("b", "r")
			change(&other)
			assert.Len(t, policy.Merge([]policy.Statement{base, other}), 2)
		})
	}
	exclude := func(action string) policy.Statement {
		return policy.Statement{NotActions: []string{action}, Resources: []string{"r"}}
	}
	assert.Len(t, policy.Merge([]policy.Statement{exclude("a"), exclude("b")}), 2, "NotAction [a, b] would allow less")
}

func TestMergeLeavesItsArgumentsAlone(t *testing.T) {
	in := []policy.Statement{allow("b a", "s r"), allow("c", "s r")}
	policy.Merge(in)
	assert.Equal(t, []policy.Statement{allow("b a", "s r"), allow("c", "s r")}, in)
}

// triples is the set of what the statements speak of: who, effect, action,
// resource and condition.
func triples(statements []policy.Statement) []string {
	set := map[string]bool{}
	for _, s := range statements {
		if s.Effect == "" {
			s.Effect = policy.Allow
		}
		conditions := make([]string, len(s.Conditions))
		for i, c := range s.Conditions {
			values := slices.Clone(c.Values)
			slices.Sort(values)
			conditions[i] = fmt.Sprint(c.Operator, c.Key, slices.Compact(values))
		}
		slices.Sort(conditions)
		for _, a := range s.Actions {
			for _, r := range s.Resources {
				set[fmt.Sprint(s.Sid, s.Effect, s.Principal, a, r, slices.Compact(conditions))] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func randomStatements(random *rand.Rand, n int) []policy.Statement {
	pick := func(prefix string) []string {
		list := make([]string, 1+random.IntN(4))
		for i := range list {
			list[i] = fmt.Sprint(prefix, random.IntN(6))
		}
		return list
	}
	statements := make([]policy.Statement, n)
	for i := range statements {
		s := policy.Statement{Actions: pick("svc:Action"), Resources: pick("arn:resource/")}
		if random.IntN(4) == 0 {
			s.Effect = policy.Deny
		}
		for j := range random.IntN(3) {
			s.Conditions = append(s.Conditions, policy.Condition{Operator: "StringEquals", Key: fmt.Sprint("k", j), Values: pick("v")})
		}
		statements[i] = s
	}
	return statements
}

func TestMergeKeepsWhatIsAllowedAndDenied(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		in := randomStatements(random, 1+random.IntN(12))
		out := policy.Merge(in)
		require.Equal(t, triples(in), triples(out))
		require.LessOrEqual(t, len(out), len(in))
		require.Equal(t, out, policy.Merge(out), "merging again changes nothing")
	}
}

func TestMergeDoesNotDependOnTheOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		in := randomStatements(random, 1+random.IntN(8))
		want := policy.Merge(in)
		random.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		require.Equal(t, want, policy.Merge(in))
	}
}
