package judge

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Literals puts a text in the place of every symbol: the same for the same symbol, one of
// its own for each.
type Literals struct {
	policies map[*authz.Policy]*authz.Policy
}

// Case is a case without symbols.
func (l *Literals) Case(c *authz.Case) *authz.Case {
	made := &authz.Case{Request: literalRequest(c.Request)}
	made.Boundary, made.Session = l.all(c.Boundary), l.all(c.Session)
	made.Identity, made.Resource = l.all(c.Identity), l.all(c.Resource)
	for _, level := range c.Organization {
		made.Organization = append(made.Organization, l.all(level))
	}
	return made
}

// Literal is a text without symbols. What is called a region is one, in which no test has
// anything, and what is called an account has a number.
func Literal(text string) string { return symbol.Map(text, literalOf) }

func literalOf(name string) string {
	sum := sha256.Sum256([]byte(name))
	switch {
	case name == "region":
		return "mx-central-1"
	case strings.HasSuffix(name, "account"):
		number := new(big.Int).SetBytes(sum[:])
		return fmt.Sprintf("9%011d", number.Mod(number, big.NewInt(100_000_000_000)))
	}
	return strings.Map(alphanumeric, name) + hex.EncodeToString(sum[:4])
}

func alphanumeric(r rune) rune {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return r
	}
	return -1
}

func literalRequest(r authz.Request) authz.Request {
	r.Resource, r.Owner = Literal(r.Resource), Literal(r.Owner)
	r.Principal.ARN, r.Principal.Session = Literal(r.Principal.ARN), Literal(r.Principal.Session)
	r.Principal.Account = Literal(r.Principal.Account)
	context := authz.Context{}
	for key, values := range r.Context {
		context[key] = literalTexts(values)
	}
	r.Context = context
	return r
}

func literalTexts(texts []string) []string {
	made := slices.Clone(texts)
	for i, text := range made {
		made[i] = Literal(text)
	}
	return made
}

func (l *Literals) all(policies []*authz.Policy) []*authz.Policy {
	var all []*authz.Policy
	for _, p := range policies {
		all = append(all, l.policy(p))
	}
	return all
}

func (l *Literals) policy(p *authz.Policy) *authz.Policy {
	if made := l.policies[p]; made != nil {
		return made
	}
	if l.policies == nil {
		l.policies = map[*authz.Policy]*authz.Policy{}
	}
	statements := slices.Clone(p.Statements)
	for i := range statements {
		literalStatement(&statements[i])
	}
	l.policies[p] = authz.New(p.Kind, p.Name, p.Version, statements, p.Source)
	return l.policies[p]
}

func literalStatement(s *authz.Statement) {
	s.Resources, s.NotResources = literalTexts(s.Resources), literalTexts(s.NotResources)
	s.Principals, s.NotPrincipals = literalPrincipals(s.Principals), literalPrincipals(s.NotPrincipals)
	s.Conditions = slices.Clone(s.Conditions)
	for i := range s.Conditions {
		s.Conditions[i].Values = literalTexts(s.Conditions[i].Values)
	}
}

func literalPrincipals(principals []authz.Principals) []authz.Principals {
	made := slices.Clone(principals)
	for i := range made {
		made[i].Value = Literal(made[i].Value)
	}
	return made
}
