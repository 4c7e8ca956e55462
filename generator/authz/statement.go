package authz

import (
	"strings"

	"github.com/foldstack/foldstack/generator/policy"
)

// compiledStatement is a statement, read once.
type compiledStatement struct {
	*Statement
	principals, notPrincipals []named
	literals                  []string  // actions without a wildcard, in lower case
	wild                      []pattern // the other actions
	notActions                []pattern
	resources, notResources   []pattern
	conditions                []condition
	broken                    bool // a condition that nobody can decide
}

func compileStatement(s *Statement, variables bool) *compiledStatement {
	c := &compiledStatement{Statement: s, principals: readAllNamed(s.Principals), notPrincipals: readAllNamed(s.NotPrincipals)}
	for _, action := range s.Actions {
		p := parsePattern(strings.ToLower(action), wildcards)
		if text, ok := p.plain(); ok {
			c.literals = append(c.literals, text)
		} else {
			c.wild = append(c.wild, p)
		}
	}
	for _, action := range s.NotActions {
		c.notActions = append(c.notActions, parsePattern(strings.ToLower(action), wildcards))
	}
	c.resources, c.notResources = readResources(s.Resources, variables), readResources(s.NotResources, variables)
	for i := range s.Conditions {
		condition, err := readCondition(&s.Conditions[i], variables)
		c.broken = c.broken || err != nil
		c.conditions = append(c.conditions, condition)
	}
	return c
}

func readAllNamed(principals []Principals) []named {
	var all []named
	for _, p := range principals {
		all = append(all, readNamed(p))
	}
	return all
}

func readResources(texts []string, variables bool) []pattern {
	meaning := inResource
	if variables {
		meaning |= references
	}
	var all []pattern
	for _, text := range texts {
		all = append(all, parsePattern(text, meaning))
	}
	return all
}

// Matches reports whether a statement is about a request. The policy of a resource may
// leave Resource out: then it is about that resource.
func (s *Statement) Matches(r *Request) bool {
	return s.compiled().matches(newCall(r))
}

func (s *Statement) compiled() *compiledStatement {
	if p := s.Policy; p != nil && p.compiled != nil && s.Index < len(p.Statements) && s == &p.Statements[s.Index] {
		return p.compiled.statements[s.Index]
	}
	return compileStatement(s, s.Policy.variables())
}

func (s *compiledStatement) matches(c *call) bool {
	return s.matchesAction(c) && s.matchesRest(c)
}

// matchesRest is all but the action, which the index of a policy has looked up.
func (s *compiledStatement) matchesRest(c *call) bool {
	return s.matchesResource(c) && s.names(c) != unnamed && s.matchesConditions(c)
}

func (s *compiledStatement) matchesAction(c *call) bool {
	for _, action := range s.literals {
		if action == c.action {
			return true
		}
	}
	return s.matchesWild(c)
}

func (s *compiledStatement) matchesWild(c *call) bool {
	if len(s.notActions) > 0 {
		return !anyMatches(s.notActions, c.action)
	}
	return anyMatches(s.wild, c.action)
}

func anyMatches(patterns []pattern, text string) bool {
	for i := range patterns {
		if patterns[i].matches(text) {
			return true
		}
	}
	return false
}

// matchesResource: a pattern with a variable that has no value stands for no resource,
// in NotResource too.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
func (s *compiledStatement) matchesResource(c *call) bool {
	if len(s.notResources) > 0 {
		return !anyBoundMatches(s.notResources, c)
	}
	return len(s.resources) == 0 || anyBoundMatches(s.resources, c)
}

func anyBoundMatches(patterns []pattern, c *call) bool {
	for i := range patterns {
		if patterns[i].boundMatches(c) {
			return true
		}
	}
	return false
}

func (p *pattern) boundMatches(c *call) bool {
	if !p.unbound {
		return p.matches(c.Resource)
	}
	bound, ok := p.bind(c)
	return ok && bound.matches(c.Resource)
}

// names is how closely the statement names the caller. Identity policies name nobody:
// they are about whoever they are attached to. AWS does not say how close everybody but
// some is; here it is not as close as everybody.
func (s *compiledStatement) names(c *call) naming {
	switch {
	case len(s.principals) > 0:
		return closest(s.principals, &c.caller)
	case len(s.notPrincipals) == 0:
		return directly
	case excepted(s.notPrincipals, c, s.effect()):
		return unnamed
	default:
		return byName
	}
}

func (s *compiledStatement) effect() policy.Effect {
	if s.Effect == policy.Deny {
		return policy.Deny
	}
	return policy.Allow
}

func (s *compiledStatement) matchesConditions(c *call) bool {
	if s.broken {
		return false
	}
	for i := range s.conditions {
		if s.conditions[i].holds(c) != met {
			return false
		}
	}
	return true
}
