package authz

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	here      = "111111111111"
	elsewhere = "222222222222"

	theRole   = "arn:aws:iam::111111111111:role/app/reader"
	theUser   = "arn:aws:iam::111111111111:user/carlos"
	theRoot   = "arn:aws:iam::111111111111:root"
	theObject = "arn:aws:s3:::shop/orders/1"
	theKey    = "arn:aws:kms:eu-central-1:111111111111:key/k1"
	theTarget = "arn:aws:iam::111111111111:role/target"
)

// document reads statements, the JSON of objects with single quotes, as a policy.
func document(t testing.TB, kind Kind, statements ...string) *Policy {
	t.Helper()
	text := `{"Version":"2012-10-17","Statement":[` + strings.ReplaceAll(strings.Join(statements, ","), `'`, `"`) + `]}`
	p, errs := ParseJSON(kind, fmt.Sprintf("the %s", kind), []byte(text), nil)
	require.Empty(t, errs)
	return p
}

func attached(t testing.TB, statements ...string) []*Policy {
	return []*Policy{document(t, Identity, statements...)}
}

func onResource(t testing.TB, statements ...string) []*Policy {
	return []*Policy{document(t, Resource, statements...)}
}

// reads is the request that most cases are about.
func reads(who, owner string) Request {
	return Request{Principal: Principal{ARN: who}, Action: "s3:GetObject", Resource: theObject, Owner: owner}
}

const (
	allowRead  = `{'Effect':'Allow','Action':'s3:GetObject','Resource':'*'}`
	denyRead   = `{'Effect':'Deny','Action':'s3:GetObject','Resource':'*'}`
	allowQueue = `{'Effect':'Allow','Action':'sqs:*','Resource':'*'}`
	allowAll   = `{'Effect':'Allow','Action':'*','Resource':'*'}`
)

func grants(principal string) string {
	return `{'Effect':'Allow','Principal':` + principal + `,'Action':['s3:GetObject','kms:Decrypt'],'Resource':'*'}`
}

func trusts(principal string) string {
	return `{'Effect':'Allow','Principal':` + principal + `,'Action':'sts:AssumeRole'}`
}

func aws(arn string) string { return `{'AWS':'` + arn + `'}` }
