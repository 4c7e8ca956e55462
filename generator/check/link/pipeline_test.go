package link_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// delivery is a pipeline as a user may write one for something else.
const delivery = `Parameters:
  Key: {Type: String}
Resources:
  Delivery:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      RoleArn: arn:aws:iam::111111111111:role/somebody/delivery
      ArtifactStores:
        - {Region: eu-central-1, ArtifactStore: {Type: S3, Location: somewhere, EncryptionKey: {Type: KMS, Id: !Ref Key}}}
        - {Region: us-east-1, ArtifactStore: {Type: S3, Location: elsewhere, EncryptionKey: {Type: KMS, Id: 'arn:aws:kms:us-east-1:111111111111:key/1'}}}
      Variables: [{Name: Release}]
      Stages:
        - Name: Source
          Actions:
            - Name: code
              ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: '1'}
              RoleArn: arn:aws:iam::222222222222:role/somebody/source
              Namespace: Code
              OutputArtifacts: [{Name: Code}]
        - Name: !Sub '${AWS::StackName}-build'
          Actions:
            - Name: build
              ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: '1'}
              Namespace: Build
              InputArtifacts: [{Name: Code}]
              OutputArtifacts: [{Name: Built}]
              RunOrder: 2
              RoleArn: arn:aws:iam::222222222222:role/somebody/build
            - Name: check
              ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: '1'}
              InputArtifacts: [{Name: Built}]
              RunOrder: 3
              RoleArn: arn:aws:iam::222222222222:role/somebody/build
        - Name: Deploy
          Actions:
            - Name: deploy
              ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: '1'}
              Region: us-east-1
              Configuration:
                ActionMode: CHANGE_SET_EXECUTE
                ChangeSetName: of-the-build
                StackName: '#{Build.Anything}-#{Code.CommitId}-#{variables.Release}-#{codepipeline.PipelineExecutionId}'
`

func user(t *testing.T, text string) []diag.Problem {
	d := document(t, "t.yaml", text)
	d.Deployed = []template.Deployment{{Account: "111111111111", Region: "eu-central-1"}}
	return check(d)
}

func TestAPipelineOfAUserMayBeUnlikeOurs(t *testing.T) { assertFound(t, user(t, delivery)) }

func TestWhatCodePipelineRefusesIsReportedAtTheUsersLine(t *testing.T) {
	for _, tt := range []struct{ what, old, new, rule, at, text, hint string }{
		{"two stages of one name", "- Name: Deploy", "- Name: Source", "duplicate-name", "Name: Source\n          Actions:\n            - Name: deploy", `called "Source"`, ""},
		{"a source in another region", "Namespace: Code\n", "Namespace: Code\n              Region: us-east-1\n", "action-region", "us-east-1\n              OutputArtifacts", "the action code of the stage Source", ""},
		{"a misspelt artifact", "InputArtifacts: [{Name: Code}]", "InputArtifacts: [{Name: Cod}]", "unknown-artifact", "[{Name: Cod}]", `"Cod"`, "Code?"},
		{"an artifact that is made later", "RunOrder: 3", "RunOrder: 1", "artifact-order", "[{Name: Built}]\n              RunOrder: 1", `"Built" before build`, "RunOrder"},
		{"an artifact that another account cannot read", "RunOrder: 3\n              RoleArn: arn:aws:iam::222222222222", "RunOrder: 3\n              RoleArn: arn:aws:iam::333333333333", "artifact-account", "[{Name: Built}]\n              RunOrder: 3", "made in the account 222222222222", ""},
		{"a region without store", "Region: us-east-1\n              Configuration", "Region: eu-west-1\n              Configuration", "artifact-store", "eu-west-1", "is in eu-west-1", ""},
		{"a key of another region", "kms:us-east-1", "kms:us-east-2", "artifact-store", "'arn:aws:kms", "is one of us-east-2", ""},
		{"a misspelt variable", "#{variables.Release}", "#{variables.Relase}", "unknown-variable", "'#{Build", "#{variables.Relase}", "Release?"},
		{"a namespace that is taken", "Namespace: Build", "Namespace: Code", "duplicate-namespace", "Code\n              InputArtifacts", `"Code"`, ""},
	} {
		t.Run(tt.what, func(t *testing.T) {
			require.Contains(t, delivery, tt.old)
			text := strings.Replace(delivery, tt.old, tt.new, 1)
			list := user(t, text)
			require.NotEmpty(t, list)
			assert.Equal(t, tt.rule, list[0].Rule)
			assert.Equal(t, placeOf(t, text, tt.at), list[0].Place)
			assert.Contains(t, list[0].Text, tt.text)
			assert.Contains(t, list[0].Hint, tt.hint)
		})
	}
}

// placeOf is where a part of a template begins.
func placeOf(t *testing.T, text, part string) diag.Place {
	before, _, found := strings.Cut(text, part)
	require.True(t, found, "%q", part)
	return diag.Place{File: "t.yaml", Line: strings.Count(before, "\n") + 1, Column: len(before) - strings.LastIndexByte(before, '\n')}
}

// What cannot be known before it is deployed is not guessed at.
func TestAPipelineThatIsComputedIsLeftAlone(t *testing.T) {
	for _, text := range []string{
		strings.Replace(delivery, "            - Name: build\n", "            - !If [Never, {Name: build}, !Ref AWS::NoValue]\n            - Name: build\n", 1),
		strings.Replace(delivery, "[{Name: Code}]", "[{Name: !Ref Key}]", 1),
		strings.Replace(delivery, "RunOrder: 3", "RunOrder: !Ref Key", 1),
	} {
		assertFound(t, user(t, text+"Conditions: {Never: !Equals [a, !Ref Key]}\n"))
	}
}

// What the pages of AWS do not refuse passes.
func TestWhatCodePipelineMayTakeIsNotRefused(t *testing.T) {
	for what, edits := range map[string][]string{
		"a variable that AWS added":                     {"#{Code.CommitId}", "#{Code.PullRequestId}"},
		"variables of the pipeline that are computed":   {"Variables: [{Name: Release}]", "Variables: !If [Never, [{Name: Release}], !Ref AWS::NoValue]"},
		"an account that nobody knows":                  {"RunOrder: 3\n              RoleArn: arn:aws:iam::222222222222:role", "RunOrder: 3\n              RoleArn: !Sub arn:aws:iam::${Key}:role"},
		"an artifact store that is left out":            {"      ArtifactStores:\n", "      ArtifactStore: !If [Never, {Type: S3, Location: somewhere}, !Ref AWS::NoValue]\n      ArtifactStores:\n"},
		"an input that is computed":                     {"InputArtifacts: [{Name: Built}]", "InputArtifacts: [!If [Never, {Name: Built}, !Ref AWS::NoValue], {Name: Built}]"},
		"outputs that are computed":                     {"OutputArtifacts: [{Name: Built}]", "OutputArtifacts: !If [Never, [{Name: Other}], [{Name: Built}]]"},
		"a kind that is computed":                       {"ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeCommit, Version: '1'}", "ActionTypeId: !If [Never, {Category: Test}, {Category: Source, Owner: AWS, Provider: S3, Version: '1'}]"},
		"a namespace that nobody knows":                 {"Namespace: Build", "Namespace: !Ref Key"},
		"a store that is computed":                      {"- {Region: eu-central-1, ArtifactStore: {Type: S3, Location: somewhere, EncryptionKey: {Type: KMS, Id: !Ref Key}}}", "- !If [Never, !Ref AWS::NoValue, {Region: eu-central-1, ArtifactStore: {Type: S3, Location: somewhere}}]"},
		"a pipeline that a condition leaves out":        {"  Delivery:\n", "  Delivery:\n    Condition: Never\n", "- {Region: eu-central-1", "- {Region: eu-west-1"},
		"a template that a macro makes a pipeline from": {"Parameters:", "Transform: MyMacro\nParameters:", "- Name: Deploy", "- Name: Source"},
	} {
		t.Run(what, func(t *testing.T) {
			text := delivery + "Conditions: {Never: !Equals [a, b]}\n"
			for i := 0; i < len(edits); i += 2 {
				require.Contains(t, text, edits[i])
				text = strings.Replace(text, edits[i], edits[i+1], 1)
			}
			assertFound(t, user(t, text))
		})
	}
}

// Of a template without its parent nobody knows the account.
func TestAPipelineWithoutAPlaceMayLieInTheAccountOfAnAction(t *testing.T) {
	text := strings.Replace(delivery, "RunOrder: 3\n              RoleArn: arn:aws:iam::222222222222:role/somebody/build\n", "RunOrder: 3\n", 1)
	require.NotEqual(t, delivery, text)
	assertFound(t, check(document(t, "t.yaml", text)))
}
