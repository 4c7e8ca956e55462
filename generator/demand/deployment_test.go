package demand_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/demand/handler"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

const deployRole = "arn:aws:iam::" + development + ":role/foldstack-base/acme-shop/acme-shop-dev-cloudformation"

var executing = demand.Step{Environment: "dev", Stage: "dev", Action: "execute-" + development + "-" + home}

// deployment is that of the shipped project to development.
func deployment(t testing.TB) demand.StackOf {
	t.Helper()
	e := deployed(t, "dev", development)
	return demand.StackOf{Estate: e, Stack: stackNamed(t, e, "acme-shop-dev"), Role: deployRole, Stores: shipped(t), Step: executing}
}

func stackNamed(t testing.TB, e *estate.Estate, name string) *estate.Stack {
	t.Helper()
	for _, s := range e.Stacks {
		if s.Name == name {
			return s
		}
	}
	require.Fail(t, "no stack "+name)
	return nil
}

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

func TestEveryCallOfTheShippedDeploymentIsListed(t *testing.T) {
	compare(t, "deployment.golden", demand.Stack(deployment(t)))
}

func TestEveryCallOfTheShippedVocabularyIsListed(t *testing.T) {
	compare(t, "vocabulary.golden", demand.Vocabulary(vocabulary(t)))
}

func TestEveryCallOfTheDeploymentOfThePipelineIsListed(t *testing.T) {
	e := shipped(t)
	compare(t, "selfupdate.golden", demand.Stack(demand.StackOf{
		Estate: e, Stack: stackNamed(t, e, "acme-shop-pipeline"),
		Role: "arn:aws:iam::" + tooling + ":role/foldstack-base/acme-shop/acme-shop-cloudformation",
		Step: demand.Step{Stage: "Update", Action: "update"},
	}))
}

func TestADeploymentDemandsEachThingOnceAndSaysWhy(t *testing.T) {
	for _, demands := range [][]demand.Demand{demand.Stack(deployment(t)), demand.Vocabulary(vocabulary(t))} {
		met := map[string]bool{}
		for _, d := range demands {
			key := d.Principal.ARN + d.Principal.Service + " " + d.Action + " " + d.Resource
			for _, name := range slices.Sorted(maps.Keys(d.Context)) {
				key += " " + name + strings.Join(d.Context[name], ",")
			}
			assert.False(t, met[key], symbol.Show(key))
			met[key] = true
			assert.NotZero(t, d.Cause, d.Action)
			assert.NotEmpty(t, d.Why, d.Action)
			assert.NotEmpty(t, d.Within, d.Action)
			assert.True(t, strings.HasPrefix(d.Page, "https://docs.aws.amazon.com/"), "%s: %s", d.Action, d.Page)
			assert.NotEmpty(t, d.Resource, d.Action)
		}
	}
}

func TestNothingIsDemandedOfARoleThatNobodyKnows(t *testing.T) {
	d := deployment(t)
	d.Role = ""
	assert.Empty(t, demand.Stack(d))
}

func TestANestedStackIsMadeWithTheRoleAndItsTemplateRead(t *testing.T) {
	demands := demand.Stack(deployment(t))
	passed := matching(demands, "iam:PassRole", " "+deployRole)
	require.Len(t, passed, 1)
	assert.Equal(t, []string{"iam:passedtoservice"}, passed[0].Narrowed)

	bucket := "arn:aws:s3:::acme-shop-assets-" + tooling + "-" + home
	reads := matching(demands, "s3:GetObject", "/templates/")
	assert.Len(t, reads, 6, "one for each nested stack that exists in development")
	assert.Equal(t, []string{bucket + "/templates/*"}, reads[0].Within)
	assert.Equal(t, tooling, reads[0].Owner)

	decrypts := matching(demands, "kms:Decrypt")
	require.Len(t, decrypts, 1, "with a bucket key, the bucket is what S3 tells KMS of")
	assert.Equal(t, []string{bucket}, decrypts[0].Context["kms:encryptioncontext:aws:s3:arn"])
	assert.Contains(t, decrypts[0].Narrowed, "kms:viaservice")
	assert.Equal(t, "cloudformation:CancelUpdateStack", matching(demands, "cloudformation:CancelUpdateStack")[0].Action)
}

func TestAnImageIsPulledByTheRoleAndByLambda(t *testing.T) {
	for _, action := range []string{"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"} {
		pulls := matching(demand.Stack(deployment(t)), action)
		require.Len(t, pulls, 2)
		repository := "arn:aws:ecr:" + home + ":" + tooling + ":repository/foldstack/acme-shop"
		function := "arn:aws:lambda:" + home + ":" + development + ":function:acme-shop-dev-thumbnail"
		assert.Equal(t, repository, pulls[0].Resource)
		assert.Equal(t, deployRole, pulls[0].Principal.ARN)
		assert.Equal(t, "lambda.amazonaws.com", pulls[1].Principal.Service)
		assert.Equal(t, []string{function}, pulls[1].Context["aws:sourcearn"])
		assert.Equal(t, []string{"aws:sourcearn"}, pulls[1].Narrowed)
	}
}

func TestALogWithAKeyIsEncryptedByTheService(t *testing.T) {
	e := shipped(t)
	demands := demand.Stack(demand.StackOf{Estate: e, Stack: stackNamed(t, e, "acme-shop-pipeline"), Role: deployRole, Step: executing})
	encrypts := matching(demands, "kms:Encrypt", "logs."+home)
	require.Len(t, encrypts, 1)
	assert.Equal(t, []string{"kms:encryptioncontext:aws:logs:arn"}, encrypts[0].Narrowed)
	assert.NotEmpty(t, matching(demands, "logs:AssociateKmsKey"))
}

func TestABucketInAnyRegionHasTheKeyOfOne(t *testing.T) {
	v := vocabulary(t)
	decrypts := matching(demand.Vocabulary(v), "kms:Decrypt", ":"+tooling+":")
	require.Len(t, decrypts, 1)
	assert.Contains(t, decrypts[0].Resource, "arn:aws:kms:"+v.Region+":"+tooling+":key/mrk-")
	assert.Equal(t, []string{"arn:aws:s3:::" + v.Assets}, decrypts[0].Context["kms:encryptioncontext:aws:s3:arn"])
}

func TestAnObjectIsKnownByItsURLInEitherStyle(t *testing.T) {
	for _, address := range []string{
		"https://templates.s3.eu-central-1.amazonaws.com/a/b.yaml", "https://templates.s3.amazonaws.com/a/b.yaml",
		"https://s3.eu-central-1.amazonaws.com/templates/a/b.yaml", "https://s3-eu-west-1.amazonaws.com/templates/a/b.yaml?versionId=1",
	} {
		e := of(t, "Resources:\n  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: '"+address+"'}}\n")
		reads := matching(demand.Stack(demand.StackOf{Estate: e, Stack: e.Stacks[0], Role: deployRole, Step: executing}), "s3:GetObject")
		require.Len(t, reads, 1, address)
		assert.Equal(t, "arn:aws:s3:::templates/a/b.yaml", reads[0].Resource)
	}
}

func TestTagsAreHandedDown(t *testing.T) {
	d := deployment(t)
	assert.NotEmpty(t, matching(demand.Stack(d), "sqs:TagQueue"))
	d.Untagged = true
	assert.Empty(t, matching(demand.Stack(d), "sqs:TagQueue"))
}

func TestAGeneratedNameLeavesAGrantOpenBehindTheStacksName(t *testing.T) {
	demands := demand.Stack(deployment(t))
	for action, want := range map[string]string{
		"sqs:CreateQueue":            "arn:aws:sqs:*:" + development + ":acme-shop-dev-*",
		"iam:CreateRole":             "arn:aws:iam::" + development + ":role/foldstack/acme-shop/dev/acme-shop-dev-*",
		"cloudformation:CreateStack": "arn:aws:cloudformation:*:" + development + ":stack/acme-shop-dev-*/*",
		"scheduler:CreateSchedule":   "arn:aws:scheduler:*:" + development + ":schedule/default/acme-shop-dev-certifica-44926f38d9db",
	} {
		assert.Equal(t, []string{want}, matching(demands, action)[0].Within, action)
	}
}

func TestWhatAnotherStackHoldsIsNamedByAGrant(t *testing.T) {
	e := shipped(t)
	demands := demand.Stack(demand.StackOf{Estate: e, Stack: stackNamed(t, e, "acme-shop-pipeline"), Role: deployRole, Step: executing})
	connection := stackNamed(t, e, "acme-shop-tooling").Outputs["ConnectionArn"]
	passed := matching(demands, "codeconnections:PassConnection", " "+connection)
	require.Len(t, passed, 1)
	assert.Equal(t, []string{strings.Replace(connection, home, "*", 1)}, passed[0].Within)
}

func TestATypeThatNobodyKnowsIsNamed(t *testing.T) {
	e := of(t, "Resources:\n  Database: {Type: AWS::RDS::DBInstance}\n  Jobs: {Type: AWS::SQS::Queue}\n")
	unknown := demand.UnknownTypes(e, e.Stacks[0])
	require.Len(t, unknown, 1)
	assert.Equal(t, "Database", unknown[0].ID)
	assert.Empty(t, demand.UnknownTypes(deployed(t, "dev", development), deployment(t).Stack))
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
