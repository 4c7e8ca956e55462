package demand_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/estate"
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

func TestEveryCallOfTheShippedDeploymentIsListed(t *testing.T) {
	compare(t, "deployment.golden", demand.Stack(deployment(t)))
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
