package proof_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/proof"
)

// statement is a policy with one statement, given as YAML in flow style.
func policyOf(statements ...string) string {
	return "{Version: '2012-10-17', Statement: [" + strings.Join(statements, ", ") + "]}"
}

// trustNobody is for roles of which nobody asks who may take them.
const trustNobody = ""

// roleWith is a template with one role that has one inline policy.
func roleWith(name, trust string, statements ...string) string {
	if trust != "" {
		trust = "\n      AssumeRolePolicyDocument: " + trust
	}
	return "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: " + name + trust +
		"\n      Policies:\n        - {PolicyName: own, PolicyDocument: " + policyOf(statements...) + "}\n"
}

func allow(actions, resources string, more ...string) string {
	return "{Effect: Allow, Action: " + actions + ", Resource: " + resources + strings.Join(append([]string{""}, more...), ", ") + "}"
}

func keyWith(statements ...string) string {
	return "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy: " + policyOf(statements...) + "\n"
}

func bucketWith(name string, statements ...string) string {
	return "Resources:\n  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: " + name + "}}\n  Policy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref Bucket\n      PolicyDocument: " +
		policyOf(statements...) + "\n"
}

func TestAKeyPolicyThatForgetsTheSecondAccountIsFound(t *testing.T) {
	d := document(t, "deploy.yaml", roleWith("deploy", trustNobody, allow("kms:Decrypt", "'*'")))
	base := estateOf(t, root(t, "key.yaml", tools, frank, keyWith(
		allow("kms:Decrypt", "'*'", "Sid: Targets", "Principal: {AWS: ['222222222222']}", "Condition: {ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy'}}"),
	)), place(d, first, frank), place(d, second, frank))
	arn := base.OfType("AWS::KMS::Key")[0].ARN
	one, two := call(role(first, "deploy"), "kms:Decrypt", arn), call(role(second, "deploy"), "kms:Decrypt", arn)
	one.Within, two.Within = []string{"*"}, []string{"*"}
	assert.Equal(t, `key.yaml:5:54: permission-missing: a test calls kms:Decrypt: arn:aws:iam::333333333333:role/deploy may not kms:Decrypt on arn:aws:kms:eu-central-1:111111111111:key/<key/Key>
- add the account 333333333333 to the principals of statement 1 (Targets) of key policy of Key; see https://docs.aws.amazon.com/
- key.yaml:5:54: statement 1 (Targets) of key policy of Key (key.yaml, Key) came nearest, but its principal 222222222222 is not arn:aws:iam::333333333333:role/deploy of the account 333333333333
`, told(prove(base, one, two)))
}

func TestABucketPolicyThatNamesTheWrongRoleIsFound(t *testing.T) {
	base := estateOf(t,
		root(t, "bucket.yaml", tools, frank, bucketWith("assets", allow("s3:GetObject", "!Sub '${Bucket.Arn}/*'", "Sid: Read",
			"Principal: {AWS: ['222222222222']}", "Condition: {ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/deployer'}}"))),
		root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("s3:GetObject", "'arn:aws:s3:::assets/*'"))))
	d := call(role(first, "deploy"), "s3:GetObject", "arn:aws:s3:::assets/code.zip")
	d.Within = []string{"arn:aws:s3:::assets/*"}
	assert.Equal(t, `bucket.yaml:7:59: permission-missing: a test calls s3:GetObject: arn:aws:iam::222222222222:role/deploy may not s3:GetObject on arn:aws:s3:::assets/code.zip
- let the bucket policy of assets allow s3:GetObject on arn:aws:s3:::assets/code.zip to arn:aws:iam::222222222222:root where aws:PrincipalArn is arn:aws:iam::222222222222:role/deploy; see https://docs.aws.amazon.com/
- bucket.yaml:7:59: statement 1 (Read) of bucket policy of assets (bucket.yaml, Policy) came nearest, but its condition ArnLike aws:PrincipalArn is arn:aws:iam::*:role/deployer, the request has arn:aws:iam::222222222222:role/deploy
`, told(prove(base, d)))
}

func TestARoleThatIsPassedToAnyServiceIsSurplus(t *testing.T) {
	base := estateOf(t, root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("iam:PassRole", "'arn:aws:iam::222222222222:role/work'"))))
	d := narrowed(with(call(role(first, "deploy"), "iam:PassRole", role(first, "work")), "iam:passedtoservice", "cloudformation.amazonaws.com"), "iam:passedtoservice")
	p := prove(base, d)
	assert.Equal(t, "", told(p))
	assert.Equal(t, `deploy.yaml:7:81: permission-surplus: statement 1 of policy own of the role deploy (deploy.yaml, Role): without a condition on iam:PassedToService it serves more than what needs it
- add a condition on iam:PassedToService
`, surplus(p))
}

func TestTrustOfARoleThatDoesNotExistIsFound(t *testing.T) {
	base := estateOf(t, root(t, "deploy.yaml", first, frank, roleWith("deploy",
		policyOf("{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: 'arn:aws:iam::111111111111:role/pipelin'}}"), allow("s3:ListAllMyBuckets", "'*'"))),
		root(t, "pipeline.yaml", tools, frank, roleWith("pipeline", trustNobody, allow("sts:AssumeRole", "'arn:aws:iam::222222222222:role/deploy'"))))
	p := prove(base, call(role(tools, "pipeline"), "sts:AssumeRole", role(first, "deploy")), call(role(first, "deploy"), "s3:ListAllMyBuckets", "*"))
	assert.Equal(t, `deploy.yaml:6:69: permission-missing: a test calls sts:AssumeRole: arn:aws:iam::111111111111:role/pipeline may not sts:AssumeRole on arn:aws:iam::222222222222:role/deploy
- let the trust policy of the role deploy allow sts:AssumeRole to arn:aws:iam::111111111111:root where aws:PrincipalArn is arn:aws:iam::111111111111:role/pipeline; no template makes arn:aws:iam::111111111111:role/pipelin, which statement 1 of trust policy of the role deploy names; see https://docs.aws.amazon.com/
- deploy.yaml:6:69: statement 1 of trust policy of the role deploy (deploy.yaml, Role) came nearest, but its principal arn:aws:iam::111111111111:role/pipelin is not arn:aws:iam::111111111111:role/pipeline
`, told(p))
	require.Len(t, p.Notes, 1)
	assert.Equal(t, "deploy.yaml:6:120", p.Notes[0].Place.String())
	assert.Equal(t, "statement 1 of trust policy of the role deploy names the role arn:aws:iam::111111111111:role/pipelin, which no template makes: AWS refuses the policy unless the role exists", p.Notes[0].Text)
	assert.Equal(t, "name the account, and the role in a condition on aws:PrincipalArn: that holds before the role exists, and after it was made again", p.Notes[0].Hint)
}

func TestARoleByItsARNIsShutOutOnceItIsMadeAgain(t *testing.T) {
	deploy := func(principal string) string {
		return roleWith("deploy", policyOf("{Effect: Allow, Action: sts:AssumeRole, "+principal+"}"), allow("s3:ListAllMyBuckets", "'*'"))
	}
	pipeline := root(t, "pipeline.yaml", tools, frank, roleWith("pipeline", trustNobody, allow("sts:AssumeRole", "'arn:aws:iam::222222222222:role/deploy'")))
	ask := func(principal string) *proof.Proof {
		return prove(estateOf(t, root(t, "deploy.yaml", first, frank, deploy(principal)), pipeline),
			call(role(tools, "pipeline"), "sts:AssumeRole", role(first, "deploy")), call(role(first, "deploy"), "s3:ListAllMyBuckets", "*"))
	}
	p := ask("Principal: {AWS: 'arn:aws:iam::111111111111:role/pipeline'}")
	assert.Equal(t, "", told(p)+surplus(p), "it works until then")
	require.Len(t, p.Notes, 1)
	assert.Equal(t, "statement 1 of trust policy of the role deploy names the role arn:aws:iam::111111111111:role/pipeline as its principal: AWS keeps the role's id instead, and once the role is deleted and made again it is shut out; it also has to exist before, and the stack pipeline makes it", p.Notes[0].Text)

	p = ask("Principal: {AWS: '111111111111'}, Condition: {ArnEquals: {'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/pipeline'}}")
	assert.Equal(t, "", told(p)+surplus(p))
	assert.Empty(t, p.Notes, "an account with a condition outlives the role")
}

func TestAnImageOfAnotherAccountNeedsTwoPrincipals(t *testing.T) {
	base := estateOf(t, root(t, "images.yaml", tools, frank, `
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: images
      RepositoryPolicyText: {Version: '2012-10-17', Statement: [{Sid: Deployers, Effect: Allow, Principal: {AWS: ['222222222222']}, Action: [ecr:BatchGetImage],
        Condition: {ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy'}}}]}
`), root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("ecr:BatchGetImage", "'arn:aws:ecr:eu-central-1:111111111111:repository/images'"))))
	images := "arn:aws:ecr:eu-central-1:111111111111:repository/images"
	pull := narrowed(with(by("lambda.amazonaws.com", first, "ecr:BatchGetImage", images), "aws:sourcearn", "arn:aws:lambda:eu-central-1:222222222222:function:thumbs"), "aws:sourcearn")
	assert.Equal(t, `images.yaml:7:65: permission-missing: a test calls ecr:BatchGetImage: lambda.amazonaws.com may not ecr:BatchGetImage on arn:aws:ecr:eu-central-1:111111111111:repository/images
- let the repository policy of images allow ecr:BatchGetImage on arn:aws:ecr:eu-central-1:111111111111:repository/images to lambda.amazonaws.com where aws:SourceArn is arn:aws:lambda:eu-central-1:222222222222:function:thumbs and aws:SourceAccount is 222222222222; see https://docs.aws.amazon.com/
- images.yaml:7:65: statement 1 (Deployers) of repository policy of images (images.yaml, Images) came nearest, but its principal 222222222222 is not lambda.amazonaws.com, and its condition ArnLike aws:PrincipalArn is arn:aws:iam::*:role/deploy, the request has none
`, told(prove(base, call(role(first, "deploy"), "ecr:BatchGetImage", images), pull)))
}

func TestAnAliasIsNoKeyInAPolicy(t *testing.T) {
	base := estateOf(t, root(t, "key.yaml", first, frank, keyWith(allow("kms:*", "'*'", "Principal: {AWS: 'arn:aws:iam::222222222222:root'}"))+
		"  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/own, TargetKeyId: !Ref Key}}\n"),
		root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("kms:Decrypt", "'arn:aws:kms:eu-central-1:222222222222:alias/own'"))))
	assert.Equal(t, `deploy.yaml:7:81: permission-missing: a test calls kms:Decrypt: arn:aws:iam::222222222222:role/deploy may not kms:Decrypt on arn:aws:kms:eu-central-1:222222222222:key/<key/Key>
- add arn:aws:kms:eu-central-1:222222222222:key/<key/Key> to the resources of statement 1 of policy own of the role deploy; arn:aws:kms:eu-central-1:222222222222:alias/own is an alias: policies are asked about the key behind it; see https://docs.aws.amazon.com/
- deploy.yaml:7:81: statement 1 of policy own of the role deploy (deploy.yaml, Role) came nearest, but its resource arn:aws:kms:eu-central-1:222222222222:alias/own is not arn:aws:kms:eu-central-1:222222222222:key/<key/Key>; in a policy an alias does not stand for its key
`, told(prove(base, call(role(first, "deploy"), "kms:Decrypt", "arn:aws:kms:eu-central-1:222222222222:alias/own"))))
}

func TestAChangeSetRoleOfAnotherAccountCannotBePassed(t *testing.T) {
	base := estateOf(t,
		root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("iam:PassRole", "'arn:aws:iam::222222222222:role/cloudformation'", "Condition: {StringEquals: {'iam:PassedToService': cloudformation.amazonaws.com}}"))),
		root(t, "other.yaml", second, frank, roleWith("cloudformation", policyOf("{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: cloudformation.amazonaws.com}}"), allow("s3:ListAllMyBuckets", "'*'"))))
	pass := narrowed(with(call(role(first, "deploy"), "iam:PassRole", role(second, "cloudformation")), "iam:passedtoservice", "cloudformation.amazonaws.com"), "iam:passedtoservice")
	assert.Equal(t, `deploy.yaml:7:81: permission-missing: a test calls iam:PassRole: arn:aws:iam::222222222222:role/deploy may not iam:PassRole on arn:aws:iam::333333333333:role/cloudformation
- a role can only be passed in its own account: name one of the account of the caller, or let a role of the other account make the call; see https://docs.aws.amazon.com/
- deploy.yaml:7:81: statement 1 of policy own of the role deploy (deploy.yaml, Role) came nearest, but its resource arn:aws:iam::222222222222:role/cloudformation is not arn:aws:iam::333333333333:role/cloudformation
`, told(prove(base, pass)))
}
