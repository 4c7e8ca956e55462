package generator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// surveyedFiles writes an estate and its templates, and proves it.
func surveyedFiles(t *testing.T, files map[string]string) *Result {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	result, err := VerifySurvey(SurveyOptions{File: filepath.Join(folder, "estate.yaml"), Templates: filepath.Join(folder, "templates")})
	require.NoError(t, err)
	return result
}

func told(result *Result) string {
	var lines []string
	for _, p := range result.Problems {
		lines = append(lines, p.Rule+": "+p.Text+"; "+p.Hint)
	}
	return strings.Join(lines, "\n")
}

const (
	keyTemplate = `Parameters: {Reader: {Type: String}}
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}
          - {Effect: Allow, Principal: {AWS: !Ref Reader}, Action: kms:Decrypt, Resource: "*"}
Outputs: {Arn: {Value: !GetAtt Key.Arn}}
`
	workerTemplate = `Parameters: {KeyArn: {Type: String}}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref KeyArn}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: worker
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource: !GetAtt Jobs.Arn}
              - {Effect: Allow, Action: kms:Decrypt, Resource: !Ref KeyArn}
              - {Effect: Allow, Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*"}
  Worker:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Runtime: python3.14, Handler: app.handler, Code: {ZipFile: "x"}}
  Source: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Jobs.Arn}}
Outputs: {Account: {Value: !Ref AWS::AccountId}}
`
	twoStacks = `stacks:
  key:
    template: key.yaml
    account: "111111111111"
    region: eu-central-1
    parameters: {Reader: "222222222222"}
  first:
    template: worker.yaml
    account: "222222222222"
    region: eu-central-1
    parameters: {KeyArn: !Output key.Arn}
`
)

func TestAHandWrittenEstateThatSufficesHasNoProblems(t *testing.T) {
	result := surveyedFiles(t, map[string]string{
		"estate.yaml": twoStacks, "templates/key.yaml": keyTemplate, "templates/worker.yaml": workerTemplate,
	})
	require.NotNil(t, result.Proof)
	assert.Empty(t, result.Proof.Unmet)
}

func TestAKeyThatAnotherAccountIsNotLetIntoIsFoundAcrossHandWrittenStacks(t *testing.T) {
	second := strings.ReplaceAll(twoStacks[strings.Index(twoStacks, "  first:"):], "222222222222", "333333333333")
	result := surveyedFiles(t, map[string]string{
		"estate.yaml":        twoStacks + strings.Replace(second, "first:", "second:", 1),
		"templates/key.yaml": keyTemplate, "templates/worker.yaml": workerTemplate,
	})
	require.NotNil(t, result.Proof)
	require.Len(t, result.Proof.Unmet, 1, told(result))
	c := result.Proof.Unmet[0]
	assert.Equal(t, "kms:Decrypt", c.Action)
	assert.Contains(t, c.Who, ":333333333333:role/")
	assert.Contains(t, told(result), "permission-missing")
}

// A stack may take the output of one that takes an output of another.
func TestOutputsAreHandedOnFromStackToStack(t *testing.T) {
	result := surveyedFiles(t, map[string]string{
		"estate.yaml": strings.Replace(twoStacks, `Reader: "222222222222"`, "Reader: !Output account.Account", 1) +
			"  account: {template: account.yaml, account: \"222222222222\", region: eu-central-1, parameters: {Id: !Output named.Id}}\n" +
			"  named: {template: named.yaml, account: \"222222222222\", region: eu-central-1}\n",
		"templates/key.yaml": keyTemplate, "templates/worker.yaml": workerTemplate,
		"templates/account.yaml": "Parameters: {Id: {Type: String}}\nResources: {}\nOutputs: {Account: {Value: !Ref Id}}\n",
		"templates/named.yaml":   "Resources: {}\nOutputs: {Id: {Value: !Ref AWS::AccountId}}\n",
	})
	require.NotNil(t, result.Proof, told(result))
	assert.Empty(t, result.Proof.Unmet)
}

func TestAnOrganisationsPoliciesAreReadAsTheyLie(t *testing.T) {
	files := map[string]string{
		"estate.yaml":        twoStacks + "organization:\n  - policies: [full.json, deny.json]\n",
		"templates/key.yaml": keyTemplate, "templates/worker.yaml": workerTemplate,
		"full.json": `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`,
		"deny.json": `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "sqs:ReceiveMessage", "Resource": "*"}}`,
	}
	result := surveyedFiles(t, files)
	require.NotNil(t, result.Proof, told(result))
	require.Len(t, result.Proof.Unmet, 1, told(result))
	assert.Equal(t, "sqs:ReceiveMessage", result.Proof.Unmet[0].Action)

	files["deny.json"] = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "sqs:*", "Resource": "*"}}`
	files["estate.yaml"] = twoStacks + "organization:\n  - policies: deny.json\n"
	assert.Contains(t, told(surveyedFiles(t, files)), "; let the service control policy deny.json allow sqs:")
	files["estate.yaml"] = twoStacks + "organization:\n  - policies: [full.json, deny.json]\n"

	files["deny.json"] = `{"Version": "2012-10-17", "Statement": {"Effect": "Forbid", "Action": "sqs:ReceiveMessage"}}`
	result = surveyedFiles(t, files)
	assert.Nil(t, result.Proof)
	assert.Contains(t, told(result), "estate-policy: deny.json is no service control policy")
}

const (
	delivery = `Resources:
  Artifacts: {Type: AWS::S3::Bucket, Properties: {BucketName: artifacts}}
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Name: shop
      RoleArn: arn:aws:iam::111111111111:role/pipeline
      ArtifactStore: {Type: S3, Location: !Ref Artifacts}
      Stages:
        - Name: Deploy
          Actions:
            - Name: shop
              ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}
              Configuration: {ActionMode: CREATE_UPDATE, StackName: shop, RoleArn: arn:aws:iam::111111111111:role/deploy}
            - {Name: cluster, ActionTypeId: {Category: Deploy, Owner: AWS, Provider: ECS, Version: "1"}}
`
	delivered = `Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Cluster: {Type: AWS::ECS::Cluster}
`
)

// Nothing but the template configuration gives a stack tags.
func TestAStackIsAskedForTagsWhereThePipelineGivesItSome(t *testing.T) {
	for configuration, tagged := range map[string]bool{"": false, ", TemplateConfiguration: 'Source::tags.json'": true} {
		result := surveyedFiles(t, map[string]string{
			"estate.yaml": "stacks:\n" +
				"  delivery: {template: delivery.yaml, account: \"111111111111\", region: eu-central-1}\n" +
				"  shop: {template: shop.yaml, account: \"111111111111\", region: eu-central-1}\n",
			"templates/delivery.yaml": strings.Replace(delivery, "role/deploy}", "role/deploy"+configuration+"}", 1),
			"templates/shop.yaml":     delivered,
		})
		require.NotNil(t, result.Proof, told(result))
		asked := false
		for _, c := range append(result.Proof.Unmet, result.Proof.Unproved...) {
			asked = asked || strings.HasPrefix(c.Action, "sqs:Tag")
		}
		assert.Equal(t, tagged, asked, "with %q: %s", configuration, told(result))

		var notes []string
		for _, n := range result.Proof.Notes {
			notes = append(notes, n.Text)
		}
		assert.Contains(t, notes, "what the action cluster calls is not known here: Deploy by ECS")
		assert.Contains(t, notes, "what CloudFormation calls for Cluster is not known here: AWS::ECS::Cluster")
	}
}

const setTemplate = `Resources:
  Admin:
    Type: AWS::IAM::Role
    Properties:
      RoleName: AWSCloudFormationStackSetAdministrationRole
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Principal: {Service: cloudformation.amazonaws.com}
          Action: sts:AssumeRole
          Condition: {StringEqualsIfExists: {aws:SourceAccount: !Ref AWS::AccountId}}
      Policies:
        - PolicyName: take
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::*:role/AWSCloudFormationStackSetExecutionRole"}
  Queues:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: queues
      PermissionModel: SELF_MANAGED
      Parameters: [{ParameterKey: Name, ParameterValue: jobs}]
      StackInstancesGroup:
        - DeploymentTargets: {Accounts: ["222222222222", "333333333333"]}
          Regions: [eu-central-1, us-east-1]
      TemplateBody: |
        Parameters: {Name: {Type: String}}
        Resources:
          Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Name}}
`

func execution(allowed string) string {
	return `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: AWSCloudFormationStackSetExecutionRole
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Principal: {AWS: "arn:aws:iam::111111111111:root"}
          Action: sts:AssumeRole
          Condition: {ArnEquals: {aws:PrincipalArn: "arn:aws:iam::111111111111:role/AWSCloudFormationStackSetAdministrationRole"}}
      Policies:
        - PolicyName: make
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: ` + allowed + `, Resource: "*"}
`
}

// A stack set deploys its template to every account and region that it names.
func TestAStackSetIsProvedInEveryAccountAndRegion(t *testing.T) {
	files := map[string]string{
		"estate.yaml": `stacks:
  set: {template: set.yaml, account: "111111111111", region: eu-central-1}
  execution: {template: execution.yaml, account: ["222222222222", "333333333333"], region: eu-central-1}
`,
		"templates/set.yaml": setTemplate, "templates/execution.yaml": execution("'sqs:*'"),
	}
	result := surveyedFiles(t, files)
	require.NotNil(t, result.Proof, told(result))
	assert.Empty(t, result.Proof.Unmet, told(result))

	files["templates/execution.yaml"] = execution("['sqs:DeleteQueue', 'sqs:GetQueue*', 'sqs:SetQueueAttributes', 'sqs:ListQueueTags']")
	result = surveyedFiles(t, files)
	assert.Contains(t, told(result), "role/AWSCloudFormationStackSetExecutionRole may not sqs:CreateQueue on arn:aws:sqs:eu-central-1:222222222222:jobs, and in 3 more targets")

	files["templates/execution.yaml"] = strings.Replace(execution("'sqs:*'"), "StackSetAdministrationRole\"}", "StackSetAdmin\"}", 1)
	result = surveyedFiles(t, files)
	assert.Contains(t, told(result), "may not sts:AssumeRole on arn:aws:iam::222222222222:role/AWSCloudFormationStackSetExecutionRole")
}

func TestWhatAMacroMakesOfATemplateIsNotedAsUnknown(t *testing.T) {
	for name, c := range map[string]struct {
		template string
		want     []string
	}{
		"a transform": {"Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: AWS::Serverless::Function}}\n", []string{"what AWS::Serverless-2016-10-31 makes of it is not known here, so that nothing of that is proved"}},
		"several":     {"Transform: [AWS::LanguageExtensions, Ours]\nResources: {F: {Type: AWS::SNS::Topic}}\n", []string{"what Ours makes of it is not known here, so that nothing of that is proved"}},
		"a loop":      {"Transform: AWS::LanguageExtensions\nResources: {'Fn::ForEach::Topics': [N, [A], {'T${N}': {Type: AWS::SNS::Topic}}]}\n", []string{"what Fn::ForEach::Topics makes of it is not known here, so that nothing of that is proved"}},
		"a part":      {"Resources: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://b/k}}, T: {Type: AWS::SNS::Topic}}\n", []string{"what AWS::Include makes of it is not known here, so that nothing of that is proved"}},
		"no loop":     {"Transform: AWS::LanguageExtensions\nResources: {T: {Type: AWS::SNS::Topic}}\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			result := surveyedFiles(t, map[string]string{
				"estate.yaml":      "stacks:\n  a: {template: a.yaml, account: [\"111111111111\", \"222222222222\"], region: eu-central-1}\n",
				"templates/a.yaml": c.template,
			})
			require.Empty(t, result.Problems)
			var notes []string
			for _, n := range result.Proof.Notes {
				assert.Contains(t, n.Place.String(), "a.yaml:")
				notes = append(notes, n.Text)
			}
			assert.Equal(t, c.want, notes, "once for both accounts")
		})
	}
}

const mistakenTemplate = `Parameters: {Size: {Type: String, Default: small}}
Conditions: {Large: !Equals [!Ref Size, large]}
Mappings: {Sizes: {small: {memory: 128}}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Condition: Lrge
    Properties: {AssumeRolePolicyDocument: {Statement: []}}
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Rle.Arn
      FunctionName: !Sub "${Typo}-worker"
      MemorySize: !FindInMap [Nothing, small, memory]
      Timeout: !FindInMap [Sizes, !Ref Size, memory]
`

// What CloudFormation refuses of a template is told before anything is proved of it.
func TestWhatATemplateOfOthersRefersToIsThere(t *testing.T) {
	files := map[string]string{
		"estate.yaml": "stacks:\n  a: {template: a.yaml, account: [\"111111111111\", \"222222222222\"], region: eu-central-1, parameters: {Size: small}}\n" +
			"  b: {template: a.yaml, account: \"111111111111\", region: us-east-1, parameters: {Size: tiny}}\n",
		"templates/a.yaml": mistakenTemplate,
	}
	result := surveyedFiles(t, files)
	assert.Nil(t, result.Proof)
	for _, want := range []string{
		`unknown-condition: the template has no condition "Lrge"; did you mean Large?`,
		`unknown-reference: the template has no resource "Rle"; did you mean Role?`,
		`unknown-reference: the template has no resource and no parameter "Typo"; name a resource or a parameter of this template`,
		`unknown-mapping: the template has no mapping "Nothing"; name an entry of the section Mappings`,
		`unknown-mapping: the mapping Sizes has no key "tiny"; it has small`,
	} {
		assert.Contains(t, told(result), want)
	}
	require.Len(t, result.Problems, 5, told(result))
	for _, p := range result.Problems {
		assert.Contains(t, p.Place.String(), "templates/a.yaml:")
		assert.NotZero(t, p.Place.Column)
	}

	files["templates/a.yaml"] = "Transform: Ours\n" + mistakenTemplate
	result = surveyedFiles(t, files)
	assert.Empty(t, result.Problems, "the macro may make what is not there: %s", told(result))
}

const networked = `Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: network.yaml, Parameters: {Name: main, Zone: !GetAtt Zones.Outputs.First}}
  Zones: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: zones.yaml}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt Network.Outputs.Name}}
`

func TestWhatNestedStacksOfOthersHandOverIsThere(t *testing.T) {
	files := map[string]string{
		"estate.yaml":            "stacks:\n  a: {template: a.yaml, account: \"111111111111\", region: eu-central-1}\n",
		"templates/a.yaml":       networked,
		"templates/network.yaml": "Parameters: {Name: {Type: String}, Zone: {Type: 'AWS::EC2::AvailabilityZone::Name'}}\nResources: {}\nOutputs: {Name: {Value: !Ref Name}}\n",
		"templates/zones.yaml":   "Resources: {Set: {Type: AWS::CloudFormation::StackSet, Properties: {StackSetName: z, PermissionModel: SELF_MANAGED, TemplateURL: zone.yaml}}}\nOutputs: {First: {Value: eu-central-1a}}\n",
		"templates/zone.yaml":    "Parameters: {Zone: {Type: String}}\nResources: {}\n",
	}
	result := surveyedFiles(t, files)
	require.NotNil(t, result.Proof, "outputs may be given to any parameter of a stack that no nested change set makes: %s", told(result))

	files["templates/a.yaml"] = strings.NewReplacer("Outputs.Name", "Outputs.Nme", "Name: main, ", "Nmae: main, ").Replace(networked)
	result = surveyedFiles(t, files)
	assert.Nil(t, result.Proof)
	for _, want := range []string{
		`network.yaml has no output "Nme"; did you mean Name?`,
		`network.yaml has no parameter "Nmae"; did you mean Name?`,
		`Network is not given the parameter Name of `,
	} {
		assert.Contains(t, told(result), want)
	}
}

const macroTemplate = `Resources:
  Macro: {Type: AWS::CloudFormation::Macro, Properties: {Name: Ours, FunctionName: !GetAtt Rewrite.Arn}}
  Rewrite:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: rewrite, Role: !GetAtt Role.Arn, Runtime: python3.14, Handler: app.handler, Code: {ZipFile: "x"}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      RoleName: deploy
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: cloudformation.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: "sqs:*", Resource: "*"}
`

// What rewrites a template is called with the role of its deployment.
func TestTheRoleOfADeploymentAppliesTheMacrosOfATemplateOfOthers(t *testing.T) {
	result := surveyedFiles(t, map[string]string{
		"estate.yaml": "stacks:\n" +
			"  delivery: {template: delivery.yaml, account: \"111111111111\", region: eu-central-1}\n" +
			"  macro: {template: macro.yaml, account: \"111111111111\", region: eu-central-1}\n" +
			"  shop: {template: shop.yaml, account: \"111111111111\", region: eu-central-1}\n",
		"templates/delivery.yaml": delivery,
		"templates/macro.yaml":    macroTemplate,
		"templates/shop.yaml":     "Transform: [AWS::Include, Ours, Theirs]\nResources: {Jobs: {Type: AWS::SQS::Queue}}\n",
	})
	require.NotNil(t, result.Proof, told(result))
	assert.Contains(t, told(result), "CloudFormation applies the macro AWS::Include: arn:aws:iam::111111111111:role/deploy may not cloudformation:CreateChangeSet on arn:aws:cloudformation:eu-central-1:aws:transform/Include;")
	assert.Contains(t, told(result), "CloudFormation applies the macro Ours: arn:aws:iam::111111111111:role/deploy may not lambda:InvokeFunction on arn:aws:lambda:eu-central-1:111111111111:function:rewrite;")
	assert.NotContains(t, told(result), "the macro Theirs")
}

// It grants nothing that could be too much; what is wrong with it is noted.
func TestAStatementThatNobodyUnderstandsIsNotCalledNeedless(t *testing.T) {
	result := surveyedFiles(t, map[string]string{
		"estate.yaml":      "stacks:\n  a: {template: a.yaml, account: \"111111111111\", region: eu-central-1}\n",
		"templates/a.yaml": "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Version: \"2012-10-17\", Statement: [{Effect: Allow, Principals: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}\n",
	})
	require.NotNil(t, result.Proof, told(result))
	result.Proof.Weigh()
	assert.Empty(t, result.Proof.Surplus)
	require.NotEmpty(t, result.Proof.Notes)
	assert.Contains(t, result.Proof.Notes[0].Text, "statement 1: Principals is no element of a policy")
}
