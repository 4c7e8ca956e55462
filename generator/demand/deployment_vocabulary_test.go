package demand_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

func vocabulary(t testing.TB) demand.VocabularyOf {
	t.Helper()
	return demand.VocabularyOf{
		Own:   ownTypes,
		Users: []string{"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"},
		Names: handler.Names{Root: "acme-shop-dev", Folder: "acme-shop/dev/", Path: "/foldstack/acme-shop/dev/"},
		Role:  deployRole, Boundary: "arn:aws:iam::" + development + ":policy/foldstack-base/acme-shop/acme-shop-dev-boundary",
		Partition: model.Commercial, Account: development, Region: symbol.New("region"),
		Assets:     "acme-shop-assets-" + tooling + "-" + symbol.New("region"),
		Repository: tooling + ".dkr.ecr." + symbol.New("region") + ".amazonaws.com/foldstack/acme-shop",
		Stores:     shipped(t), Step: executing, Cause: diag.Place{File: "foldstack.yaml", Line: 1},
	}
}

// ownTypes are those that the generated stacks of the shipped project can hold.
var ownTypes = []string{
	"AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage",
	"AWS::CloudFormation::Stack", "AWS::Config::ConfigRule", "AWS::Events::Rule", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role",
	"AWS::Lambda::Alias", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Lambda::Version",
	"AWS::Logs::LogGroup", "AWS::SNS::Subscription", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy",
	"AWS::Scheduler::Schedule",
}

func TestEveryCallOfTheShippedVocabularyIsListed(t *testing.T) {
	compare(t, "vocabulary.golden", demand.Vocabulary(vocabulary(t)))
}

func TestABucketInAnyRegionHasTheKeyOfOne(t *testing.T) {
	v := vocabulary(t)
	decrypts := matching(demand.Vocabulary(v), "kms:Decrypt", ":"+tooling+":")
	require.Len(t, decrypts, 1)
	assert.Contains(t, decrypts[0].Resource, "arn:aws:kms:"+v.Region+":"+tooling+":key/mrk-")
	assert.Equal(t, []string{"arn:aws:s3:::" + v.Assets}, decrypts[0].Context["kms:encryptioncontext:aws:s3:arn"])
}

func TestWhatHingesOnAPropertyOfAUsersTypeIsSpare(t *testing.T) {
	demands := demand.Vocabulary(vocabulary(t))
	assert.False(t, matching(demands, "dynamodb:CreateTable")[0].Spare)
	assert.True(t, matching(demands, "dynamodb:EnableKinesisStreamingDestination")[0].Spare)
	assert.False(t, matching(demands, "lambda:PutFunctionConcurrency")[0].Spare, "the generated stacks set it")
	assert.Empty(t, matching(demands, "lambda:PutFunctionRecursionConfig"), "and not this")
}

// usersVocabulary are the demands for types that only users hold.
func usersVocabulary(t *testing.T, types ...string) []demand.Demand {
	t.Helper()
	v := vocabulary(t)
	v.Own, v.Users = nil, types
	return demand.Vocabulary(v)
}

func TestWhatIsDoneWithAUsersKeyIsSpare(t *testing.T) {
	demands := usersVocabulary(t, "AWS::KMS::Key")
	assert.True(t, matching(demands, "kms:PutKeyPolicy")[0].Spare, "nobody knows the policy of a key that is not there")
	assert.True(t, matching(demands, "kms:CreateGrant")[0].Spare)
	assert.False(t, matching(demands, "kms:CreateKey")[0].Spare)
}

func TestAUsersRoleHasTheBoundary(t *testing.T) {
	boundary := []string{vocabulary(t).Boundary}
	assert.Equal(t, boundary, matching(usersVocabulary(t, "AWS::IAM::Role"), "iam:CreateRole")[0].Context["iam:permissionsboundary"])
	assert.Equal(t, boundary, matching(usersVocabulary(t, "AWS::IAM::RolePolicy"), "iam:PutRolePolicy")[0].Context["iam:permissionsboundary"])
}

func TestWhatAUserAddsToSomethingIsAddedToTheDeploymentsOwn(t *testing.T) {
	layer := matching(usersVocabulary(t, "AWS::Lambda::LayerVersionPermission"), "lambda:AddLayerVersionPermission")
	require.Len(t, layer, 1)
	assert.Equal(t, []string{"arn:aws:lambda:*:" + development + ":layer:acme-shop-dev-*"}, layer[0].Within)

	var groups []string
	for _, d := range matching(usersVocabulary(t, "AWS::Logs::MetricFilter"), "logs:PutMetricFilter") {
		groups = append(groups, d.Within...)
	}
	assert.Equal(t, []string{
		"arn:aws:logs:*:" + development + ":log-group:acme-shop-dev-*",
		"arn:aws:logs:*:" + development + ":log-group:/aws/*/acme-shop-dev-*",
	}, groups)
}

func TestAnybodyMayBeSubscribedToAUsersOwnTopic(t *testing.T) {
	own := matching(usersVocabulary(t, "AWS::SNS::Subscription"), "sns:Subscribe", ":acme-shop-dev-")
	require.Len(t, own, 3, "a function, a queue and an address")
	for _, d := range own {
		assert.Empty(t, d.Narrowed)
	}
}

func TestWhoeverSubscribesToAnotherTopicSubscribesAFunction(t *testing.T) {
	subscriptions := matching(demand.Vocabulary(vocabulary(t)), "sns:Subscribe")
	require.Len(t, subscriptions, 2)
	assert.Empty(t, subscriptions[0].Narrowed)
	assert.Contains(t, subscriptions[1].Narrowed, "sns:endpoint")
	for _, pattern := range subscriptions[1].Leeway["sns:endpoint"] {
		assert.Equal(t, "arn:aws:lambda:*:"+development+":function:acme-shop-dev-*", pattern)
	}
	assert.Equal(t, []string{"arn:aws:sns:*:*:*"}, subscriptions[1].Within)
}

// A property that a stack sets and the table does not would need a permission that no
// demand asks for.
func TestTheVocabularySetsWhatGeneratedStacksSet(t *testing.T) {
	set, met := demand.GeneratedProperties(), map[string]bool{}
	for _, file := range generatedStacks(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		document := root(t, file, home, string(text), nil).Document
		for i := range document.Resources {
			r := &document.Resources[i]
			properties, _ := r.Properties().(cfn.Map)
			for _, entry := range properties {
				if known, own := set[r.Type()]; own && !usersOwn(file, r.Name) {
					met[r.Type()] = true
					assert.Contains(t, known, entry.Key, "%s of %s in %s", r.Name, r.Type(), file)
				}
			}
		}
	}
	// A role that may do more than it can hold itself is in none of the projects.
	met["AWS::IAM::ManagedPolicy"] = true
	for typ := range set {
		assert.True(t, met[typ], "no generated stack holds %s", typ)
	}
}

// usersOwn tells of the one queue that stands in for a user's.
func usersOwn(file, id string) bool {
	return strings.HasSuffix(file, "sqs-existing.yaml") && id == "Jobs"
}

// generatedStacks are the stacks that roles of deployments make, of every project that
// is generated in this repository, and what each kind of event adds to one.
func generatedStacks(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{
		"../event/testdata/*.yaml", "../../out/functions/*.yaml", "../../out/[ao]*.yaml", "../testdata/*/out/functions/*.yaml", "../testdata/*/out/[ao]*.yaml",
	} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.NotEmpty(t, files)
	return files
}
