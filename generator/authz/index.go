package authz

import (
	"iter"

	"github.com/foldstack/foldstack/generator/policy"
)

// compiledPolicy finds the statements that are about an action.
type compiledPolicy struct {
	statements  []*compiledStatement
	allow, deny index
}

// index knows statements by the actions that they name, and beside them those that
// name actions by a pattern. Both are in the order of the document.
type index struct {
	byAction map[string][]*compiledStatement
	wild     []*compiledStatement
}

func compilePolicy(p *Policy) *compiledPolicy {
	c := &compiledPolicy{}
	for i := range p.Statements {
		s := compileStatement(&p.Statements[i], p.variables())
		c.statements = append(c.statements, s)
		if s.effect() == policy.Deny {
			c.deny.add(s)
		} else {
			c.allow.add(s)
		}
	}
	return c
}

// read is the policy's compiled form; one that was put together by hand is compiled for
// this question only.
func (p *Policy) read() *compiledPolicy {
	if p.compiled != nil {
		return p.compiled
	}
	return compilePolicy(p)
}

func (x *index) add(s *compiledStatement) {
	if len(s.wild) > 0 || len(s.notActions) > 0 {
		x.wild = append(x.wild, s)
	}
	if len(s.literals) > 0 && x.byAction == nil {
		x.byAction = map[string][]*compiledStatement{}
	}
	for _, action := range s.literals {
		if of := x.byAction[action]; len(of) == 0 || of[len(of)-1] != s {
			x.byAction[action] = append(of, s)
		}
	}
}

// matching are the statements that match, those that name the action first.
func (x *index) matching(c *call) iter.Seq[*compiledStatement] {
	return func(yield func(*compiledStatement) bool) {
		for _, s := range x.byAction[c.action] {
			if s.matchesRest(c) && !yield(s) {
				return
			}
		}
		for _, s := range x.wild {
			if s.matchesWild(c) && s.matchesRest(c) && !yield(s) {
				return
			}
		}
	}
}

func (x *index) first(c *call) *Statement {
	for s := range x.matching(c) {
		return s.Statement
	}
	return nil
}
