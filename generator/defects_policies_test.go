package generator

import "testing"

// policyDefects leave every name right and a permission wrong. Only a proof of what
// each role can do sees them.
var policyDefects = []defect{
	{"the key lets no deploy role decrypt", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:iam::*:role/foldstack-base/acme-shop/acme-shop-dev-deploy\n", ""), seenByVerify, ""},
	{"the replica of the key does not let an account decrypt", edit(regionFile, "                - '444444444444'\n", ""), seenByVerify, ""},
	{"the artifact bucket lets a foreign account read", edit(toolingFile, "          - Sid: DeployRolesRead\n            Effect: Allow\n            Principal:\n              AWS:\n                - '222222222222'", "          - Sid: DeployRolesRead\n            Effect: Allow\n            Principal:\n              AWS:\n                - '999999999999'"), seenByVerify, ""},
	{"the artifact bucket lets nobody list it", edit(toolingFile, "              - s3:GetObjectVersion\n              - s3:ListBucket\n", "              - s3:GetObjectVersion\n"), seenByVerify, ""},
	{"the asset bucket asks for the wrong role", editNth(3, toolingFile, "acme-shop-dev-cloudformation", "acme-shop-dev-deploy"), seenByVerify, ""},
	{"the pipeline's role may not assume the deploy role of a target", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:iam::333333333333:role/foldstack-base/acme-shop/acme-shop-prod-deploy\n", ""), seenByVerify, ""},
	{"the pipeline's role may not use the key of a further region", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:kms:us-east-1:${AWS::AccountId}:key/${Key}\n", ""), seenByVerify, ""},
	{"the build's role may not write the templates of a further region", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:s3:::acme-shop-assets-${AWS::AccountId}-us-east-1/templates/*\n", ""), seenByVerify, ""},
	{"the deploy role may not pass the role of CloudFormation", edit(targetFile, "                Action: iam:PassRole\n                Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/acme-shop/acme-shop-${Environment}-cloudformation\n", "                Action: iam:GetRole\n                Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/acme-shop/acme-shop-${Environment}-cloudformation\n"), seenByVerify, ""},
	{"the deploy role may not execute a change set", edit(targetFile, "                  - cloudformation:ExecuteChangeSet\n", ""), seenByVerify, ""},
	{"the deploy role may not decrypt artifacts", edit(targetFile, "                Action:\n                  - kms:Decrypt\n                  - kms:DescribeKey\n", "                Action:\n                  - kms:DescribeKey\n"), seenByVerify, ""},
	{"the role of CloudFormation trusts another service", edit(toolingFile, "Service: cloudformation.amazonaws.com", "Service: codebuild.amazonaws.com"), seenByVerify, ""},
	{"Lambda may not pull the images of an account", edit(toolingFile, "                  - !Sub arn:${AWS::Partition}:lambda:${AWS::Region}:333333333333:function:acme-shop-*\n", ""), seenByVerify, ""},
	{"a function may not write its log", edit(ordersFile, "                  - logs:PutLogEvents\n", ""), seenByVerify, ""},
	{"a function's role is trusted by no function", edit(ordersFile, "Service: lambda.amazonaws.com", "Service: ec2.amazonaws.com"), seenByVerify, ""},
	{"the API may call another route of a function", edit(ordersFile, "/*/GET/orders/{id}", "/*/GET/order/{id}"), seenByVerify, ""},
}

func TestNoDefectOfAPolicyIsFoundBeforeItsProof(t *testing.T) { assertAllSeen(t, policyDefects) }
