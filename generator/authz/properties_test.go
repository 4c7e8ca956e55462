package authz_test

import (
	"slices"
	"testing"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
	"github.com/stretchr/testify/assert"
)

const propertyCases = 3000

// changedSomewhere is a case in which one of the policies has its statements changed.
func (d dice) changedSomewhere(c *authz.Case, change func(*authz.Policy) []authz.Statement) *authz.Case {
	var all []*authz.Policy
	remade(c, func(p *authz.Policy) *authz.Policy { all = append(all, p); return p })
	if len(all) == 0 {
		return c
	}
	chosen := oneOf(d, all...)
	return remade(c, func(p *authz.Policy) *authz.Policy {
		if p != chosen {
			return p
		}
		return authz.New(p.Kind, p.Name, p.Version, change(p), p.Source)
	})
}

func (d dice) statementOf(c *authz.Case, kind authz.Kind, effect policy.Effect) authz.Statement {
	scene := scene{action: c.Action, resource: c.Request.Resource, guarded: true}
	s := author{dice: d, scene: scene, who: c.Principal, account: c.Owner, context: c.Context}.statement(kind)
	s.Effect = effect
	return s
}

func TestOneMoreAllowTakesNothingAway(t *testing.T) {
	d := diceOf(2)
	for range propertyCases {
		c := d.aCase()
		more := d.changedSomewhere(c, func(p *authz.Policy) []authz.Statement {
			return append(slices.Clone(p.Statements), d.statementOf(c, p.Kind, policy.Allow))
		})
		before, after := authz.Evaluate(c).Verdict, authz.Evaluate(more).Verdict
		assert.False(t, before == authz.Allowed && after != authz.Allowed, "%s\n%s", describe(c), describe(more))
		assert.Equal(t, before == authz.ExplicitDeny, after == authz.ExplicitDeny, "%s\n%s", describe(c), describe(more))
	}
}

func TestOneMoreDenyAllowsNothing(t *testing.T) {
	d := diceOf(3)
	for range propertyCases {
		c := d.aCase()
		more := d.changedSomewhere(c, func(p *authz.Policy) []authz.Statement {
			return append(slices.Clone(p.Statements), d.statementOf(c, p.Kind, policy.Deny))
		})
		before, after := authz.Evaluate(c).Verdict, authz.Evaluate(more).Verdict
		assert.False(t, before != authz.Allowed && after == authz.Allowed, "%s\n%s", describe(c), describe(more))
	}
}

func TestTheOrderOfStatementsDoesNotMatter(t *testing.T) {
	d := diceOf(4)
	for range propertyCases {
		c := d.aCase()
		shuffled := remade(c, func(p *authz.Policy) *authz.Policy {
			statements := slices.Clone(p.Statements)
			d.Shuffle(len(statements), func(i, j int) { statements[i], statements[j] = statements[j], statements[i] })
			return authz.New(p.Kind, p.Name, p.Version, statements, p.Source)
		})
		assert.Equal(t, authz.Evaluate(c).Verdict, authz.Evaluate(shuffled).Verdict, describe(c))
	}
}

func TestAPolicyPutTogetherByHandDecidesLikeOneThatWasMade(t *testing.T) {
	d := diceOf(5)
	for range propertyCases {
		c := d.aCase()
		byHand := remade(c, func(p *authz.Policy) *authz.Policy {
			return &authz.Policy{Kind: p.Kind, Name: p.Name, Version: p.Version, Statements: p.Statements}
		})
		made, other := authz.Evaluate(c), authz.Evaluate(byHand)
		assert.Equal(t, made.Verdict, other.Verdict, describe(c))
		assert.Equal(t, made.Missing, other.Missing, describe(c))
	}
}

// What a decision rests on matches the request; with that alone the case ends the same.
func TestADecisionRestsOnStatementsThatMatch(t *testing.T) {
	d := diceOf(6)
	for range propertyCases {
		c := d.aCase()
		decision := authz.Evaluate(c)
		for _, m := range decision.By {
			if len(m.Statement.NotPrincipals) == 0 {
				assert.True(t, m.Statement.Matches(&c.Request), describe(c))
			}
		}
		if decision.Verdict != authz.Allowed {
			continue
		}
		only := remade(c, func(p *authz.Policy) *authz.Policy {
			statements := slices.Clone(p.Statements)
			for i := range statements {
				if !slices.ContainsFunc(decision.By, func(m authz.Match) bool { return m.Statement == &p.Statements[i] }) {
					statements[i] = authz.Statement{}
				}
			}
			return authz.New(p.Kind, p.Name, p.Version, statements, p.Source)
		})
		assert.Equal(t, authz.Allowed, authz.Evaluate(only).Verdict, describe(c))
	}
}

func TestAnExplanationFollowsTheDecision(t *testing.T) {
	d := diceOf(7)
	for range propertyCases {
		c := d.aCase()
		x := authz.Explain(c)
		assert.Equal(t, authz.Evaluate(c), x.Decision)
		missing := 0
		for _, a := range x.Asked {
			if !a.Missing {
				continue
			}
			missing++
			assert.Equal(t, authz.ImplicitDeny, x.Decision.Verdict)
			assert.NotNil(t, a.Add)
			if a.Nearest != nil {
				assert.NotEmpty(t, a.Nearest.Missed(), "%s\n%s", x, describe(c))
			}
		}
		assert.Equal(t, x.Decision.Verdict == authz.ImplicitDeny, missing > 0, "%s\n%s", x, describe(c))
	}
}

// Whoever does all that an explanation says is allowed what was refused.
func TestWhatAnExplanationSuggestsIsEnough(t *testing.T) {
	d := diceOf(8)
	for range propertyCases {
		c := d.aCase()
		x := authz.Explain(c)
		if x.Decision.Verdict != authz.ImplicitDeny {
			continue
		}
		mended := *c
		organization := 0
		for _, a := range x.Asked {
			if a.Kind == authz.Organization {
				organization++
			}
			if !a.Missing {
				continue
			}
			policies := mend(a)
			switch a.Kind {
			case authz.Organization:
				mended.Organization = slices.Clone(mended.Organization)
				mended.Organization[organization-1] = policies
			case authz.Boundary:
				mended.Boundary = policies
			case authz.Session:
				mended.Session = policies
			case authz.Identity:
				mended.Identity = policies
			default:
				mended.Resource = policies
			}
		}
		assert.Equal(t, authz.Allowed, authz.Evaluate(&mended).Verdict, "%s\n%s\n%s", x, describe(c), authz.Explain(&mended))
	}
}

func mend(a authz.Asked) []*authz.Policy {
	added := statementOf(a.Add.Statement)
	if a.Add.Policy == nil {
		return []*authz.Policy{authz.New(a.Kind, "", policy.Version, []authz.Statement{added}, nil)}
	}
	policies := slices.Clone(a.Policies)
	for i, p := range policies {
		if p != a.Add.Policy {
			continue
		}
		statements := slices.Clone(p.Statements)
		if a.Add.Extend != nil {
			extended := &statements[a.Add.Extend.Index]
			extended.Actions = append(slices.Clone(extended.Actions), a.Add.Statement.Actions...)
		} else {
			statements = append(statements, added)
		}
		policies[i] = authz.New(p.Kind, p.Name, p.Version, statements, p.Source)
	}
	return policies
}

func statementOf(s policy.Statement) authz.Statement {
	made := authz.Statement{Effect: s.Effect, Actions: s.Actions, Resources: s.Resources}
	for _, arn := range s.Principal.AWS {
		made.Principals = append(made.Principals, authz.Principals{Type: "AWS", Value: arn})
	}
	for _, service := range s.Principal.Services {
		made.Principals = append(made.Principals, authz.Principals{Type: "Service", Value: service})
	}
	for _, c := range s.Conditions {
		made.Conditions = append(made.Conditions, authz.Condition(c))
	}
	return made
}
