package stack_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation/codepipeline"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/stack"
)

// pipelineOf is the pipeline of a project and what was wrong with it.
func pipelineOf(t *testing.T, p *model.Project, orchestrations int) (*codepipeline.Pipeline, []diag.Problem) {
	t.Helper()
	var problems diag.Problems
	template, err := stack.Pipeline(p, orchestrations, &problems)
	require.NoError(t, err)
	for _, r := range template.Resources {
		if pipeline, ok := r.Properties.(*codepipeline.Pipeline); ok {
			return pipeline, problems.Sorted()
		}
	}
	require.Fail(t, "no pipeline")
	return nil, nil
}

// setting is one value of an action's configuration, intrinsics as text.
func setting(a codepipeline.Pipeline_ActionDeclaration, key string) string {
	value, _ := a.Configuration.(cfn.Map).Get(key).(string)
	return readable(value)
}

// readable is a Sub as its text, a Ref as its name.
func readable(s string) string {
	if i, ok := cfn.Decode(s); ok {
		return fmt.Sprint(i.Argument)
	}
	return s
}

func TestEveryStackIsPreparedAndExecutedOnceInOneStage(t *testing.T) {
	for name, c := range map[string]struct {
		project        *model.Project
		orchestrations int
	}{
		"usual":                           {usual(), 1},
		"three orchestrations":            {usual(), 3},
		"fifty accounts":                  {many(50), 1},
		"fifty accounts, two of a kind":   {many(50), 2},
		"tooling account is a target":     {bucketed(), 1},
		"as many shards as a stage holds": {usual(), 24},
	} {
		t.Run(name, func(t *testing.T) {
			pipeline, problems := pipelineOf(t, c.project, c.orchestrations)
			require.Empty(t, problems)
			type done struct{ stage, prepare, execute int }
			stacks := map[string]*done{}
			for number, s := range pipeline.Stages[3:] {
				assert.LessOrEqual(t, len(s.Actions), 50, s.Name)
				for _, a := range s.Actions {
					if a.ActionTypeId.Provider != "CloudFormation" {
						continue
					}
					key := readable(*a.RoleArn) + " " + *a.Region + " " + setting(a, "StackName")
					if stacks[key] == nil {
						stacks[key] = &done{stage: number}
					}
					assert.Equal(t, stacks[key].stage, number, "%s is prepared and executed in two stages", key)
					switch setting(a, "ActionMode") {
					case "CHANGE_SET_REPLACE":
						stacks[key].prepare++
						assert.Equal(t, 1, *a.RunOrder, "all prepares run at once")
						assert.Equal(t, "Built", a.InputArtifacts[0].Name)
					case "CHANGE_SET_EXECUTE":
						stacks[key].execute++
						assert.Equal(t, 3, *a.RunOrder, "all executes run at once, behind prepare and approval")
						assert.Empty(t, setting(a, "RoleArn"), "CloudFormation applies no role to an execution")
					}
					assert.Equal(t, stack.ChangeSetName, setting(a, "ChangeSetName"))
				}
			}
			assert.Len(t, stacks, len(c.project.Targets())*c.orchestrations)
			for key, d := range stacks {
				assert.Equal(t, 1, d.prepare, key)
				assert.Equal(t, 1, d.execute, key)
			}
		})
	}
}

func TestAnActionRunsWithTheRolesOfItsOwnAccount(t *testing.T) {
	pipeline, _ := pipelineOf(t, usual(), 1)
	for _, s := range pipeline.Stages[3:] {
		for _, a := range s.Actions {
			if a.ActionTypeId.Provider != "CloudFormation" {
				continue
			}
			parts := regexp.MustCompile(`^(prepare|execute)-(\d{12})-(.+)$`).FindStringSubmatch(a.Name)
			require.NotNil(t, parts, a.Name)
			base := "arn:${AWS::Partition}:iam::" + parts[2] + ":role/foldstack-base/notifications/notifications-" + s.Name
			assert.Equal(t, base+"-deploy", readable(*a.RoleArn))
			assert.Equal(t, parts[3], *a.Region)
			if parts[1] == "prepare" {
				assert.Equal(t, base+"-cloudformation", setting(a, "RoleArn"))
				assert.Equal(t, "Built::out/orchestration.yaml", setting(a, "TemplatePath"))
				assert.Equal(t, "Built::out/parameters/"+s.Name+"-"+parts[2]+"-"+parts[3]+".json", setting(a, "TemplateConfiguration"))
			}
		}
	}
}

func TestOneApprovalStandsBetweenPrepareAndExecuteOfTheFirstStage(t *testing.T) {
	pipeline, _ := pipelineOf(t, many(50), 1)
	approvals := map[string]int{}
	for _, s := range pipeline.Stages {
		for _, a := range s.Actions {
			if a.ActionTypeId.Category == "Approval" {
				approvals[s.Name]++
				assert.Equal(t, 2, *a.RunOrder)
				assert.Equal(t, model.DefaultApprovalTimeout, *a.TimeoutInMinutes)
				assert.Contains(t, setting(a, "CustomData"), "commit #{Source.CommitId} of acme/notifications")
				assert.Contains(t, setting(a, "CustomData"), "24 of its 100 targets")
				assert.Equal(t, "ApprovalProd", setting(a, "NotificationArn"))
			}
		}
	}
	assert.Equal(t, map[string]int{"prod": 1}, approvals)
}

func TestAnApprovalThatTellsNobodyHasNoTopic(t *testing.T) {
	text := string(files(t, bucketed(), 1)["pipeline.yaml"])
	assert.Contains(t, text, "version #{Source.VersionId} of project.zip")
	assert.NotContains(t, text, "NotificationArn")
	assert.NotContains(t, text, "ApprovalProd")
}

func TestTargetsFillStagesInTheirOrder(t *testing.T) {
	p := many(50)
	pipeline, _ := pipelineOf(t, p, 1)
	var names []string
	var counts []int
	for _, s := range pipeline.Stages {
		names = append(names, s.Name)
		counts = append(counts, len(s.Actions))
	}
	// 100 targets of prod: 24 beside the approval, then 25 a stage.
	assert.Equal(t, []string{"Source", "Update", "Build", "dev", "prod", "prod.2", "prod.3", "prod.4", "prod.5"}, names)
	for i, name := range names {
		environment := p.Environment(stack.StageEnvironment(name))
		assert.Equal(t, i < 3, environment == nil, name)
		assert.True(t, environment == nil || strings.HasPrefix(name, environment.Name), name)
	}
	assert.Equal(t, []int{1, 1, 1, 2, 49, 50, 50, 50, 2}, counts)
}

func TestAnEnvironmentCannotTakeTheNameOfAFurtherStage(t *testing.T) {
	p := many(50)
	p.Environments[0].Name = "prod-2"
	pipeline, _ := pipelineOf(t, p, 1)
	seen := map[string]bool{}
	for _, s := range pipeline.Stages {
		assert.False(t, seen[s.Name], s.Name)
		seen[s.Name] = true
	}
}

// What is legal: the patterns of CodePipeline's API.
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
func TestNamesAndValuesAreWhatCodePipelineTakes(t *testing.T) {
	name := regexp.MustCompile(`^[A-Za-z0-9.@_-]{1,100}$`)
	artifact := regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`)
	p := many(50)
	p.Name = strings.Repeat("p", model.MaxProjectName)
	p.Environments[1].Name = strings.Repeat("e", model.MaxEnvironmentName)
	for _, project := range []*model.Project{p, bucketed()} {
		pipeline, _ := pipelineOf(t, project, 7)
		for _, s := range pipeline.Stages {
			assert.Regexp(t, name, s.Name)
			inStage := map[string]bool{}
			for _, a := range s.Actions {
				assert.Regexp(t, name, a.Name)
				assert.False(t, inStage[a.Name], "%s stands twice in %s", a.Name, s.Name)
				inStage[a.Name] = true
				for _, in := range a.InputArtifacts {
					assert.Regexp(t, artifact, in.Name)
				}
				for _, e := range a.Configuration.(cfn.Map) {
					assert.LessOrEqual(t, len(readable(e.Value.(string))), 1000, e.Key)
				}
			}
		}
	}
}

// What a pipeline as a whole may hold is a rule of check/quota.
func TestATargetThatFitsNoStageIsReported(t *testing.T) {
	_, problems := pipelineOf(t, usual(), 26)
	require.NotEmpty(t, problems)
	assert.Equal(t, "pipeline-size", problems[0].Rule)
	assert.Contains(t, problems[0].Text, "one target of dev takes 52 actions for 26 orchestrations")
	assert.NotEmpty(t, problems[0].Hint)
}

func TestAStageHoldsTwentyFourOrchestrationsBesideAnApproval(t *testing.T) {
	_, problems := pipelineOf(t, usual(), 24)
	assert.Empty(t, problems)
	_, problems = pipelineOf(t, usual(), 25)
	require.Len(t, problems, 1, "dev asks nobody and fits, prod does not")
	assert.Contains(t, problems[0].Text, "one target of prod takes 51 actions")
}

func TestAPipelineForNoOrchestrationIsABug(t *testing.T) {
	_, err := stack.Pipeline(usual(), 0, &diag.Problems{})
	assert.ErrorAs(t, err, &diag.Bug{})
}

func TestThePipelineStackHoldsNoIAM(t *testing.T) {
	for _, p := range []*model.Project{usual(), bucketed(), given()} {
		template, err := stack.Pipeline(p, 1, &diag.Problems{})
		require.NoError(t, err)
		for _, r := range template.Resources {
			assert.NotContains(t, r.Type(), "AWS::IAM::", r.ID)
		}
	}
}

func TestEveryRegionOfAnActionHasAStoreWithItsOwnKey(t *testing.T) {
	pipeline, _ := pipelineOf(t, usual(), 1)
	stores := map[string]*codepipeline.Pipeline_ArtifactStore{}
	for _, s := range pipeline.ArtifactStores {
		stores[s.Region] = s.ArtifactStore
	}
	for _, s := range pipeline.Stages[3:] {
		for _, a := range s.Actions {
			if a.Region != nil {
				assert.Contains(t, stores, *a.Region)
			}
		}
	}
	assert.Contains(t, stores, "eu-central-1", "the pipeline's own region is among them")
	for region, s := range stores {
		assert.Equal(t, "notifications-artifacts-111111111111-"+region, s.Location)
		assert.Contains(t, readable(s.EncryptionKey.Id), "arn:${AWS::Partition}:kms:"+region+":${AWS::AccountId}:key/${KeyId}")
	}
	assert.Nil(t, pipeline.ArtifactStore)

	pipeline, _ = pipelineOf(t, given(), 1)
	assert.NotNil(t, pipeline.ArtifactStore, "one region needs one store")
	assert.Empty(t, pipeline.ArtifactStores)
}

func TestABucketStartsThePipelineByAnEventAndNotByPolling(t *testing.T) {
	text := string(files(t, bucketed(), 1)["pipeline.yaml"])
	assert.Contains(t, text, "PollForSourceChanges: 'false'")
	assert.Contains(t, text, "SourceRule:")
	assert.NotContains(t, string(files(t, usual(), 1)["pipeline.yaml"]), "SourceRule:")

	p := bucketed()
	p.Source.Bucket = "their-bucket"
	own := files(t, p, 1)
	assert.NotContains(t, string(own["tooling.yaml"]), "SourceBucket", "a given bucket is not made")
	assert.Contains(t, string(own["pipeline.yaml"]), "S3Bucket: their-bucket")
}
