package generator

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/proof"
)

// The rules of the proof.
const (
	missing   = "permission-missing"
	forbidden = "permission-forbidden"
	surplus   = "permission-surplus"
)

// after takes old text for new where it first stands behind another text.
func after(file, anchor, old, new string) plant {
	return func(t *testing.T, files map[string]string) {
		t.Helper()
		before, rest, found := strings.Cut(files[file], anchor)
		require.True(t, found, "%s has no %q any more", file, anchor)
		require.Contains(t, rest, old, "%s has it no more behind %q", file, anchor)
		files[file] = before + anchor + strings.Replace(rest, old, new, 1)
	}
}

// withoutStatement takes out a statement of a resource's policy by its Sid.
func withoutStatement(file, resource, sid string) plant {
	return func(t *testing.T, files map[string]string) {
		t.Helper()
		before, rest, found := strings.Cut(files[file], "  "+resource+":\n")
		require.True(t, found, "%s has no %s any more", file, resource)
		const item = "          - Sid: "
		head, rest, found := strings.Cut(rest, item+sid+"\n")
		require.True(t, found, "%s of %s has no statement %s any more", resource, file, sid)
		lines := strings.SplitAfter(rest, "\n")
		n := 0
		for strings.HasPrefix(lines[n], "            ") {
			n++
		}
		files[file] = before + "  " + resource + ":\n" + head + strings.Join(lines[n:], "")
	}
}

const (
	frankfurtAssets = "acme-shop-assets-${AWS::AccountId}-eu-central-1"
	principalArn    = "            Condition:\n              ArnLike:\n                aws:PrincipalArn:\n"
	devRoles        = "arn:${AWS::Partition}:iam::*:role/foldstack-base/acme-shop/acme-shop-dev-"
	prodRoles       = "arn:${AWS::Partition}:iam::*:role/foldstack-base/acme-shop/acme-shop-prod-"
	receiptsFile    = "out/functions/receipts.yaml"
	second          = "                - '333333333333'\n"
)

// policyDefects leave every name right and a permission wrong. Only a proof of what
// each role can do sees them.
var policyDefects = []defect{
	// The key.
	{"the key forgets the second account", after(toolingFile, "Sid: TargetsDecrypt", second, ""), missing, "333333333333:role/foldstack-base/acme-shop/acme-shop-prod-deploy may not kms:Decrypt on arn:aws:kms:eu-central-1:111111111111:key/"},
	{"the key lets no deploy role decrypt", after(toolingFile, "Sid: TargetsDecrypt", "                  - !Sub "+devRoles+"deploy\n", ""), missing, "acme-shop-dev-deploy may not kms:Decrypt"},
	{"the key tells the deploy roles nothing of itself", after(toolingFile, "Resource: '*'\n            Condition:\n              ArnLike:\n                kms:EncryptionContext:aws:sns:topicArn", "Action: kms:DescribeKey", "Action: kms:GetPublicKey"), missing, "-deploy may not kms:DescribeKey"},
	{"the replica of the key does not let an account decrypt", edit(regionFile, "                - '444444444444'\n", ""), missing, "arn:aws:kms:us-east-1:111111111111:key/"},
	{"the key lets every role of a target decrypt", after(toolingFile, "Sid: TargetsDecrypt", "              ArnLike:\n                aws:PrincipalArn:\n                  - !Sub "+devRoles+"cloudformation\n                  - !Sub "+devRoles+"deploy\n                  - !Sub "+prodRoles+"cloudformation\n                  - !Sub "+prodRoles+"deploy\n", ""), forbidden, "an outsider uses the key"},
	{"the key lets a target decrypt what no service reads for it", after(toolingFile, "Sid: TargetsDecrypt", "              StringLike:\n                kms:ViaService: !Sub s3.${AWS::Region}.*\n", ""), surplus, "without a condition on kms:ViaService"},
	{"the key is for the log group of something else", edit(toolingFile, "log-group:/aws/codebuild/acme-shop-build\n          - Sid", "log-group:/aws/codebuild/acme-shop-other\n          - Sid"), missing, "logs.eu-central-1.amazonaws.com may not kms:"},
	{"anybody may be given the key by a grant", withoutStatement(toolingFile, "Key", "OnlyServicesGrant"), forbidden, "somebody gives the key away by a grant"},
	{"the key does not leave it to the policies of its account", after(toolingFile, "Sid: AccountAdministers", "Action: kms:*", "Action: kms:PutKeyPolicy"), missing, "acme-shop-build may not kms:"},
	{"a deploy role names the key by its alias", after(targetFile, "PolicyName: artifacts", ":key/${KeyId}", ":alias/foldstack/acme-shop${KeyId}"), missing, "-deploy may not kms:Decrypt"},
	{"the artifact store names the key by an alias, which every account looks up for itself", edit(pipelineFile, "!Sub\n                - arn:${AWS::Partition}:kms:eu-central-1:${AWS::AccountId}:key/${KeyId}\n                - KeyId: !ImportValue foldstack-acme-shop-KeyId\n", "alias/foldstack/acme-shop\n"), missing, "alias"},

	// The buckets.
	{"the artifact bucket lets a foreign account read", after(toolingFile, "Sid: DeployRolesRead", "'222222222222'", "'999999999999'"), missing, "222222222222:role/foldstack-base/acme-shop/acme-shop-dev-deploy may not s3:GetObject"},
	{"the artifact bucket lets nobody list it", edit(toolingFile, "              - s3:GetObjectVersion\n              - s3:ListBucket\n", "              - s3:GetObjectVersion\n"), missing, "may not s3:ListBucket on arn:aws:s3:::acme-shop-artifacts-111111111111-eu-central-1"},
	{"the asset bucket asks for the wrong role", after(toolingFile, "Sid: TargetsRead", "acme-shop-dev-cloudformation", "acme-shop-dev-deploy"), missing, "acme-shop-dev-cloudformation may not s3:GetObject on arn:aws:s3:::acme-shop-assets-"},
	{"the asset bucket is open to a whole account", after(toolingFile, "Sid: TargetsRead", principalArn+"                  - !Sub "+devRoles+"cloudformation\n                  - !Sub "+prodRoles+"cloudformation\n", ""), surplus, "it lets everybody in who is 222222222222"},
	{"the asset bucket is open to everybody with the right name", after(toolingFile, "Sid: TargetsRead", "              AWS:\n                - '222222222222'\n                - '333333333333'\n                - '444444444444'\n", "              AWS: '*'\n"), surplus, "it lets everybody in"},
	{"an asset may be written twice", withoutStatement(toolingFile, "AssetBucketPolicy", "WrittenOnce"), forbidden, "an asset is written a second time"},
	{"assets may be read without TLS", withoutStatement(toolingFile, "AssetBucketPolicy", "OnlyByTLS"), forbidden, "something is reached without TLS"},
	{"artifacts may be read without TLS", withoutStatement(toolingFile, "ArtifactBucketPolicy", "OnlyByTLS"), forbidden, "something is reached without TLS"},
	{"failures may be told without TLS", withoutStatement(pipelineFile, "FailureTopicPolicy", "OnlyByTLS"), forbidden, "something is reached without TLS"},
	{"EventBridge may not tell of a failure", withoutStatement(pipelineFile, "FailureTopicPolicy", "EventsPublish"), missing, "events.amazonaws.com may not sns:Publish"},

	// Images, which two principals pull.
	{"Lambda may not pull the images of an account", after(toolingFile, "Sid: LambdaPulls", "                  - !Sub arn:${AWS::Partition}:lambda:${AWS::Region}:333333333333:function:acme-shop-prod-*\n", ""), missing, "lambda.amazonaws.com may not ecr:BatchGetImage"},
	{"only Lambda may pull an image", withoutStatement(toolingFile, "Images", "TargetsPull"), missing, "-cloudformation may not ecr:BatchGetImage"},
	{"only the role of CloudFormation may pull an image", withoutStatement(toolingFile, "Images", "LambdaPulls"), missing, "lambda.amazonaws.com may not ecr:BatchGetImage"},
	{"Lambda pulls images for anybody", after(toolingFile, "Sid: LambdaPulls", "            Condition:\n              ArnLike:\n                aws:SourceArn:\n", "            Condition:\n              ArnLike:\n                aws:SourceArn:\n                  - arn:*:lambda:*:*:function:*\n"), forbidden, "somebody else's function runs an image"},
	{"a function's image is for the repository of another region", edit(targetFile, "ecr:*:111111111111:repository", "ecr:eu-west-1:111111111111:repository"), missing, "-cloudformation may not ecr:BatchGetImage"},

	// Trust.
	{"the role of CloudFormation trusts another service", edit(toolingFile, " Service: cloudformation.amazonaws.com", " Service: codebuild.amazonaws.com"), missing, "cloudformation.amazonaws.com may not sts:AssumeRole on arn:aws:iam::111111111111"},
	{"the role of CloudFormation trusts another service in the targets", edit(targetFile, " Service: cloudformation.amazonaws.com", " Service: codebuild.amazonaws.com"), missing, "cloudformation.amazonaws.com may not sts:AssumeRole on arn:aws:iam::222222222222"},
	{"the deploy role trusts a role that does not exist", after(targetFile, "  DeployRole:\n", "acme-shop/acme-shop-pipeline\n", "acme-shop/acme-shop-pipelin\n"), "unknown-role", "acme-shop-pipelin of the account 111111111111"},
	{"the deploy role trusts every role of the tooling account", after(targetFile, "  DeployRole:\n", "            Condition:\n              ArnEquals:\n                aws:PrincipalArn: !Sub arn:${AWS::Partition}:iam::111111111111:role/foldstack-base/acme-shop/acme-shop-pipeline\n", ""), forbidden, "an outsider takes a role of the delivery"},
	{"the build's role is taken for any project of any account", after(toolingFile, "  BuildRole:\n", "            Condition:\n              ArnEquals:\n                aws:SourceArn: !Sub arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:project/acme-shop-build\n", ""), forbidden, "codebuild.amazonaws.com takes a role for another account"},
	{"the pipeline's role may not assume the deploy role of a target", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:iam::333333333333:role/foldstack-base/acme-shop/acme-shop-prod-deploy\n", ""), missing, "acme-shop-pipeline may not sts:AssumeRole on arn:aws:iam::333333333333:role"},
	{"the pipeline's role may assume any role", after(toolingFile, "Action: sts:AssumeRole\n                Resource:\n", "                  - !Sub arn:${AWS::Partition}:iam::333333333333:role/foldstack-base/acme-shop/acme-shop-prod-deploy\n", "                  - arn:aws:iam::*:role/*\n"), forbidden, "a role of somebody else is taken"},
	{"a function's role is trusted by no function", edit(ordersFile, "Service: lambda.amazonaws.com", "Service: ec2.amazonaws.com"), missing, "lambda.amazonaws.com may not sts:AssumeRole"},

	// Roles that are passed.
	{"the deploy role may not pass the role of CloudFormation", after(targetFile, "PolicyName: change-sets", "Action: iam:PassRole", "Action: iam:GetRole"), missing, "acme-shop-dev-deploy may not iam:PassRole"},
	{"the deploy role passes a role to any service", after(targetFile, "PolicyName: change-sets", "                Condition:\n                  StringEqualsIfExists:\n                    iam:PassedToService: cloudformation.amazonaws.com\n", ""), forbidden, "a role of the delivery is passed to code"},
	{"the role of CloudFormation passes functions' roles to any service", edit(targetFile, "            Condition:\n              StringEquals:\n                iam:PassedToService: lambda.amazonaws.com\n", ""), surplus, "without a condition on iam:PassedToService"},
	{"a change set is given the role of another account", editAll(pipelineFile, "iam::444444444444:role/foldstack-base/acme-shop/acme-shop-prod-cloudformation", "iam::333333333333:role/foldstack-base/acme-shop/acme-shop-prod-cloudformation"), "action-account", "gives CloudFormation a role of 333333333333"},
	{"a change set may be made without a role", after(targetFile, "PolicyName: change-sets", "                  ArnEquals:\n                    cloudformation:RoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/acme-shop/acme-shop-${Environment}-cloudformation\n", ""), forbidden, "a stack is deployed without its role"},
	{"the deploy role may not execute a change set", edit(targetFile, "                  - cloudformation:ExecuteChangeSet\n", ""), missing, "-deploy may not cloudformation:ExecuteChangeSet"},
	{"the deploy role may not decrypt artifacts", after(targetFile, "PolicyName: artifacts", "Action: kms:Decrypt", "Action: kms:Encrypt"), missing, "acme-shop-dev-deploy may not kms:Decrypt"},
	{"the deploy role may change the base stack of its account", after(targetFile, "PolicyName: change-sets", "              - Effect: Deny\n                Action: cloudformation:*\n", "              - Effect: Deny\n                Action: cloudformation:Detect*\n"), forbidden, "of the delivery is changed"},

	// Limits of what is deployed.
	{"the boundary allows everything", edit(targetFile, "              - appconfig:GetLatestConfiguration\n", "              - '*'\n"), forbidden, "a function deploys with the role of the stack"},
	{"the boundary lets functions change who may do what", edit(targetFile, "              - iam:Attach*\n", ""), forbidden, "a function changes who may do what"},
	{"the boundary lets functions pass any role", edit(targetFile, "            Action: iam:PassRole\n            NotResource:", "            Action: iam:GetRole\n            NotResource:"), forbidden, "a function passes a role that no deployment made"},
	{"the boundary allows a function less than it is permitted", edit(targetFile, "              - dynamodb:PutItem\n", ""), missing, "may not dynamodb:PutItem"},
	{"a role may be made without the boundary", all(edit(targetFile, "            Condition:\n              StringEquals:\n                iam:PermissionsBoundary: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/foldstack-base/acme-shop/acme-shop-${Environment}-boundary\n", ""), edit(targetFile, "                  - iam:CreateRole\n", "")), forbidden, "a role has no boundary"},
	{"the boundary may be taken off a role", edit(targetFile, "Action: iam:DeleteRolePermissionsBoundary", "Action: iam:GetRole"), forbidden, "a role loses its boundary"},
	{"the role of CloudFormation may change the roles of the delivery", edit(targetFile, "                  - !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/*\n", ""), forbidden, "a role of the delivery is changed"},
	{"the role of CloudFormation may do anything with its functions", edit(targetFile, "              - lambda:AddPermission\n", "              - lambda:*\n"), surplus, "lambda:* is wider than the actions that are needed"},
	{"the role of CloudFormation may write any function", after(targetFile, "- lambda:AddPermission\n", ":function:acme-shop-${Environment}-*\n", ":function:*\n"), surplus, ":function:* is wider than what"},

	// Pipeline and build.
	{"the pipeline's role may not use the key of a further region", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:kms:us-east-1:${AWS::AccountId}:key/${Key}\n", ""), missing, "acme-shop-pipeline may not kms:"},
	{"the pipeline's role may not ask for an approval", edit(toolingFile, "Action: sns:Publish", "Action: sns:Subscribe"), missing, "acme-shop-pipeline may not sns:Publish"},
	{"the build's role may not write the templates of a further region", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:s3:::acme-shop-assets-${AWS::AccountId}-us-east-1/templates/*\n", ""), missing, "acme-shop-build may not s3:PutObject"},
	{"the build's role may write anything beside the assets", editAll(toolingFile, frankfurtAssets+"/functions/*", frankfurtAssets+"/*"), forbidden, "something is written that is no asset"},
	{"the build's role may open the key", after(toolingFile, "PolicyName: build", "                  - kms:Encrypt\n", "                  - kms:PutKeyPolicy\n"), forbidden, "the key of the delivery is opened"},

	// Functions.
	{"a function may not write its log", edit(ordersFile, "                  - logs:PutLogEvents\n", ""), missing, "OrdersApi/Role> may not logs:PutLogEvents"},
	{"a function may not do what it is declared to do", edit(ordersFile, "                  - dynamodb:GetItem\n", ""), missing, "is declared to call dynamodb:GetItem"},
	{"a function may read every table", edit(ordersFile, "Resource: !Ref OrdersOutputTableArn", "Resource: [!Ref OrdersOutputTableArn, '*']"), surplus, "* is wider than what dynamodb:GetItem"},
	{"a function may not take messages from its queue", edit(receiptsFile, "                  - sqs:ReceiveMessage\n", ""), missing, "may not sqs:ReceiveMessage"},
	{"the API may call another route of a function", edit(ordersFile, "/*/GET/orders/{id}", "/*/GET/order/{id}"), missing, "apigateway.amazonaws.com may not lambda:InvokeFunction"},
	{"any rule may call a function", edit(thumbnailFile, "      Principal: events.amazonaws.com\n      SourceArn: !GetAtt RuleAwsS3ObjectCreatedaebf2f3d.Arn\n", "      Principal: events.amazonaws.com\n"), surplus, "without a condition on aws:SourceArn"},
	{"a schedule may not call its function", edit(watchFile, "                Action: lambda:InvokeFunction\n                Resource: !Ref Live\n", "                Action: lambda:InvokeFunction\n                Resource: !GetAtt Function.Arn\n"), missing, "may not lambda:InvokeFunction"},
}

func TestEveryDefectOfAPolicyIsFound(t *testing.T) {
	assert.GreaterOrEqual(t, len(policyDefects), 40)
	assertAllSeen(t, policyDefects)
}

// A role that is deleted and made again has another id, and AWS keeps ids.
func TestARoleThatAPolicyNamesByItsARNIsNoted(t *testing.T) {
	set, err := shippedSet()
	require.NoError(t, err)
	notes := func(plant plant) []proof.Note {
		var problems diag.Problems
		documents := set.with(t, plant, &problems)
		return prove(set.project, documents, nil, &problems).Notes
	}
	assert.Empty(t, notes(all()), "ours name accounts")
	named := notes(after(targetFile, "  DeployRole:\n", "!Sub arn:${AWS::Partition}:iam::111111111111:root\n", "!Sub arn:${AWS::Partition}:iam::111111111111:role/foldstack-base/acme-shop/acme-shop-pipeline\n"))
	require.NotEmpty(t, named)
	assert.Contains(t, named[0].Text, "names the role arn:aws:iam::111111111111:role/foldstack-base/acme-shop/acme-shop-pipeline as its principal: AWS keeps the role's id instead, and once the role is deleted and made again it is shut out")
	assert.Contains(t, named[0].Text, "it also has to exist before, and the stack acme-shop-tooling makes it")
	assert.Contains(t, named[0].Hint, "aws:PrincipalArn")
}
