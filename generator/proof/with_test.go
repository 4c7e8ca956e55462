package proof_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/proof"
)

// without takes something out of one statement; a statement with nothing left goes whole.
func without(statement int, change func(s *authz.Statement)) func([]authz.Statement) []authz.Statement {
	return func(list []authz.Statement) []authz.Statement {
		change(&list[statement])
		if s := list[statement]; len(s.Actions)+len(s.NotActions) == 0 || s.Policy.Kind.OfResource() && len(s.Principals)+len(s.NotPrincipals) == 0 {
			return slices.Delete(list, statement, statement+1)
		}
		return list
	}
}

// Of a set that grants just what is needed nothing can be taken away without a demand
// that is then not met, and nothing can be widened unnoticed.
func TestNothingCanBeTakenAwayOrWidenedUnnoticed(t *testing.T) {
	p := proof.Prove(delivery{accounts: []string{first, second}, regions: []string{frank, virgin}, functions: 3}.set(t))
	require.Equal(t, "", told(p)+surplus(p))
	tried := 0
	for _, d := range p.Documents() {
		for n, s := range d.Statements() {
			missing := func(what string, change func(s *authz.Statement)) {
				tried++
				found := p.With(d, without(n, change))
				assert.NotEmpty(t, append(found.Unmet, found.Breached...), "%s: statement %d without %s", d, n+1, what)
			}
			missing("all", func(s *authz.Statement) { s.Actions = nil })
			for i := range s.Actions {
				missing(s.Actions[i], func(s *authz.Statement) { s.Actions = slices.Delete(s.Actions, i, i+1) })
			}
			for i := range s.Principals {
				missing(s.Principals[i].Value, func(s *authz.Statement) { s.Principals = slices.Delete(s.Principals, i, i+1) })
			}
			for i, c := range s.Conditions {
				for v := range c.Values {
					missing(c.Values[v], func(s *authz.Statement) { s.Conditions[i].Values = slices.Delete(s.Conditions[i].Values, v, v+1) })
				}
			}
			wider := func(what string, change func(s *authz.Statement)) {
				tried++
				assert.NotEmpty(t, p.With(d, without(n, change)).Surplus, "%s: statement %d with %s", d, n+1, what)
			}
			for i := range s.Resources {
				wider("a wider resource", func(s *authz.Statement) { s.Resources[i] = "*" })
			}
			wider("another action", func(s *authz.Statement) { s.Actions = append(s.Actions, "sts:GetSessionToken") })
			for i := range s.Principals {
				wider("another principal", func(s *authz.Statement) { s.Principals[i] = authz.Principals{Type: "AWS", Value: "999999999999"} })
				wider("everybody", func(s *authz.Statement) { s.Principals[i] = authz.Principals{Type: "*", Value: "*"} })
			}
			for i := range s.Conditions {
				wider("one condition less", func(s *authz.Statement) { s.Conditions = slices.Delete(s.Conditions, i, i+1) })
				wider("a wider condition", func(s *authz.Statement) { s.Conditions[i].Values[0] = "*" })
			}
		}
	}
	assert.Greater(t, tried, 40)
	assert.Equal(t, "", told(p)+surplus(p), "trying changes nothing")
}

func TestAChangeNamesTheDemandThatItBreaks(t *testing.T) {
	p := proof.Prove(delivery{accounts: []string{first, second}, regions: []string{frank, virgin}, functions: 3}.set(t))
	i := slices.IndexFunc(p.Documents(), func(d *proof.Document) bool { return d.Resource == "Policy" })
	d := p.Documents()[i]
	assert.Equal(t, "assets.yaml: Policy.PolicyDocument", d.String())
	found := p.With(d, func(list []authz.Statement) []authz.Statement {
		list[0].Principals = list[0].Principals[:1]
		return list
	})
	require.Len(t, found.Unmet, 1)
	assert.Equal(t, "arn:aws:iam::333333333333:role/deploy may not s3:GetObject on arn:aws:s3:::assets-eu-central-1/functions/<digest>.zip", found.Unmet[0].Sentence())
	assert.Equal(t, "[{333333333333 eu-central-1} {333333333333 us-east-1}]", fmt.Sprint(found.Unmet[0].Targets))
}

func TestManyChangesCanBeTriedAtOnce(t *testing.T) {
	p := proof.Prove(delivery{accounts: []string{first, second}, regions: []string{frank}, functions: 2}.set(t))
	var wait sync.WaitGroup
	for _, d := range p.Documents() {
		wait.Go(func() {
			found := p.With(d, func([]authz.Statement) []authz.Statement { return nil })
			assert.NotEmpty(t, found.Unmet, d)
		})
	}
	wait.Wait()
}
