package handler

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/policy"
)

func TestWhatOnlyAPropertyNeedsThatFoldstackNeverSetsIsForUsersTypes(t *testing.T) {
	for typ, actions := range map[string][]string{
		"AWS::ApiGatewayV2::Integration": {"iam:PassRole"},
		"AWS::Events::Rule":              {"iam:PassRole"},
		"AWS::Lambda::Alias":             {"lambda:PutProvisionedConcurrencyConfig"},
		"AWS::Lambda::Function":          {"lambda:GetLayerVersion", "lambda:GetCodeSigningConfig", "lambda:PutRuntimeManagementConfig"},
		"AWS::Logs::LogGroup":            {"logs:AssociateKmsKey", "logs:PutDataProtectionPolicy"},
		"AWS::SNS::Topic":                {"iam:PassRole", "sns:PutDataProtectionPolicy"},
	} {
		own, _ := For([]string{typ}, nil, shop)
		users, _ := For([]string{typ}, []string{typ}, shop)
		for _, action := range actions {
			assert.Empty(t, resourcesOf(t, own, action), typ)
			assert.NotEmpty(t, resourcesOf(t, users, action), typ)
		}
	}
}

func TestWhatFoldstackNamesIsToldByTheFormOfItsNames(t *testing.T) {
	for typ, want := range map[string]struct {
		action     string
		own, users []string
	}{
		"AWS::Logs::LogGroup": {"logs:CreateLogGroup", []string{
			"arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:/aws/lambda/shop-${Environment}-*",
			"arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:/aws/vendedlogs/shop-${Environment}-*",
		}, []string{
			"arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:/aws/*/shop-${Environment}-*",
			"arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:shop-${Environment}-*",
		}},
		"AWS::Scheduler::Schedule": {
			"scheduler:CreateSchedule",
			[]string{"arn:${AWS::Partition}:scheduler:*:${AWS::AccountId}:schedule/default/shop-${Environment}-*"},
			[]string{"arn:${AWS::Partition}:scheduler:*:${AWS::AccountId}:schedule/*/shop-${Environment}-*"},
		},
	} {
		own, _ := For([]string{typ}, nil, shop)
		assert.Equal(t, want.own, resourcesOf(t, own, want.action))
		users, _ := For([]string{typ}, []string{typ}, shop)
		assert.Equal(t, want.users, resourcesOf(t, users, want.action))
	}
}

func TestAQueueOfAUserMayListenToTopicsOfOthers(t *testing.T) {
	endpoints := func(statements []policy.Statement) (values []string) {
		for _, s := range statements {
			for _, c := range s.Conditions {
				if c.Key == "sns:Endpoint" {
					values = append(values, texts(t, c.Values)...)
				}
			}
		}
		return values
	}
	const function = "arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:function:shop-${Environment}-*"
	subscription := []string{"AWS::SNS::Subscription"}
	own, _ := For(subscription, nil, shop)
	assert.Equal(t, []string{function}, endpoints(own))
	users, _ := For(subscription, subscription, shop)
	assert.Equal(t, []string{function, "arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:shop-${Environment}-*"}, endpoints(users))
}

// TestATypeOfUsersMayDoAllThatFoldstackDoesWithIt keeps a user's first resource of a type
// from taking from functions what they need.
func TestATypeOfUsersMayDoAllThatFoldstackDoesWithIt(t *testing.T) {
	for _, typ := range Known() {
		r, _ := find(typ)
		for _, own := range r.own {
			for _, action := range own.actions {
				for _, on := range own.on {
					assert.True(t, slices.ContainsFunc(r.users, func(g grant) bool {
						return slices.Contains(g.actions, action) && slices.ContainsFunc(g.on, func(wide string) bool {
							return intersect(wide, strings.ReplaceAll(on, "*", "any"))
						})
					}), "%s: %s on %s", typ, action, on)
				}
			}
		}
	}
}
