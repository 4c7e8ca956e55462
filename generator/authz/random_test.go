package authz_test

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/policy"
)

// dice make cases. The same seed makes the same cases.
type dice struct{ *rand.Rand }

func diceOf(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, seed))} }

func (d dice) often() bool  { return d.IntN(10) < 8 }
func (d dice) rarely() bool { return d.IntN(10) < 2 }

func oneOf[T any](d dice, all ...T) T { return all[d.IntN(len(all))] }

const (
	ours   = "111111111111"
	theirs = "222222222222"
)

// scene is a call that IAM is asked about.
type scene struct {
	action, resource string
	guarded          bool // the resource has a policy
	trust            bool // which is that of a role
}

func (d dice) scene(account string) scene {
	return oneOf(
		d,
		scene{"s3:GetObject", "arn:aws:s3:::shop/orders/carlos/1", true, false},
		scene{"s3:PutObject", "arn:aws:s3:::shop/orders/blue/2", true, false},
		scene{"sqs:SendMessage", "arn:aws:sqs:eu-central-1:" + account + ":jobs", true, false},
		scene{"sns:Publish", "arn:aws:sns:us-east-1:" + account + ":news", true, false},
		scene{"lambda:InvokeFunction", "arn:aws:lambda:eu-central-1:" + account + ":function:resize", true, false},
		scene{"kms:Decrypt", "arn:aws:kms:eu-central-1:" + account + ":key/1234abcd-12ab-34cd-56ef-1234567890ab", true, false},
		scene{"kms:GenerateDataKey", "arn:aws:kms:eu-central-1:" + account + ":key/1234abcd-12ab-34cd-56ef-1234567890ab", true, false},
		scene{"sts:AssumeRole", "arn:aws:iam::" + account + ":role/target", true, true},
		scene{"iam:PassRole", "arn:aws:iam::" + account + ":role/target", false, false},
		scene{"dynamodb:PutItem", "arn:aws:dynamodb:eu-central-1:" + account + ":table/orders", true, false},
	)
}

func (d dice) principal() authz.Principal {
	role := "arn:aws:iam::" + ours + ":role/deploy"
	return oneOf(
		d,
		authz.Principal{ARN: role}, authz.Principal{ARN: role}, authz.Principal{ARN: role, Session: "run"}, authz.Principal{ARN: role, Session: "run"},
		authz.Principal{ARN: "arn:aws:iam::" + ours + ":role/base/app/deploy"}, authz.Principal{ARN: "arn:aws:iam::" + ours + ":user/carlos"},
		authz.Principal{ARN: "arn:aws:iam::" + ours + ":user/carlos"}, authz.Principal{ARN: "arn:aws:iam::" + ours + ":root"},
		authz.Principal{Service: "lambda.amazonaws.com", Account: ours}, authz.Principal{Service: "s3.amazonaws.com"},
	)
}

// author writes the policies of one case.
type author struct {
	dice
	scene   scene
	who     authz.Principal
	account string // of the resource
	context authz.Context
}

func (d dice) aCase() *authz.Case {
	account := oneOf(d, ours, ours, ours, theirs)
	a := author{dice: d, scene: d.scene(account), who: d.principal(), account: account, context: d.context()}
	for !a.scene.guarded && a.who.Service != "" {
		a.who = d.principal()
	}
	c := &authz.Case{Request: authz.Request{Principal: a.who, Action: a.scene.action, Resource: a.scene.resource, Owner: account, Context: a.context}}
	if a.scene.trust || a.scene.guarded && d.IntN(10) < 7 {
		kind := authz.Resource
		if a.scene.trust {
			kind = authz.Trust
		}
		c.Resource = []*authz.Policy{a.policy(kind)}
	}
	if a.who.Service != "" {
		return c
	}
	for range d.IntN(3) {
		c.Identity = append(c.Identity, a.policy(authz.Identity))
	}
	if d.IntN(4) == 0 && !strings.HasSuffix(a.who.ARN, ":root") {
		c.Boundary = []*authz.Policy{a.policy(authz.Boundary)}
	}
	if a.who.Session != "" && d.IntN(3) == 0 {
		c.Session = []*authz.Policy{a.policy(authz.Session)}
	}
	if d.IntN(4) == 0 {
		for range 1 + d.IntN(3) {
			level := []*authz.Policy{}
			for range 1 + d.IntN(2) {
				level = append(level, a.policy(authz.Organization))
			}
			c.Organization = append(c.Organization, level)
		}
	}
	return c
}

func (a author) policy(kind authz.Kind) *authz.Policy {
	version := policy.Version
	if a.IntN(12) == 0 {
		version = "2008-10-17"
	}
	var statements []authz.Statement
	for range 1 + a.IntN(3) {
		statements = append(statements, a.statement(kind))
	}
	return authz.New(kind, string(kind), version, statements, nil)
}

func (a author) statement(kind authz.Kind) authz.Statement {
	s := authz.Statement{Effect: policy.Allow}
	if a.IntN(5) == 0 {
		s.Effect = policy.Deny
	}
	if a.IntN(8) == 0 {
		s.NotActions = a.some(a.otherAction, a.otherAction, a.action)
	} else {
		s.Actions = a.some(a.action, a.action, a.action, a.otherAction)
	}
	switch {
	case kind == authz.Trust:
	case a.IntN(8) == 0:
		s.NotResources = a.some(a.otherResource, a.otherResource, a.resource)
	default:
		s.Resources = a.some(a.resource, a.resource, a.resource, a.otherResource)
	}
	if kind.OfResource() {
		named := a.named()
		if a.IntN(6) == 0 {
			s.NotPrincipals = named
		} else {
			s.Principals = named
		}
	}
	for a.IntN(3) == 0 {
		if c := a.condition(); !slices.ContainsFunc(s.Conditions, func(other authz.Condition) bool {
			return other.Operator == c.Operator && strings.EqualFold(other.Key, c.Key)
		}) {
			s.Conditions = append(s.Conditions, c)
		}
	}
	return s
}

// some is a list of one to three texts, each of them different.
func (a author) some(makers ...func() string) []string {
	var all []string
	for range 1 + a.IntN(3) {
		if text := oneOf(a.dice, makers...)(); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

func (a author) action() string {
	service, name, _ := strings.Cut(a.scene.action, ":")
	return oneOf(a.dice, a.scene.action, a.scene.action, strings.ToLower(a.scene.action), service+":*", service+":"+name[:3]+"*", service+":*"+name[2:], service+":?"+name[1:], "*")
}

func (a author) otherAction() string {
	return oneOf(a.dice, "s3:ListBucket", "s3:Delete*", "sqs:ReceiveMessage", "kms:Encrypt", "kms:Create*", "sts:TagSession", "iam:Get*", "lambda:Get?unction", "ec2:*")
}

func (a author) resource() string {
	whole := a.scene.resource
	parts := strings.SplitN(whole, ":", 6)
	cut := strings.Split(whole, "/")
	return oneOf(
		a.dice, whole, whole, "*", whole[:len(whole)-2]+"*", whole[:len(whole)-1]+"?", strings.Join(cut[:max(1, len(cut)-1)], "/")+"*",
		strings.Join([]string{parts[0], parts[1], parts[2], "*", "*", parts[5]}, ":"),
		strings.Join([]string{parts[0], parts[1], parts[2], parts[3], parts[4], "*" + parts[5][1:]}, ":"),
		strings.Replace(whole, "carlos", "${aws:username}", 1), strings.Replace(whole, "blue", "${aws:PrincipalTag/team}", 1),
		strings.Replace(whole, "blue", "${aws:PrincipalTag/team, 'blue'}", 1),
		strings.Replace(whole, a.account, "${aws:PrincipalAccount}", 1),
	)
}

func (a author) otherResource() string {
	return oneOf(a.dice, "arn:aws:s3:::shop", "arn:aws:s3:::other/*", "arn:aws:sqs:*:"+theirs+":*", "arn:aws:iam::"+ours+":role/other", "arn:aws:kms:us-east-1:*:key/*", "arn:aws:lambda:*:*:function:other*")
}

func (a author) named() []authz.Principals {
	if a.IntN(6) == 0 {
		return []authz.Principals{{Type: "*", Value: "*"}}
	}
	var all []authz.Principals
	for range 1 + a.IntN(3) {
		p := oneOf(a.dice, a.itself, a.itself, a.somebody)()
		if p.Type == "AWS" && p.Value == "*" {
			return []authz.Principals{p}
		}
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

func (a author) itself() authz.Principals {
	if a.who.Service != "" {
		return authz.Principals{Type: "Service", Value: a.who.Service}
	}
	account := strings.Split(a.who.ARN, ":")[4]
	if a.who.Session != "" && a.rarely() {
		return authz.Principals{Type: "AWS", Value: "arn:aws:sts::" + account + ":assumed-role/deploy/" + a.who.Session}
	}
	return authz.Principals{Type: "AWS", Value: oneOf(a.dice, a.who.ARN, a.who.ARN, "arn:aws:iam::"+account+":root", account, "*")}
}

func (a author) somebody() authz.Principals {
	return oneOf(
		a.dice, authz.Principals{Type: "AWS", Value: theirs}, authz.Principals{Type: "AWS", Value: "arn:aws:iam::" + theirs + ":root"},
		authz.Principals{Type: "AWS", Value: "arn:aws:iam::" + ours + ":role/other"}, authz.Principals{Type: "Service", Value: "events.amazonaws.com"},
		authz.Principals{Type: "AWS", Value: "arn:aws:sts::" + ours + ":assumed-role/deploy/other"},
		authz.Principals{Type: "AWS", Value: "arn:aws:iam::" + ours + ":user/diana"},
	)
}
