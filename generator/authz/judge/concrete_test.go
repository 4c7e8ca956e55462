package judge

import (
	"testing"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
)

func TestASymbolIsTheSameTextEverywhereAndNoOtherIsLikeIt(t *testing.T) {
	account, region, id := symbol.New("account"), symbol.New("region"), symbol.New("shop/Table.Id")
	assert.Equal(t, "plain", Literal("plain"))
	assert.Regexp(t, `^arn:aws:dynamodb:mx-central-1:9\d{11}:table/shopTableId[0-9a-f]{8}$`, Literal("arn:aws:dynamodb:"+region+":"+account+":table/"+id))
	assert.Equal(t, Literal(id)+Literal(id), Literal(id+id))
	assert.NotEqual(t, Literal(id), Literal(symbol.New("shop/Table/Id")), "what is left of both names is the same")
	assert.NotEqual(t, Literal(account), Literal(symbol.New("another account")))
}

func TestNoSymbolIsLeftOfACase(t *testing.T) {
	id, account := symbol.New("id"), symbol.New("account")
	own := authz.New(authz.Resource, "", "2012-10-17", []authz.Statement{{
		Effect: "Allow", Principals: []authz.Principals{{Type: "AWS", Value: account}}, NotPrincipals: []authz.Principals{{Type: "AWS", Value: account}},
		Actions: []string{"s3:GetObject"}, Resources: []string{id}, NotResources: []string{id},
		Conditions: []authz.Condition{{Operator: "StringEquals", Key: "aws:PrincipalAccount", Values: []string{account}}},
	}}, nil)
	one := []*authz.Policy{own}
	c := &authz.Case{
		Request: authz.Request{
			Principal: authz.Principal{ARN: "arn:aws:iam::" + account + ":role/" + id, Session: id, Account: account},
			Action:    "s3:GetObject", Resource: id, Owner: account, Context: authz.Context{"aws:sourcearn": {id}},
		},
		Identity: one, Boundary: one, Session: one, Resource: one, Organization: [][]*authz.Policy{one},
	}
	var literals Literals
	made := literals.Case(c)
	number, name := Literal(account), Literal(id)
	assert.Equal(t, authz.Request{
		Principal: authz.Principal{ARN: "arn:aws:iam::" + number + ":role/" + name, Session: name, Account: number},
		Action:    "s3:GetObject", Resource: name, Owner: number, Context: authz.Context{"aws:sourcearn": {name}},
	}, made.Request)
	s := made.Resource[0].Statements[0]
	assert.Equal(t, []authz.Principals{{Type: "AWS", Value: number}}, s.Principals)
	assert.Equal(t, []authz.Principals{{Type: "AWS", Value: number}}, s.NotPrincipals)
	assert.Equal(t, []string{name}, s.Resources)
	assert.Equal(t, []string{name}, s.NotResources)
	assert.Equal(t, []string{number}, s.Conditions[0].Values)
	for _, policies := range [][]*authz.Policy{made.Identity, made.Boundary, made.Session, made.Organization[0]} {
		assert.Same(t, made.Resource[0], policies[0], "a policy is read once")
	}
	assert.Equal(t, account, own.Statements[0].Conditions[0].Values[0], "and stays what it is")
}
