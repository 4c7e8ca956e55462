package generator

import "testing"

// Parts of the shipped pipeline that defects are planted into.
const (
	devRole        = "iam::222222222222:role/foldstack-base/acme-shop/acme-shop-dev-deploy"
	devTemplates   = "TemplatePath: Built::out/orchestration.yaml"
	devParameterAt = "TemplateConfiguration: Built::" + devParameters
	usStore        = "        - ArtifactStore:\n            Type: S3\n            EncryptionKey:\n              Id: !Sub\n                - arn:${AWS::Partition}:kms:us-east-1:${AWS::AccountId}:key/${KeyId}\n                - KeyId: !ImportValue foldstack-acme-shop-KeyId\n              Type: KMS\n            Location: acme-shop-artifacts-111111111111-us-east-1\n          Region: us-east-1\n"
	devExecute     = "            - Name: execute-222222222222-eu-central-1\n"
	prodStage      = "        - Name: prod\n"
)

// pipelineDefects are wrong in the pipeline, or between it and what it delivers and
// works with.
var pipelineDefects = []defect{
	// Stages and actions.
	{"two stages have one name", edit(pipelineFile, prodStage, "        - Name: dev\n"), "duplicate-name", `called "dev"`},
	{"two actions of a stage have one name", edit(pipelineFile, "- Name: execute-222222222222-eu-central-1", "- Name: prepare-222222222222-eu-central-1"), "duplicate-name", "prepare-222222222222-eu-central-1"},
	{"a source stands behind the first stage", edit(pipelineFile, "Category: Build", "Category: Source"), "source-stage", "sources stand in the first stage"},
	{"the first stage builds", edit(pipelineFile, "Category: Source", "Category: Build"), "source-stage", "the first stage holds nothing else"},
	{"there is one stage only", cut(pipelineFile, "        - Name: Update\n", "\n  BuildLog:"), "source-stage", "at least two stages"},

	// Artifacts.
	{"a prepare action reads a misspelt artifact", edit(pipelineFile, "                - Name: Built\n              Region", "                - Name: Build\n              Region"), "unknown-artifact", `"Build"`},
	{"the build makes an artifact that nobody reads in the place of Built", edit(pipelineFile, "              OutputArtifacts:\n                - Name: Built\n", "              OutputArtifacts:\n                - Name: Bundle\n"), "unknown-artifact", `"Built"`},
	{"two actions make one artifact", edit(pipelineFile, "              OutputArtifacts:\n                - Name: Built\n", "              OutputArtifacts:\n                - Name: Source\n"), "duplicate-artifact", `"Source"`},
	{"an artifact is read before it is made", edit(pipelineFile, "              InputArtifacts:\n                - Name: Source\n              RoleArn", "              InputArtifacts:\n                - Name: Built\n              RoleArn"), "artifact-order", `"Built"`},
	{"the build reads what it makes", editNth(2, pipelineFile, "              InputArtifacts:\n                - Name: Source\n", "              InputArtifacts:\n                - Name: Built\n"), "artifact-order", `"Built"`},
	{"an artifact is read twice by one action", edit(pipelineFile, "                - Name: Built\n              Region", "                - Name: Built\n                - Name: Built\n              Region"), "duplicate-artifact", "twice"},
	{"the build runs in a target account, where others cannot read its artifact", edit(pipelineFile, "              OutputArtifacts:\n                - Name: Built\n", "              OutputArtifacts:\n                - Name: Built\n              RoleArn: !Sub arn:${AWS::Partition}:"+devRole+"\n"), "artifact-account", "made in the account 222222222222"},

	// Regions, their stores, buckets and keys.
	{"an action is in a region without artifact store", edit(pipelineFile, "              Region: eu-central-1\n", "              Region: eu-west-1\n"), "artifact-store", "is in eu-west-1"},
	{"the artifact store of a region is missing", edit(pipelineFile, usStore, ""), "artifact-store", "is in us-east-1"},
	{"the artifact store of the pipeline's own region is missing", cut(pipelineFile, "        - ArtifactStore:\n", "        - ArtifactStore:\n            Type: S3\n            EncryptionKey:\n              Id: !Sub\n                - arn:${AWS::Partition}:kms:us-east-1"), "artifact-store", "the region of the pipeline"},
	{"a region has two artifact stores", edit(pipelineFile, "          Region: us-east-1\n      ExecutionMode", "          Region: eu-central-1\n      ExecutionMode"), "artifact-store", "two artifact stores"},
	{"there is a store for one region beside those for several", edit(pipelineFile, "      ArtifactStores:\n", "      ArtifactStore:\n        Type: S3\n        Location: acme-shop-artifacts-111111111111-eu-central-1\n      ArtifactStores:\n"), "artifact-store", "either ArtifactStore or ArtifactStores"},
	{"an artifact store has the key of another region", edit(pipelineFile, ":kms:us-east-1:", ":kms:eu-central-1:"), "artifact-store", "the artifact store of us-east-1 is one of eu-central-1"},
	{"an artifact store has the key of a target account", edit(pipelineFile, ":kms:us-east-1:${AWS::AccountId}", ":kms:us-east-1:222222222222"), "artifact-store", "the account 222222222222"},
	{"an artifact store has a bucket for a key", edit(pipelineFile, ":kms:us-east-1:${AWS::AccountId}:key/", ":s3:us-east-1:${AWS::AccountId}:key/"), "artifact-store", "is no key"},
	{"an artifact store has the bucket of another region", edit(pipelineFile, "Location: acme-shop-artifacts-111111111111-us-east-1", "Location: acme-shop-artifacts-111111111111-eu-central-1"), "unknown-bucket", "us-east-1"},
	{"an artifact store has a misspelt bucket", edit(pipelineFile, "Location: acme-shop-artifacts-111111111111-us-east-1", "Location: acme-shop-artefacts-111111111111-us-east-1"), "unknown-bucket", "artefacts"},
	{"the artifact bucket was renamed in the tooling stack", edit(toolingFile, "BucketName: !Sub acme-shop-artifacts-", "BucketName: !Sub acme-shop-artifact-"), "unknown-bucket", "acme-shop-artifacts-111111111111-eu-central-1"},
	{"the asset bucket was renamed in a further region", edit(regionFile, "BucketName: !Sub acme-shop-assets-", "BucketName: !Sub acme-shop-asset-"), "unknown-bucket", "acme-shop-assets-111111111111-us-east-1"},
	{"the source is read in another region", edit(pipelineFile, "              Namespace: Source\n", "              Namespace: Source\n              Region: us-east-1\n"), "action-region", "source"},
	{"an approval stands in another region", edit(pipelineFile, "              TimeoutInMinutes: 10080\n", "              TimeoutInMinutes: 10080\n              Region: us-east-1\n"), "action-region", "approve"},
	{"a custom action stands in another region", editNth(2, pipelineFile, "                Owner: AWS\n                Provider: CloudFormation\n                Version: '1'\n              Configuration:\n                ActionMode: CHANGE_SET_REPLACE\n                StackName: acme-shop-prod\n", "                Owner: Custom\n                Provider: CloudFormation\n                Version: '1'\n              Configuration:\n                ActionMode: CHANGE_SET_REPLACE\n                StackName: acme-shop-prod\n"), "action-region", "prepare-333333333333-us-east-1"},

	// Namespaces and variables.
	{"an approval reads a variable of a misspelt namespace", edit(pipelineFile, "#{Source.CommitId}", "#{Sources.CommitId}"), "unknown-variable", `"Sources"`},
	{"an approval reads a misspelt variable", edit(pipelineFile, "#{Source.CommitId}", "#{Source.CommitID}"), "unknown-variable", "#{Source.CommitID}"},
	{"an approval reads a variable of a source in S3", edit(pipelineFile, "#{Source.CommitId}", "#{Source.VersionId}"), "unknown-variable", "#{Source.VersionId}"},
	{"an approval reads a variable of the run that is not there", edit(pipelineFile, "#{Source.CommitId}", "#{codepipeline.ExecutionId}"), "unknown-variable", "ExecutionId"},
	{"an approval reads a variable of the pipeline that is not declared", edit(pipelineFile, "#{Source.CommitId}", "#{variables.Release}"), "unknown-variable", "Release"},
	{"a namespace is left out and its variable is read", edit(pipelineFile, "              Namespace: Source\n", ""), "unknown-variable", "no action has the namespace"},
	{"a variable is read before its action has run", all(edit(pipelineFile, "              Namespace: Source\n", ""), edit(pipelineFile, "            - Name: execute-333333333333-us-east-1\n", "            - Name: execute-333333333333-us-east-1\n              Namespace: Source\n")), "unknown-variable", "has not run by then"},
	{"two actions have one namespace", edit(pipelineFile, "            - Name: build\n", "            - Name: build\n              Namespace: Source\n"), "duplicate-namespace", `"Source"`},
	{"an action takes CodePipeline's own namespace", edit(pipelineFile, "              Namespace: Source\n", "              Namespace: codepipeline\n"), "duplicate-namespace", "codepipeline"},

	// Files.
	{"a template's path is misspelt", edit(pipelineFile, devTemplates, "TemplatePath: Built::out/orchestraton.yaml"), "unknown-file", "out/orchestraton.yaml"},
	{"a template is taken of an artifact that the action does not read", edit(pipelineFile, devTemplates, "TemplatePath: Source::out/orchestration.yaml"), "unknown-artifact", `"Source"`},
	{"a template's path names no artifact", edit(pipelineFile, devTemplates, "TemplatePath: out/orchestration.yaml"), "unknown-file", "without an artifact"},
	{"the update of the pipeline takes a template that is not there", edit(pipelineFile, "Source::out/pipeline.yaml", "Source::out/pipelines.yaml"), "unknown-file", "out/pipelines.yaml"},
	{"the file of a target's parameters is missing", remove(devParameters), "unknown-file", devParameters},
	{"the file of a target's parameters is that of another region", edit(pipelineFile, devParameterAt, "TemplateConfiguration: Built::out/parameters/dev-222222222222-eu-west-1.json"), "unknown-file", "dev-222222222222-eu-west-1.json"},
	{"the file of a target's parameters is no JSON", edit(devParameters, "{", "["), "unknown-file", "no template configuration"},
	{"the parameters are no texts", edit(devParameters, `"dev"`, "5"), "unknown-file", "no template configuration"},
	{"the build's instructions are missing", edit(pipelineFile, "BuildSpec: out/buildspec/build.yml", "BuildSpec: out/buildspec/built.yml"), "unknown-file", "out/buildspec/built.yml"},

	// Parameters of a target.
	{"a target is given a parameter that its template does not have", edit(devParameters, `"AssetBucket"`, `"AssetBuckets"`), "unknown-parameter", "AssetBuckets"},
	{"a target is not given a parameter", edit(devParameters, `"AssetBucket": "acme-shop-assets-111111111111-eu-central-1",`, ""), "missing-parameter", "AssetBucket"},
	{"a target is given no parameters at all", edit(pipelineFile, "                "+devParameterAt+"\n", ""), "missing-parameter", "Environment"},
	{"a target is given an environment that its template does not allow", edit(devParameters, `"Environment": "dev"`, `"Environment": "staging"`), "parameter-value", "staging"},
	{"a target is given the parameters of another environment", edit(pipelineFile, devParameterAt, "TemplateConfiguration: Built::"+usParameters), "wrong-target", "prod, account 222222222222, eu-central-1"},
	{"a target reads its templates from the bucket of another region", edit(usParameters, "us-east-1", "eu-central-1"), "unknown-bucket", "acme-shop-assets-111111111111-eu-central-1"},
	{"a target reads its templates from a misspelt bucket", edit(devParameters, "acme-shop-assets", "acme-shop-asset"), "unknown-bucket", "acme-shop-asset-111111111111-eu-central-1"},
	{"a nested template's address has another bucket", edit(orchestrationFile, "https://${AssetBucket}.s3", "https://acme-shop-templates.s3"), "unknown-bucket", "acme-shop-templates"},
	{"a nested template's address has another region", edit(orchestrationFile, "https://${AssetBucket}.s3.${AWS::Region}", "https://${AssetBucket}.s3.eu-west-1"), "unknown-bucket", "eu-west-1"},

	// Change sets.
	{"an action executes a change set of another name", editNth(2, pipelineFile, "ChangeSetName: foldstack", "ChangeSetName: folded"), "change-set", `"folded"`},
	{"an action executes the change set of another stack", editNth(2, pipelineFile, "StackName: acme-shop-dev", "StackName: acme-shop-prod"), "change-set", "acme-shop-prod in account 222222222222"},
	{"an action executes a change set in another region", editNth(2, pipelineFile, "              Region: eu-central-1\n", "              Region: us-east-1\n"), "change-set", "account 222222222222, us-east-1"},
	{"a change set is executed while it is made", edit(pipelineFile, "RunOrder: 3", "RunOrder: 1"), "change-set", "has not made by then"},
	{"a change set is executed in a later stage", edit(pipelineFile, devExecute, "        - Name: later\n          Actions:\n"+devExecute), "change-set", "in another stage"},
	{"a change set is executed with another role", editNth(2, pipelineFile, devRole, "iam::222222222222:role/foldstack-base/acme-shop/acme-shop-dev-cloudformation"), "change-set", "with another role"},
	{"a change set is never executed", cut(pipelineFile, devExecute, prodStage), "change-set", "that no action executes"},
	{"a stack is prepared twice", edit(pipelineFile, "StackName: acme-shop-prod\n                ChangeSetName: foldstack\n                TemplatePath: Built::out/orchestration.yaml\n                TemplateConfiguration: Built::out/parameters/prod-333333333333-eu-central-1.json", "StackName: acme-shop-prod\n                ChangeSetName: foldstack\n                TemplatePath: Built::out/orchestration.yaml\n                TemplateConfiguration: Built::out/parameters/prod-333333333333-us-east-1.json"), "unknown-bucket", "us-east-1"},
	{"two accounts were swapped for one in the prepare actions", editAll(pipelineFile, "iam::444444444444:", "iam::333333333333:"), "change-set", "replaces the change set"},
	{"CloudFormation is given no role", edit(pipelineFile, "                RoleArn: !Sub arn:${AWS::Partition}:iam::222222222222:role/foldstack-base/acme-shop/acme-shop-dev-cloudformation\n", ""), "change-set", "no RoleArn"},
	{"a change set has no name", edit(pipelineFile, "                ChangeSetName: foldstack\n", ""), "change-set", "no ChangeSetName"},
	{"a deployment does not acknowledge the roles that it makes", edit(pipelineFile, "Capabilities: CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND", "Capabilities: CAPABILITY_AUTO_EXPAND"), "missing-capability", "an IAM resource"},

	// Roles and accounts.
	{"an action has a misspelt role", edit(pipelineFile, devRole, devRole+"er"), "unknown-role", "acme-shop-dev-deployer"},
	{"an action has a role under another path", edit(pipelineFile, devRole, "iam::222222222222:role/acme-shop/acme-shop-dev-deploy"), "unknown-role", "/acme-shop/acme-shop-dev-deploy"},
	{"an action has the role of another environment", edit(pipelineFile, devRole, "iam::222222222222:role/foldstack-base/acme-shop/acme-shop-prod-deploy"), "unknown-role", "acme-shop-prod-deploy of the account 222222222222"},
	{"an action has a user for a role", edit(pipelineFile, devRole, "iam::222222222222:user/foldstack-base/acme-shop/acme-shop-dev-deploy"), "unknown-role", "which is no role"},
	{"an action has a role of an account that is no target", editAll(pipelineFile, "222222222222:", "555555555555:"), "unknown-role", "the account 555555555555"},
	{"dev is deployed to an account of prod", editAll(pipelineFile, "iam::222222222222:", "iam::333333333333:"), "unknown-role", "acme-shop-dev-deploy of the account 333333333333"},
	{"prod is deployed to the account of dev", editAll(pipelineFile, "iam::333333333333:", "iam::222222222222:"), "wrong-target", "prod, account 222222222222"},
	{"a target is in another region than the project says", editAll(pipelineFile, "Region: us-east-1", "Region: eu-west-1"), "wrong-target", "eu-west-1"},
	{"a target is left out", all(cut(pipelineFile, "            - Name: prepare-444444444444-us-east-1\n", "            - Name: approve\n"), cut(pipelineFile, "            - Name: execute-444444444444-us-east-1\n", "\n  BuildLog:")), "wrong-target", "nothing deploys out/orchestration.yaml in prod, account 444444444444, us-east-1"},
	{"no action deploys the functions", all(cut(pipelineFile, "        - Name: dev\n          Actions:\n", "        - Name: prod\n"), cut(pipelineFile, "        - Name: prod\n", "\n  BuildLog:")), "wrong-target", "nothing deploys out/orchestration.yaml in dev"},
	{"CloudFormation is given a role of another account", edit(pipelineFile, "iam::333333333333:role/foldstack-base/acme-shop/acme-shop-prod-cloudformation", "iam::444444444444:role/foldstack-base/acme-shop/acme-shop-prod-cloudformation"), "action-account", "gives CloudFormation a role of 444444444444"},
	{"CloudFormation is given a misspelt role", edit(pipelineFile, "acme-shop-dev-cloudformation", "acme-shop-dev-cloud"), "unknown-role", "acme-shop-dev-cloud "},
	{"an action that is not AWS's has a role", edit(pipelineFile, "                Owner: AWS\n                Provider: CloudFormation", "                Owner: ThirdParty\n                Provider: CloudFormation"), "action-account", "not AWS's"},
	{"the pipeline has a misspelt role", edit(pipelineFile, "RoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/acme-shop/acme-shop-pipeline", "RoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/acme-shop/acme-shop-pipelines"), "unknown-role", "the pipeline names the role"},
	{"the build project has a misspelt role", edit(pipelineFile, "role/foldstack-base/acme-shop/acme-shop-build", "role/foldstack-base/acme-shop/acme-shop-builder"), "unknown-role", "acme-shop-builder"},
	{"the deploy role was renamed in the target stack", edit(targetFile, "RoleName: !Sub acme-shop-${Environment}-deploy", "RoleName: !Sub acme-shop-${Environment}-deployment"), "unknown-role", "acme-shop-dev-deploy"},
	{"the deploy role has another path in the target stack", edit(targetFile, "RoleName: !Sub acme-shop-${Environment}-deploy\n      Path: /foldstack-base/acme-shop/", "RoleName: !Sub acme-shop-${Environment}-deploy\n      Path: /foldstack/acme-shop/"), "unknown-role", "acme-shop-dev-deploy"},
	{"the target's roles are called alike in all environments", editAll(targetFile, "RoleName: !Sub acme-shop-${Environment}-", "RoleName: !Sub acme-shop-"), "unknown-role", "acme-shop-dev-deploy"},
	{"the deploy role trusts a misspelt role", edit(targetFile, "role/foldstack-base/acme-shop/acme-shop-pipeline", "role/foldstack-base/acme-shop/acme-shop-pipelines"), "unknown-role", "acme-shop-pipelines of the account 111111111111"},
	{"the deploy role trusts a pipeline of another account", edit(targetFile, "iam::111111111111:role/foldstack-base/acme-shop/acme-shop-pipeline", "iam::222222222222:role/foldstack-base/acme-shop/acme-shop-pipeline"), "unknown-role", "acme-shop-pipeline of the account 222222222222"},
	{"the key's policy names a misspelt role", edit(toolingFile, "acme-shop-dev-deploy", "acme-shop-dev-deployer"), "unknown-role", "acme-shop-dev-deployer"},
	{"the bucket's policy in a further region names a role that no target makes", editNth(3, regionFile, "acme-shop-prod-deploy", "acme-shop-production-deploy"), "unknown-role", "acme-shop-production-deploy"},
	{"the pipeline's role may assume a role that no target makes", edit(toolingFile, devRole, "iam::444444444444:role/foldstack-base/acme-shop/acme-shop-dev-deploy"), "unknown-role", "acme-shop-dev-deploy of the account 444444444444"},
	{"the deploy role may pass a role that is not made", edit(targetFile, "cloudformation:RoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/acme-shop/acme-shop-${Environment}-cloudformation", "cloudformation:RoleArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/foldstack-base/acme-shop/acme-shop-${Environment}-cfn"), "unknown-role", "acme-shop-dev-cfn"},
}

func TestEveryDefectOfThePipelineIsFound(t *testing.T) { assertAllSeen(t, pipelineDefects) }
