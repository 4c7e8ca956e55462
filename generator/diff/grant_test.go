package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/diff"
)

// role is a role with one statement.
func role(statements ...string) string {
	return "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}}\n" +
		"      Policies: [{PolicyName: own, PolicyDocument: {Statement: [" + strings.Join(statements, ", ") + "]}}]\n"
}

const (
	reads  = "{Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::a/*'}"
	writes = "{Effect: Allow, Action: s3:PutObject, Resource: 'arn:aws:s3:::a/*'}"
)

func TestGrantsAreComparedAndNotTheirWords(t *testing.T) {
	for _, c := range []struct {
		name, before, after string
		want                []string
	}{
		{"one more", role(reads), role(reads, writes), []string{"+ Role Allow [] [s3:PutObject] [arn:aws:s3:::a/*]"}},
		{"one less", role(reads, writes), role(reads), []string{"- Role Allow [] [s3:PutObject] [arn:aws:s3:::a/*]"}},
		{"another order", role(reads, writes), role(writes, reads), nil},
		{"one statement of two", role(reads, writes), role("{Action: [s3:PutObject, s3:GetObject], Resource: ['arn:aws:s3:::a/*']}"), nil},
		{"a Sid", role(reads), role(with(reads, "{", "{Sid: Reads, ")), nil},
		{"a condition", role(reads), role(with(reads, "}", ", Condition: {Bool: {'aws:SecureTransport': 'true'}}}")), []string{
			"+ Role Allow [] [s3:GetObject] [arn:aws:s3:::a/*] Bool aws:SecureTransport true", "- Role Allow [] [s3:GetObject] [arn:aws:s3:::a/*]",
		}},
		{"a part of what was allowed", role(with(reads, "s3:GetObject", "'s3:Get*'")), role(with(reads, "s3:GetObject", "'s3:Get*'"), reads), []string{
			"~ Role Allow [] [s3:GetObject] [arn:aws:s3:::a/*]",
		}},
		{"a denial more", role(reads), role(reads, with(reads, "Allow", "Deny")), []string{"- Role Deny [] [s3:GetObject] [arn:aws:s3:::a/*]"}},
		{"a denial less", role(reads, with(reads, "Allow", "Deny")), role(reads), []string{"+ Role Deny [] [s3:GetObject] [arn:aws:s3:::a/*]"}},
		{"all but", role(reads), role("{Effect: Allow, NotAction: [s3:B, s3:A], Resource: 'arn:aws:s3:::a/*'}"), []string{
			"+ Role Allow [] [all but s3:A, s3:B] [arn:aws:s3:::a/*]", "- Role Allow [] [s3:GetObject] [arn:aws:s3:::a/*]",
		}},
		{"another trust", role(reads), with(role(reads), "lambda", "ecs"), []string{
			"+ Role Allow [ecs.amazonaws.com] [sts:AssumeRole] []", "- Role Allow [lambda.amazonaws.com] [sts:AssumeRole] []",
		}},
		{"a policy of AWS", role(reads), role(reads) + "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']\n", []string{
			"+ Role Allow [] [] [] arn:aws:iam::aws:policy/ReadOnlyAccess",
		}},
		{
			"a grant that moves to a policy of its own", role(reads, writes),
			role(reads) + "  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties: {Roles: [!Ref Role], PolicyDocument: {Statement: [" + writes + "]}}\n", nil,
		},
		{
			"a permission", "Resources:\n  Other:\n    Type: AWS::SNS::Topic\n",
			"Resources:\n  Other:\n    Type: AWS::SNS::Topic\n  Permission:\n    Type: AWS::Lambda::Permission\n    Properties: {Action: lambda:InvokeFunction, FunctionName: worker, Principal: sns.amazonaws.com, SourceArn: !Ref Other}\n",
			[]string{"+ Permission Allow [sns.amazonaws.com] [lambda:InvokeFunction] [worker] SourceArn arn:aws:sns:<region>:<account>:shop-Other-…"},
		},
	} {
		var got []string
		if p := between(t, c.before, c.after); p != nil {
			for _, g := range p.Grants {
				got = append(got, tell(g))
			}
		}
		assert.Equal(t, c.want, got, c.name)
	}
}

// tell is a grant in a line, with + where more is allowed and - where less is.
func tell(g diff.Grant) string {
	sign := "-"
	switch {
	case g.Widens:
		sign = "+"
	case (g.Action == diff.Added) == (g.Effect == "Allow"):
		sign = "~"
	}
	return strings.TrimRight(fmt.Sprintf("%s %s %s %s %s %s %s%s", sign, g.Subject, g.Effect, g.Principals, g.Actions, g.Resources, g.Condition, g.Policy), " ")
}
