package handler

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/policy"
)

var shop = Names{Project: "shop", Environments: []string{"dev", "prod"}}

// text is an Fn::Sub as its author wrote it, or the text itself.
func text(t *testing.T, s string) string {
	t.Helper()
	i, ok := cfn.Decode(s)
	if !ok {
		return s
	}
	require.Equal(t, "Fn::Sub", i.Name)
	if list, ok := i.Argument.([]any); ok {
		return list[0].(string)
	}
	return i.Argument.(string)
}

func texts(t *testing.T, list []string) []string {
	t.Helper()
	var out []string
	for _, s := range list {
		out = append(out, text(t, s))
	}
	return out
}

// all are the grants of a type, whoever makes some.
func (r *resource) all() []grant { return slices.Concat(r.grants, r.own, r.users) }

// action is one line of testdata/iam-actions.tsv.
type action struct {
	arns []string // patterns; none where IAM knows only "*"
	keys []string // condition keys of the service
}

func actions(t *testing.T) map[string]action {
	t.Helper()
	f, err := os.Open("testdata/iam-actions.tsv")
	require.NoError(t, err)
	defer f.Close()
	list := func(field string) []string {
		if field == "-" {
			return nil
		}
		return strings.Fields(field)
	}
	all := map[string]action{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		fields := strings.Split(lines.Text(), "\t")
		require.Len(t, fields, 3, lines.Text())
		all[fields[0]] = action{list(fields[1]), list(fields[2])}
	}
	require.NoError(t, lines.Err())
	return all
}

func TestEveryActionIsOneThatIAMKnowsAndActsOnItsResources(t *testing.T) {
	known := actions(t)
	for _, typ := range Known() {
		r, _ := find(typ)
		for _, g := range r.all() {
			require.NotEmpty(t, g.actions, typ)
			require.NotEmpty(t, g.on, typ)
			for _, name := range g.actions {
				a, ok := known[name]
				if !assert.True(t, ok, "%s: IAM has no action %s, or testdata/iam-actions.tsv lacks it", typ, name) {
					continue
				}
				assert.True(t, actsOn(t, a, g.on), "%s: %s does not act on %v but on %v", typ, name, g.on, a.arns)
				for _, c := range g.when {
					known := strings.HasPrefix(c.Key, "aws:") || slices.Contains(a.keys, c.Key)
					assert.True(t, known, "%s: %s does not know the condition key %s", typ, name, c.Key)
				}
			}
		}
	}
}

// actsOn reports whether one of the resources can be one of the action's, or all
// of them must be "*".
func actsOn(t *testing.T, a action, on []string) bool {
	for _, resource := range on {
		if resource == "*" {
			return len(a.arns) == 0
		}
		for _, arn := range a.arns {
			if intersect(plain(text(t, shop.Expand(resource))), arn) {
				return true
			}
		}
	}
	return false
}

// plain puts an example in the place of every ${…}.
func plain(s string) string {
	return strings.NewReplacer("${AWS::Partition}", "aws", "${AWS::AccountId}", "111111111111", "${Environment}", "prod").Replace(s)
}

// intersect reports whether some text matches both patterns of literals and *.
func intersect(a, b string) bool {
	switch {
	case a == "" && b == "":
		return true
	case strings.HasPrefix(a, "*"):
		return intersect(a[1:], b) || b != "" && intersect(a, b[1:])
	case strings.HasPrefix(b, "*"):
		return intersect(b, a)
	case a == "" || b == "" || a[0] != b[0]:
		return false
	}
	return intersect(a[1:], b[1:])
}

// TestAWildcardHasAReason is the review of everything that is wider than a name.
// The region is * everywhere, because one role deploys to all regions of its
// account; a trailing * behind project and environment is what a name is for.
func TestAWildcardHasAReason(t *testing.T) {
	reasons := map[string]string{
		"*": "IAM knows no resource for the action (checked above)",

		"arn:${AWS::Partition}:apigateway:*::/apis/*":                                                                         "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/apis/*/authorizers":                                                             "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/apis/*/deployments":                                                             "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/apis/*/integrations":                                                            "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/apis/*/routes":                                                                  "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/apis/*/stages":                                                                  "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/apis/*/stages/*":                                                                "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/domainnames/*":                                                                  "a user's domain has a user's name",
		"arn:${AWS::Partition}:apigateway:*::/domainnames/*/apimappings":                                                      "a user's domain has a user's name",
		"arn:${AWS::Partition}:apigateway:*::/domainnames/*/apimappings/*":                                                    "a user's domain has a user's name",
		"arn:${AWS::Partition}:apigateway:*::/restapis/*":                                                                     "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/restapis/*/authorizers":                                                         "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/restapis/*/authorizers/*":                                                       "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/restapis/*/deployments":                                                         "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/restapis/*/deployments/*":                                                       "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/restapis/*/resources/*":                                                         "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/restapis/*/resources/*/methods/*":                                               "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/restapis/*/stages":                                                              "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/restapis/*/stages/*":                                                            "an API's ARN holds an id",
		"arn:${AWS::Partition}:apigateway:*::/tags/arn%3A${AWS::Partition}%3Aapigateway%3A*%2Fapis%2F*":                       "tags are filed under the ARN of what has them",
		"arn:${AWS::Partition}:apigateway:*::/tags/arn%3A${AWS::Partition}%3Aapigateway%3A*%2Fdomainnames%2F*":                "tags are filed under the ARN of what has them",
		"arn:${AWS::Partition}:apigateway:*::/tags/arn%3A${AWS::Partition}%3Aapigateway%3A*%2Frestapis%2F*":                   "tags are filed under the ARN of what has them",
		"arn:${AWS::Partition}:application-autoscaling:*:${AWS::AccountId}:scalable-target/*":                                 "a target's ARN holds an id; a condition says it is a table's",
		"arn:${AWS::Partition}:config:*:${AWS::AccountId}:config-rule/*":                                                      "a rule's ARN holds an id",
		"arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:security-group-rule/*":                                                 "a rule's ARN holds an id",
		"arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:security-group/*":                                                      "a group's ARN holds an id",
		"arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:vpc/*":                                                                 "a network's ARN holds an id; it is the place of a group",
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/contributorinsights.dynamodb.amazonaws.com/*":     "the service names its role",
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/kinesisreplication.dynamodb.amazonaws.com/*":      "the service names its role",
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/*": "the service names its role",
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/ops.apigateway.amazonaws.com/*":                   "the service names its role",
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/replication.dynamodb.amazonaws.com/*":             "the service names its role",
		"arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*":                                                                 "a key's ARN holds a uuid",
		"arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:code-signing-config:*":                                              "a configuration's ARN holds an id; it is only read",
		"arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:event-source-mapping:*":                                             "a mapping's ARN holds a uuid; a condition says whose it is where it is changed",
		"arn:${AWS::Partition}:lambda:*:*:layer:*":                                                                            "a layer may be anybody's; it is only read",
		"arn:${AWS::Partition}:sns:*:*:*":                                                                                     "a topic may be another project's or account's; a condition says who is subscribed",
	}
	used := map[string]bool{}
	for _, typ := range Known() {
		r, _ := find(typ)
		for _, g := range r.all() {
			for _, a := range g.actions {
				assert.NotContains(t, a, "*", typ)
			}
			for _, resource := range texts(t, shop.expandAll(g.on)) {
				if named(resource) {
					continue
				}
				_, ok := reasons[resource]
				assert.True(t, ok, "%s: %s has no reason", typ, resource)
				used[resource] = true
			}
		}
	}
	for resource := range reasons {
		assert.True(t, used[resource], "nothing uses %s any more", resource)
	}
}

// named reports whether a resource is bound to project and environment.
func named(resource string) bool {
	for _, begin := range []string{"shop-${Environment}-", "shop/${Environment}/"} {
		if i := strings.Index(resource, begin); i >= 0 {
			return true
		}
	}
	return !strings.Contains(strings.Replace(resource, ":*:", "::", 1), "*")
}

func TestPassingARoleNamesTheService(t *testing.T) {
	for _, typ := range Known() {
		r, _ := find(typ)
		for _, g := range r.all() {
			if !slices.Contains(g.actions, "iam:PassRole") {
				continue
			}
			assert.Equal(t, []string{"iam:PassRole"}, g.actions, typ)
			require.Len(t, g.when, 1, typ)
			assert.Equal(t, "iam:PassedToService", g.when[0].Key, typ)
			assert.NotContains(t, g.on, "*", typ)
		}
	}
}

func TestARoleIsGivenPermissionsOnlyUnderTheBoundary(t *testing.T) {
	for _, typ := range Known() {
		r, _ := find(typ)
		for _, g := range r.all() {
			for _, a := range g.actions {
				assert.NotEqual(t, "iam:DeleteRolePermissionsBoundary", a, typ)
				if slices.Contains(widenRole, a) {
					assert.Equal(t, bounded, g.when, "%s: %s", typ, a)
				}
				if service, _, _ := strings.Cut(a, ":"); service == "iam" && a != "iam:PassRole" && a != "iam:CreateServiceLinkedRole" {
					for _, on := range g.on {
						assert.Contains(t, on, "{path}", "%s: %s", typ, a)
					}
				}
			}
		}
	}
}

// Without its service-linked role, which the first API of an account brings, API
// Gateway refuses a stage that writes an access log.
func TestTheFirstAPIOfAnAccountBringsItsRole(t *testing.T) {
	for _, typ := range []string{"AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage"} {
		statements, _ := For(nil, []string{typ}, shop)
		i := slices.IndexFunc(statements, func(s policy.Statement) bool { return slices.Contains(s.Actions, "iam:CreateServiceLinkedRole") })
		require.GreaterOrEqual(t, i, 0, typ)
		assert.Equal(t, []policy.Condition{{Operator: "StringEquals", Key: "iam:AWSServiceName", Values: []string{"ops.apigateway.amazonaws.com"}}}, statements[i].Conditions, typ)
	}
}

func TestAStageMayBeTaggedWithWhatAPIGatewayAsksFor(t *testing.T) {
	statements, _ := For([]string{"AWS::ApiGatewayV2::Stage"}, nil, shop)
	assert.Equal(t, []string{
		"arn:${AWS::Partition}:apigateway:*::/apis/*/stages",
		"arn:${AWS::Partition}:apigateway:*::/apis/*/stages/*",
	}, resourcesOf(t, statements, "apigateway:TagResource"))
	assert.Equal(t, []string{"arn:${AWS::Partition}:apigateway:*::/apis/*/stages/*"}, resourcesOf(t, statements, "apigateway:UntagResource"))
}

// resourcesOf are the resources of the statements that allow an action.
func resourcesOf(t *testing.T, statements []policy.Statement, action string) []string {
	t.Helper()
	var resources []string
	for _, s := range statements {
		if slices.Contains(s.Actions, action) {
			resources = append(resources, texts(t, s.Resources)...)
		}
	}
	return resources
}

// API Gateway files the tags of an HTTP API under /v2/apis where one is made, and its
// documentation writes /apis.
func TestTheTagsOfAnHTTPAPIAreFoundByEitherFormOfItsARN(t *testing.T) {
	statements, _ := For([]string{"AWS::ApiGatewayV2::Api"}, nil, shop)
	on := resourcesOf(t, statements, "apigateway:PUT")
	require.Len(t, on, 1)
	for path, allowed := range map[string]bool{"%2Fv2%2Fapis%2Fa1b2c3": true, "%2Fapis%2Fa1b2c3": true, "%2Frestapis%2Fa1b2c3": false} {
		arn := "arn:aws:apigateway:eu-central-1::/tags/arn%3Aaws%3Aapigateway%3Aeu-central-1%3A%3A" + path
		assert.Equal(t, allowed, intersect(plain(on[0]), arn), arn)
	}
}

func TestStatementsAreMergedAndTheSameInAnyOrder(t *testing.T) {
	forward, unknown := For([]string{"AWS::SQS::Queue", "AWS::IAM::Role"}, []string{"AWS::SQS::Queue", "AWS::SQS::QueuePolicy"}, shop)
	backward, _ := For([]string{"AWS::IAM::Role", "AWS::SQS::Queue"}, []string{"AWS::SQS::QueuePolicy", "AWS::SQS::Queue"}, shop)
	assert.Empty(t, unknown)
	assert.Equal(t, forward, backward)
	assert.Equal(t, policy.Merge(forward), forward)
	for _, s := range forward {
		if slices.Contains(s.Actions, "sqs:CreateQueue") {
			assert.Contains(t, s.Actions, "sqs:SetQueueAttributes")
			assert.Equal(t, []string{"arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:shop-${Environment}-*"}, texts(t, s.Resources))
		}
	}
}

func TestATypeThatNoTableHoldsIsNamed(t *testing.T) {
	statements, unknown := For([]string{"AWS::SQS::Queue"}, []string{"AWS::RDS::DBInstance", "AWS::Cognito::UserPool"}, shop)
	assert.Equal(t, []string{"AWS::Cognito::UserPool", "AWS::RDS::DBInstance"}, unknown)
	assert.NotEmpty(t, statements)
}

func TestACustomResourceMayBeCalledWhateverItIsCalled(t *testing.T) {
	statements, unknown := For(nil, []string{"Custom::Certificate"}, shop)
	assert.Empty(t, unknown)
	var all []string
	for _, s := range statements {
		all = append(all, s.Actions...)
	}
	assert.ElementsMatch(t, []string{"lambda:InvokeFunction", "sns:Publish"}, all)
}

func TestATypeStandsInOneTableWithItsPage(t *testing.T) {
	types := Known()
	assert.Equal(t, len(types), len(slices.Compact(slices.Clone(types))), "a type stands in two tables")
	for _, typ := range types {
		page := Page(typ)
		want := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(typ, "AWS::"), "::", "-"))
		assert.Equal(t, "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-"+want+".html", page)
	}
}

func TestALongNameIsCutAsCloudFormationCutsIt(t *testing.T) {
	for _, tt := range []struct {
		what, stack, generated string
		limit                  int
	}{
		// Names that CloudFormation has given, as people reported them.
		{"a role", "ChineseboostAnalyticsStack", "ChineseboostAnalyticsStac-RainlyticsSummariesJobFun-UjecjFhpdr1d", 64},
		{"a bucket", "chineseboostanalyticsstack", "chineseboostanalyticsstac-rainlyticslogsbucket8df4-hdst4ohfvdif", 63},
		{"a log group", "ChineseboostAnalyticsStack", "ChineseboostAnalyticsStack-RainlyticsSummariesJobLogs1C6CB09C-UJ5n2NwuSPZB", 512},
	} {
		t.Run(tt.what, func(t *testing.T) {
			begin := tt.stack[:min(len(tt.stack), kept(tt.limit))]
			assert.True(t, strings.HasPrefix(tt.generated, begin), "%s does not begin with %s", tt.generated, begin)
		})
	}
}

func TestALongProjectIsToldApartByAMapping(t *testing.T) {
	long := Names{Project: "customer-notifications", Environments: []string{"dev", "production"}}
	m, ok := long.Mapping()
	require.True(t, ok)
	assert.Equal(t, cfn.Mapping{Name: "Names", Rows: []cfn.MappingRow{
		{Key: "dev", Values: cfn.Map{{Key: "First24", Value: "customer-notifications-d"}, {Key: "First32", Value: "customer-notifications-dev-"}}},
		{Key: "production", Values: cfn.Map{{Key: "First24", Value: "customer-notifications-p"}, {Key: "First32", Value: "customer-notifications-productio"}}},
	}}, m)
	assert.Equal(t, "arn:${AWS::Partition}:events:*:${AWS::AccountId}:rule/${First24}*", text(t, long.Expand(rules[0])))
	assert.Equal(t, "arn:${AWS::Partition}:sns:*:${AWS::AccountId}:customer-notifications-${Environment}-*", text(t, long.Expand(topics[0])),
		"a topic has room for the whole name")

	_, ok = shop.Mapping()
	assert.False(t, ok, "a short project needs no mapping")
	assert.Equal(t, "arn:${AWS::Partition}:events:*:${AWS::AccountId}:rule/shop-${Environment}-*", text(t, shop.Expand(rules[0])))
}

func TestEveryLimitThatCutsIsInTheMapping(t *testing.T) {
	longest := Names{Project: strings.Repeat("p", 24), Environments: []string{strings.Repeat("e", 16)}}
	m, ok := longest.Mapping()
	require.True(t, ok)
	for _, typ := range Known() {
		r, _ := find(typ)
		for _, g := range r.all() {
			for _, resource := range g.on {
				for _, found := range namePlaceholder.FindAllString(text(t, longest.Expand(resource)), -1) {
					t.Errorf("%s: %s is left in %s", typ, found, resource)
				}
				for _, name := range cfn.References(longest.Expand(resource)) {
					if name.Kind == cfn.ToMapping {
						expanded := text(t, longest.Expand(resource))
						key := expanded[strings.Index(expanded, "${First")+2:]
						key = key[:strings.Index(key, "}")]
						assert.NotNil(t, m.Rows[0].Values.Get(key), "%s: %s reads %s", typ, resource, key)
					}
				}
			}
		}
	}
}

func TestNoARNNamesAPartition(t *testing.T) {
	for _, typ := range Known() {
		statements, _ := For(nil, []string{typ}, shop)
		for _, s := range statements {
			for _, resource := range texts(t, s.Resources) {
				assert.False(t, strings.HasPrefix(resource, "arn:aws"), resource)
				assert.NotRegexp(t, `\{[a-z]+(:\d+)?\}`, strings.ReplaceAll(resource, "${", "$"), "a placeholder is left")
			}
		}
	}
}

func FuzzATextWithoutPlaceholdersStaysAsItIs(f *testing.F) {
	f.Add("arn:${AWS::Partition}:s3:::{name:63}*")
	f.Add("{name:}")
	f.Add("{name:99999999999999999999999}")
	f.Add("*")
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "{}\x00") {
			return
		}
		assert.Equal(t, s, shop.Expand(s))
	})
}
