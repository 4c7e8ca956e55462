package demand_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/symbol"
)

// delivery is a pipeline of one stage with the actions given, in the form of a mapping
// each, and with further resources.
func delivery(actions string, resources ...string) string {
	return `
Resources:
  Artifacts: {Type: AWS::S3::Bucket, Properties: {BucketName: artifacts}}
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Name: delivery
      RoleArn: arn:aws:iam::111111111111:role/pipeline
      ArtifactStores:
        - Region: eu-central-1
          ArtifactStore: {Type: S3, Location: artifacts, EncryptionKey: {Type: KMS, Id: alias/artifacts}}
        - Region: us-east-1
          ArtifactStore: {Type: S3, Location: artifacts-abroad}
      Stages:
        - Name: Deploy
          Actions:
` + actions + strings.Join(resources, "")
}

// change is an action that changes a stack.
func change(name, configuration string, more ...string) string {
	return "            - {Name: " + name + ", ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: '1'}, Configuration: {" +
		configuration + "}" + strings.Join(more, "") + "}\n"
}

const (
	prepare = "ActionMode: CHANGE_SET_REPLACE, StackName: shop, ChangeSetName: next, TemplatePath: 'Built::shop.yaml', RoleArn: 'arn:aws:iam::222222222222:role/deployment'"
	execute = "ActionMode: CHANGE_SET_EXECUTE, StackName: shop, ChangeSetName: next"
	inThere = ", RoleArn: 'arn:aws:iam::222222222222:role/action'"
	built   = ", InputArtifacts: [{Name: Built}]"
)

const artifactKey = `
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/artifacts, TargetKeyId: !Ref Key}}
`

func TestAKeyGivenByItsAliasIsLookedForWhereTheCallerIs(t *testing.T) {
	demands := demand.Pipelines(of(t, delivery(change("prepare", prepare, inThere, built), artifactKey)))
	for _, d := range matching(demands, "kms:Decrypt", "role/pipeline") {
		assert.Contains(t, d.Resource, ":"+tooling+":key/", "the alias stands for the key in the pipeline's account")
	}
	foreign := matching(demands, "kms:Decrypt", "role/action")
	require.Len(t, foreign, 1)
	assert.Equal(t, "arn:aws:kms:eu-central-1:222222222222:alias/artifacts", foreign[0].Resource, "no key of that account")
}

func TestAServiceThatMayNotSayForWhomItAsksIsAskedForBothWays(t *testing.T) {
	demands := demand.Pipelines(of(t, delivery(change("prepare", prepare, inThere))))
	for role, key := range map[string]string{"role/pipeline": "aws:sourcearn", "role/deployment": "aws:sourceaccount"} {
		said := map[bool]int{}
		for _, d := range matching(demands, "sts:AssumeRole", ".amazonaws.com", role) {
			said[len(d.Context[key]) > 0]++
			assert.Equal(t, []string{key}, d.Narrowed)
			assert.Empty(t, d.Principal.Account, "it would be taken for aws:SourceAccount")
		}
		assert.Positive(t, said[true], role)
		assert.Equal(t, 1, said[false], role)
	}
}

func TestInputsAreCopiedOnlyToWhereTheyAreNot(t *testing.T) {
	const abroadToo = ", Region: us-east-1"
	for name, copied := range map[string]bool{abroadToo: true, ", Region: eu-central-1": false, "": false} {
		demands := demand.Pipelines(of(t, delivery(change("prepare", prepare, inThere, built, name), artifactKey)))
		puts := matching(demands, "s3:PutObject", "role/pipeline", "Deploy prepare")
		if !copied {
			assert.Empty(t, puts, name)
			continue
		}
		require.Len(t, puts, 1)
		assert.Contains(t, puts[0].Resource, "artifacts-abroad/")
		reads := matching(demands, "s3:GetObject", "role/action")
		require.Len(t, reads, 1)
		assert.Contains(t, reads[0].Resource, "artifacts-abroad/", "the action reads in its own region")
	}
}

// A key's policy has to name the account, and both keys of it that say who and how.
func TestAnotherAccountIsNarrowedToItsRoleAndToS3(t *testing.T) {
	demands := demand.Pipelines(of(t, strings.Replace(delivery(change("prepare", prepare, inThere, built), artifactKey),
		"Id: alias/artifacts", "Id: 'arn:aws:kms:eu-central-1:111111111111:key/1'", 1)))
	foreign := matching(demands, "kms:Decrypt", "role/action")
	require.Len(t, foreign, 1)
	assert.ElementsMatch(t, []string{"aws:principalarn", "kms:viaservice"}, foreign[0].Narrowed)
	assert.Equal(t, []string{"s3.*"}, foreign[0].Leeway["kms:viaservice"], "its region is that of the key")
	for _, d := range matching(demands, "kms:Decrypt", "role/pipeline") {
		assert.Empty(t, d.Narrowed, "the key's own account")
	}
	for _, d := range matching(demands, "s3:GetObject", "role/action") {
		assert.Equal(t, []string{"aws:principalarn"}, d.Narrowed)
		assert.Equal(t, tooling, d.Owner)
	}
}

// What kms:ViaService ends with is documented for other partitions only, so that no
// condition on a whole name can be relied on.
func TestTheNameOfS3IsNotGuessedInChina(t *testing.T) {
	text := strings.NewReplacer("arn:aws:", "arn:aws-cn:", "eu-central-1", "cn-north-1").Replace(delivery(change("prepare", prepare, inThere, built), artifactKey))
	base := root(t, "delivery", "cn-north-1", text, nil)
	base.Partition = model.China
	used := matching(demand.Pipelines(instantiate(t, base)), "kms:GenerateDataKey", "role/pipeline")
	require.NotEmpty(t, used)
	via := used[0].Context["kms:viaservice"][0]
	assert.True(t, authz.Matches("s3.cn-north-1.*", via))
	for _, whole := range []string{"s3.cn-north-1.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn"} {
		assert.False(t, authz.Matches(whole, via), whole)
	}
}

func TestARoleIsPassedToCloudFormationAlone(t *testing.T) {
	passed := matching(demand.Pipelines(of(t, delivery(change("prepare", prepare, inThere)+change("execute", execute, inThere)))), "iam:PassRole")
	require.Len(t, passed, 1, "executing passes no role")
	assert.Equal(t, []string{"iam:passedtoservice"}, passed[0].Narrowed)
	assert.Equal(t, []string{"cloudformation.amazonaws.com"}, passed[0].Context["iam:passedtoservice"])
	assert.Equal(t, []string{passed[0].Resource}, passed[0].Within)
}

func TestOnlyTheChangeSetOfThePipelineIsExecuted(t *testing.T) {
	executed := matching(demand.Pipelines(of(t, delivery(change("execute", execute, inThere)))), "cloudformation:ExecuteChangeSet")
	require.Len(t, executed, 1)
	assert.Equal(t, []string{"cloudformation:changesetname"}, executed[0].Narrowed)
	assert.Equal(t, []string{"next"}, executed[0].Context["cloudformation:changesetname"])
}

func TestATemplateConfigurationMayHaveTagsUntilItIsKnown(t *testing.T) {
	const configured = ", TemplateConfiguration: 'Built::out/shop.json'"
	for file, want := range map[string]string{
		"":                            "cloudformation:TagResource",
		`{"Parameters": {}}`:          "nothing",
		`{"Tags": {"team": "shop"}}`:  "cloudformation:TagResource",
		`{"StackPolicy": {"a": "b"}}`: "cloudformation:SetStackPolicy",
		`{"Tags": 5}`:                 "cloudformation:TagResource",
	} {
		base := root(t, "delivery", home, delivery(change("prepare", prepare+configured, inThere)), nil)
		if file != "" {
			base.Document.Files = map[string][]byte{"out/shop.json": []byte(file)}
		}
		demands := demand.Pipelines(instantiate(t, base))
		for _, action := range []string{"cloudformation:TagResource", "cloudformation:SetStackPolicy"} {
			assert.Equal(t, want == action, len(matching(demands, action)) > 0, "%s of %q", action, file)
		}
	}
}

func TestAnExecutedChangeSetHasTheRoleThatItWasMadeWith(t *testing.T) {
	elsewhere := strings.ReplaceAll(inThere, "222222222222", "333333333333")
	e := of(t, delivery(change("prepare", prepare, inThere)+change("execute", execute, inThere)+change("unprepared", execute, elsewhere)+
		change("update", "ActionMode: CREATE_UPDATE, StackName: delivery, TemplatePath: 'Built::p.yaml', RoleArn: 'arn:aws:iam::111111111111:role/update'")))
	role := func(account, name string) string { return "arn:aws:iam::" + account + ":role/" + name }
	step := func(action string) demand.Step { return demand.Step{Stage: "Deploy", Action: action} }
	assert.Equal(t, []demand.Deployed{
		{Stack: "shop", Account: "222222222222", Region: home, Role: role("222222222222", "deployment"), Step: step("execute")},
		{Stack: "shop", Account: "333333333333", Region: home, Step: step("unprepared")},
		{Stack: "delivery", Account: tooling, Region: home, Role: role(tooling, "update"), Step: step("update")},
	}, demand.Deployments(e))
}

func TestFurtherStacksAskForTheSameOfTheRolesAsThoseThere(t *testing.T) {
	e := of(t, delivery(change("prepare", prepare, inThere)+change("execute", execute, inThere)))
	further := demand.Further(e, func(stack string) (string, string) { return stack + "-2", stack + "-*" })
	for _, action := range []string{"cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet", "cloudformation:DescribeStacks"} {
		found := matching(further, action, ":222222222222:stack/shop-2/")
		require.NotEmpty(t, found, action)
		assert.NotEmpty(t, found[0].Page)
		assert.Equal(t, []string{"arn:aws:cloudformation:*:222222222222:stack/shop-*/*"}, found[0].Within)
	}
	assert.Empty(t, matching(further, "iam:PassRole"), "the role is the same")
	assert.Empty(t, demand.Further(e, func(string) (string, string) { return "", "" }))
}

func TestAnActionOfAnUnknownProviderIsNamed(t *testing.T) {
	e := of(t, delivery("            - {Name: cluster, ActionTypeId: {Category: Deploy, Owner: AWS, Provider: ECS, Version: '1'}, RoleArn: 'arn:aws:iam::222222222222:role/cluster'}\n"))
	unlisted := demand.UnlistedActions(e)
	require.Len(t, unlisted, 1)
	assert.Equal(t, "Deploy by ECS", unlisted[0].Provider)
	assert.NotEqual(t, diag.Place{}, unlisted[0].Cause)
	assert.Len(t, matching(demand.Pipelines(e), "sts:AssumeRole", "role/cluster"), 1, "its role is taken all the same")
}

func TestAPipelineWithoutStagesAsksForItsRoleAndItsStores(t *testing.T) {
	demands := demand.Pipelines(of(t, `
Resources:
  Pipeline: {Type: AWS::CodePipeline::Pipeline, Properties: {RoleArn: 'arn:aws:iam::111111111111:role/pipeline', Stages: [5, {Actions: [x]}]}}
`))
	assert.NotEmpty(t, matching(demands, "sts:AssumeRole"))
	assert.Empty(t, matching(demands, "s3:GetObject"))
}

// The name of the symbol of a stored setting has colons in it.
func TestAnAccountThatOnlyTheDeploymentKnowsIsTakenAsAWhole(t *testing.T) {
	demands := demand.Pipelines(of(t, delivery(change("update", "ActionMode: CREATE_UPDATE, StackName: shop",
		", RoleArn: 'arn:aws:iam::{{resolve:ssm:/delivery/account}}:role/deploy'"))))
	found := matching(demands, "cloudformation:UpdateStack")
	require.NotEmpty(t, found)
	account, _, _ := strings.Cut(strings.TrimPrefix(found[0].Principal.ARN, "arn:aws:iam::"), ":role/")
	assert.True(t, strings.HasPrefix(found[0].Resource, "arn:aws:cloudformation:"+home+":"+account+":stack/shop/"), symbol.Show(found[0].Resource))
}

func TestWhatATemplateLeavesOutIsAskedOfNobody(t *testing.T) {
	demands := demand.Pipelines(of(t, `
Resources:
  Pipeline: {Type: AWS::CodePipeline::Pipeline, Properties: {Name: shop, Stages: [{Name: Deploy, Actions: [{Name: shop}]}]}}
  Start:
    Type: AWS::Events::Rule
    Properties: {Targets: [{Arn: !Sub "arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:shop"}]}
`))
	assert.Empty(t, demands, "neither the pipeline nor the rule has a role")
}
