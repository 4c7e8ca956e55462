package proof_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
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
	assert.Equal(t, ``, told(prove(base, one, two)))
}

func TestABucketPolicyThatNamesTheWrongRoleIsFound(t *testing.T) {
	base := estateOf(t,
		root(t, "bucket.yaml", tools, frank, bucketWith("assets", allow("s3:GetObject", "!Sub '${Bucket.Arn}/*'", "Sid: Read",
			"Principal: {AWS: ['222222222222']}", "Condition: {ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/deployer'}}"))),
		root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("s3:GetObject", "'arn:aws:s3:::assets/*'"))))
	d := call(role(first, "deploy"), "s3:GetObject", "arn:aws:s3:::assets/code.zip")
	d.Within = []string{"arn:aws:s3:::assets/*"}
	assert.Equal(t, ``, told(prove(base, d)))
}

func TestARoleThatIsPassedToAnyServiceIsSurplus(t *testing.T) {
	base := estateOf(t, root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("iam:PassRole", "'arn:aws:iam::222222222222:role/work'"))))
	d := narrowed(with(call(role(first, "deploy"), "iam:PassRole", role(first, "work")), "iam:passedtoservice", "cloudformation.amazonaws.com"), "iam:passedtoservice")
	assert.Equal(t, ``, told(prove(base, d)))
}

func TestTrustOfARoleThatDoesNotExistIsFound(t *testing.T) {
	base := estateOf(t, root(t, "deploy.yaml", first, frank, roleWith("deploy",
		policyOf("{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: 'arn:aws:iam::111111111111:role/pipelin'}}"), allow("s3:ListAllMyBuckets", "'*'"))),
		root(t, "pipeline.yaml", tools, frank, roleWith("pipeline", trustNobody, allow("sts:AssumeRole", "'arn:aws:iam::222222222222:role/deploy'"))))
	p := prove(base, call(role(tools, "pipeline"), "sts:AssumeRole", role(first, "deploy")), call(role(first, "deploy"), "s3:ListAllMyBuckets", "*"))
	assert.Equal(t, ``, told(p))
	assert.Equal(t, ``, p.Notes[0].Text)
	assert.Equal(t, ``, p.Notes[0].Hint)
	assert.Equal(t, ``, p.Notes[0].Place.String())
}

func TestARoleByItsARNIsShutOutOnceItIsMadeAgain(t *testing.T) {
	deploy := func(principal string) string {
		return roleWith("deploy", policyOf("{Effect: Allow, Action: sts:AssumeRole, "+principal+"}"), allow("s3:ListAllMyBuckets", "'*'"))
	}
	pipeline := root(t, "pipeline.yaml", tools, frank, roleWith("pipeline", trustNobody, allow("sts:AssumeRole", "'arn:aws:iam::222222222222:role/deploy'")))
	demands := prove(estateOf(t, root(t, "deploy.yaml", first, frank, deploy("Principal: {AWS: 'arn:aws:iam::111111111111:role/pipeline'}")), pipeline),
		call(role(tools, "pipeline"), "sts:AssumeRole", role(first, "deploy")), call(role(first, "deploy"), "s3:ListAllMyBuckets", "*"))
	assert.Equal(t, ``, told(demands))
	assert.Equal(t, ``, demands.Notes[0].Text)
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
	assert.Equal(t, ``, told(prove(base, call(role(first, "deploy"), "ecr:BatchGetImage", images), pull)))
}

func TestAnAliasIsNoKeyInAPolicy(t *testing.T) {
	base := estateOf(t, root(t, "key.yaml", first, frank, keyWith(allow("kms:*", "'*'", "Principal: {AWS: 'arn:aws:iam::222222222222:root'}"))+
		"  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/own, TargetKeyId: !Ref Key}}\n"),
		root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("kms:Decrypt", "'arn:aws:kms:eu-central-1:222222222222:alias/own'"))))
	assert.Equal(t, ``, told(prove(base, call(role(first, "deploy"), "kms:Decrypt", "arn:aws:kms:eu-central-1:222222222222:alias/own"))))
}

func TestAChangeSetRoleOfAnotherAccountCannotBePassed(t *testing.T) {
	base := estateOf(t,
		root(t, "deploy.yaml", first, frank, roleWith("deploy", trustNobody, allow("iam:PassRole", "'arn:aws:iam::222222222222:role/cloudformation'", "Condition: {StringEquals: {'iam:PassedToService': cloudformation.amazonaws.com}}"))),
		root(t, "other.yaml", second, frank, roleWith("cloudformation", policyOf("{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: cloudformation.amazonaws.com}}"), allow("s3:ListAllMyBuckets", "'*'"))))
	pass := narrowed(with(call(role(first, "deploy"), "iam:PassRole", role(second, "cloudformation")), "iam:passedtoservice", "cloudformation.amazonaws.com"), "iam:passedtoservice")
	assert.Equal(t, ``, told(prove(base, pass)))
}
