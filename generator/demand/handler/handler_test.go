package handler_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/stretchr/testify/assert"
)

func TestACallNamesAnActionAResourceAndAPageOfAWS(t *testing.T) {
	action := regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z]+$`)
	for _, typ := range handler.Types() {
		assert.True(t, strings.HasPrefix(handler.Page(typ), "https://docs.aws.amazon.com/"), typ)
		met := map[string]bool{}
		for _, c := range handler.Of(anyOf(typ)) {
			assert.Regexp(t, action, c.Action, typ)
			assert.True(t, c.On == "*" || strings.HasPrefix(c.On, "arn:aws:"), "%s: %s on %q", typ, c.Action, c.On)
			assert.True(t, strings.HasPrefix(c.Page, "https://docs.aws.amazon.com/"), "%s: %s", typ, c.Page)
			assert.NotZero(t, c.During, "%s: %s", typ, c.Action)
			id := c.Action + c.On + strings.Join(slices.Concat(c.Context["iam:passedtoservice"], c.Context["kms:viaservice"]), "")
			assert.False(t, met[id], "%s: %s on %s twice", typ, c.Action, c.On)
			met[id] = true
			for _, name := range c.Narrowed {
				assert.NotEmpty(t, c.Context[name], "%s: %s is narrowed by %s, which it does not carry", typ, c.Action, name)
			}
		}
	}
}

func TestATypeThatNoTableHoldsIsNotKnown(t *testing.T) {
	assert.False(t, handler.Known("AWS::IAM::User"))
	assert.Empty(t, handler.Of(anyOf("AWS::RDS::DBInstance")))
	assert.True(t, handler.Known("Custom::Thing"))
	assert.True(t, handler.Known("AWS::Lambda::Function"))
}

var place = &estate.Stack{Name: "shop-dev", Partition: "aws", Account: "222222222222", Region: "eu-central-1"}

func resource(typ string, properties cfn.Map) *estate.Resource {
	return &estate.Resource{Stack: place, ID: "Thing", Type: typ, Properties: properties}
}

func find(calls []handler.Call, action string) []handler.Call {
	var found []handler.Call
	for _, c := range calls {
		if c.Action == action {
			found = append(found, c)
		}
	}
	return found
}

func TestACallThatHingesOnAPropertyIsMadeWhereItIsSet(t *testing.T) {
	bare := resource("AWS::Lambda::Function", nil)
	bare.ARN = "arn:aws:lambda:eu-central-1:222222222222:function:shop-dev-orders"
	assert.Empty(t, find(handler.Of(&handler.Subject{Resource: bare}), "lambda:PutFunctionConcurrency"))

	set := *bare
	set.Properties = cfn.Map{{Key: "ReservedConcurrentExecutions", Value: 0}}
	calls := find(handler.Of(&handler.Subject{Resource: &set}), "lambda:PutFunctionConcurrency")
	assert.Equal(t, bare.ARN, calls[0].On)
	assert.True(t, calls[0].Hinges)
	assert.False(t, find(handler.Of(&handler.Subject{Resource: &set}), "lambda:CreateFunction")[0].Hinges)
}

func TestWhatAWSDoesNotSayToBeCalledIsDoubtfulWhereNothingAsksForIt(t *testing.T) {
	update := func(properties cfn.Map) handler.Call {
		role := resource("AWS::IAM::Role", properties)
		role.ARN = "arn:aws:iam::222222222222:role/r"
		return find(handler.Of(&handler.Subject{Resource: role}), "iam:UpdateRole")[0]
	}
	assert.True(t, update(nil).Doubtful)
	assert.False(t, update(cfn.Map{{Key: "MaxSessionDuration", Value: 7200}}).Doubtful)
}

func TestTagsOfAnHTTPAPIAreNamedInEitherForm(t *testing.T) {
	stage := resource("AWS::ApiGatewayV2::Stage", nil)
	stage.ARN = "arn:aws:apigateway:eu-central-1::/apis/a1b2c3/stages/live"
	var on []string
	for _, c := range find(handler.Of(&handler.Subject{Resource: stage, Tagged: true}), "apigateway:PUT") {
		on = append(on, c.On)
		assert.Equal(t, "arn:aws:apigateway:*::/tags/arn%3Aaws%3Aapigateway%3A*%2Fapis%2F*", c.Within)
	}
	assert.Equal(t, []string{
		"arn:aws:apigateway:eu-central-1::/tags/arn%3Aaws%3Aapigateway%3Aeu-central-1%3A%3A%2Fapis%2Fa1b2c3%2Fstages%2Flive",
		"arn:aws:apigateway:eu-central-1::/tags/arn%3Aaws%3Aapigateway%3Aeu-central-1%3A%3A%2Fv2%2Fapis%2Fa1b2c3%2Fstages%2Flive",
	}, on)
}

func TestARoleIsPassedToTheServiceThatTakesIt(t *testing.T) {
	role := "arn:aws:iam::222222222222:role/foldstack/shop/dev/events"
	rule := resource("AWS::Events::Rule", cfn.Map{{Key: "Targets", Value: []any{
		cfn.Map{{Key: "Id", Value: "a"}}, cfn.Map{{Key: "Id", Value: "b"}, {Key: "RoleArn", Value: role}},
	}}})
	calls := find(handler.Of(&handler.Subject{Resource: rule}), "iam:PassRole")
	assert.Len(t, calls, 1)
	assert.Equal(t, role, calls[0].On)
	assert.Equal(t, authz.Context{"iam:passedtoservice": {"events.amazonaws.com"}}, calls[0].Context)
	assert.Equal(t, []string{"iam:passedtoservice"}, calls[0].Narrowed)
}

func TestWhatGivesARolePermissionsCarriesItsBoundary(t *testing.T) {
	boundary := "arn:aws:iam::222222222222:policy/boundary"
	role := resource("AWS::IAM::Role", cfn.Map{
		{Key: "PermissionsBoundary", Value: boundary},
		{Key: "ManagedPolicyArns", Value: []any{"arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"}},
	})
	role.ARN, role.Ref = "arn:aws:iam::222222222222:role/foldstack/r", "r"
	calls := handler.Of(&handler.Subject{Resource: role})
	for _, action := range []string{"iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"} {
		for _, c := range find(calls, action) {
			assert.Equal(t, []string{boundary}, c.Context["iam:permissionsboundary"], action)
			assert.Equal(t, []string{"iam:permissionsboundary"}, c.Narrowed, action)
		}
	}
	assert.Len(t, find(calls, "iam:AttachRolePolicy"), 2, "each policy is attached by a call of its own")
	assert.Empty(t, find(calls, "iam:DeleteRolePermissionsBoundary"))

	policy := resource("AWS::IAM::Policy", cfn.Map{{Key: "Roles", Value: []any{"r"}}})
	put := find(handler.Of(&handler.Subject{Resource: policy, Find: func(typ, ref string) *estate.Resource {
		if typ == role.Type && (ref == role.Ref || ref == role.ARN) {
			return role
		}
		return nil
	}}), "iam:PutRolePolicy")
	assert.Equal(t, role.ARN, put[0].On, "a role that a property names is looked up, because the name has no path")
	assert.Equal(t, []string{boundary}, put[0].Context["iam:permissionsboundary"])
}

func TestARoleWithoutABoundaryIsNotToldByOne(t *testing.T) {
	role := resource("AWS::IAM::Role", nil)
	role.ARN = "arn:aws:iam::222222222222:role/r"
	create := find(handler.Of(&handler.Subject{Resource: role}), "iam:CreateRole")
	assert.Empty(t, create[0].Context)
	assert.Empty(t, create[0].Narrowed)
}

func TestAKeyIsFoundByARNIdAndAlias(t *testing.T) {
	for given, want := range map[string]string{
		"arn:aws:kms:eu-central-1:111111111111:key/k": "arn:aws:kms:eu-central-1:111111111111:key/k",
		"k":              "arn:aws:kms:eu-central-1:222222222222:key/k",
		"alias/aws/sqs":  "",
		"alias/ours":     "arn:aws:kms:eu-central-1:222222222222:key/k",
		"alias/somebody": "arn:aws:kms:eu-central-1:222222222222:key/\x01the key of alias/somebody\x02",
	} {
		stream := resource("AWS::Kinesis::Stream", cfn.Map{{Key: "StreamEncryption", Value: cfn.Map{{Key: "KeyId", Value: given}}}})
		stream.ARN = "arn:aws:kinesis:eu-central-1:222222222222:stream/s"
		calls := find(handler.Of(&handler.Subject{Resource: stream, Find: func(typ, ref string) *estate.Resource {
			if typ == "AWS::KMS::Alias" && ref == "alias/ours" {
				return resource(typ, cfn.Map{{Key: "TargetKeyId", Value: "k"}})
			}
			return nil
		}}), "kinesis:StartStreamEncryption")
		assert.Equal(t, stream.ARN, calls[0].On)
		if want == "" {
			assert.Len(t, calls, 1, given)
			continue
		}
		assert.Equal(t, want, calls[1].On, given)
	}
}

func TestACustomResourceCallsTheServiceOfItsToken(t *testing.T) {
	for token, action := range map[string]string{
		"arn:aws:lambda:eu-central-1:222222222222:function:f": "lambda:InvokeFunction",
		"arn:aws:sns:eu-central-1:222222222222:t":             "sns:Publish",
	} {
		calls := handler.Of(&handler.Subject{Resource: resource("Custom::Thing", cfn.Map{{Key: "ServiceToken", Value: token}})})
		assert.Len(t, calls, 1)
		assert.Equal(t, action, calls[0].Action)
		assert.Equal(t, token, calls[0].On)
	}
}

func TestANameIsCutWhereTheServiceTakesShortOnes(t *testing.T) {
	names := handler.Names{Root: "a-long-project-name-here-production"}
	assert.Equal(t, "a-long-project-name-here-production-", names.Begin(0))
	assert.Equal(t, "a-long-project-name-here", names.Begin(64))
	assert.Equal(t, "shop-dev-", handler.Names{Root: "shop-dev"}.Begin(63))
}
