package stacks_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

func TestTheShippedBaseStacksAreDeployedInTheirOrderAndDeletedInTheOther(t *testing.T) {
	w := newWorld(t)
	deploy := func(name, file string, parameters map[string]string) (stacks.Outcome, error) {
		return w.Deploy(t.Context(), stacks.Deployment{Name: name, Template: shipped(t, file), Parameters: parameters}, w.tell)
	}
	_, err := deploy("pipeline", "pipeline.yaml", nil)
	require.ErrorContains(t, err, "No export named foldstack-acme-shop-KeyId found")
	assert.Contains(t, cloud.HintOf(err), "foldstack bootstrap")

	outcome, err := deploy("tooling", "tooling.yaml", nil)
	require.NoError(t, err)
	assert.Equal(t, stacks.Created, outcome)
	tooling, err := w.Stack(t.Context(), "tooling")
	require.NoError(t, err)
	assert.Regexp(t, "^mrk-[0-9a-f]{32}$", tooling.Outputs["KeyId"])
	elsewhere := stacks.In(w.session, "us-east-1")
	_, err = elsewhere.Deploy(t.Context(), stacks.Deployment{
		Name: "region", Template: shipped(t, "tooling-region.yaml"), Parameters: map[string]string{"KeyId": tooling.Outputs["KeyId"]},
	}, w.tell)
	require.NoError(t, err)
	resources, err := elsewhere.Resources(t.Context(), "region")
	require.NoError(t, err)
	ids := map[string]string{}
	for _, r := range resources {
		ids[r.LogicalID] = r.PhysicalID
	}
	assert.Equal(t, tooling.Outputs["KeyId"], ids["Key"], "the replica has the key's id")
	_, err = deploy("target", "target.yaml", map[string]string{"Environment": "dev", "KeyId": tooling.Outputs["KeyId"]})
	require.NoError(t, err)
	_, err = deploy("pipeline", "pipeline.yaml", nil)
	require.NoError(t, err)
	outcome, err = deploy("tooling", "tooling.yaml", nil)
	require.NoError(t, err)
	assert.Equal(t, stacks.Unchanged, outcome)

	err = w.Delete(t.Context(), "tooling", w.tell)
	require.ErrorContains(t, err, "it is in use by pipeline")
	assert.Contains(t, cloud.HintOf(err), "delete that first")
	require.NoError(t, w.Delete(t.Context(), "pipeline", w.tell))
	require.NoError(t, w.Delete(t.Context(), "tooling", w.tell))
	assert.Equal(t, map[string]string{"target": "CREATE_COMPLETE"}, w.statuses())
	assert.Empty(t, w.server.Objects("acme-shop-assets-111111111111-eu-central-1"), "the bucket stays")
}

// Whatever state somebody left a stack in, a deployment comes to an end or says who
// has to do what.
func TestADeploymentStartsFromEveryState(t *testing.T) {
	left := func(status string) func(*testing.T, *world) {
		return func(_ *testing.T, w *world) { w.server.SetStatus(account, region, "shop", status, "") }
	}
	rolledBack := func(t *testing.T, w *world) {
		w.server.FailResource("shop", "Queue", "no")
		_, err := w.deploy(t.Context(), queue)
		require.Error(t, err)
		w.server.FailResource("shop", "Queue", "")
		require.Equal(t, "ROLLBACK_COMPLETE", w.statuses()["shop"])
	}
	for name, c := range map[string]struct {
		before  func(*testing.T, *world)
		outcome stacks.Outcome
		hint    string // where it cannot go on
	}{
		"absent":                    {func(*testing.T, *world) {}, stacks.Created, ""},
		"REVIEW_IN_PROGRESS":        {left("REVIEW_IN_PROGRESS"), stacks.Created, ""},
		"ROLLBACK_COMPLETE":         {rolledBack, stacks.Created, ""},
		"CREATE_COMPLETE":           {func(t *testing.T, w *world) { w.must(t, queue) }, stacks.Updated, ""},
		"CREATE_COMPLETE, the same": {func(t *testing.T, w *world) { w.must(t, other) }, stacks.Unchanged, ""},
		"DELETE_COMPLETE": {func(t *testing.T, w *world) {
			w.must(t, queue)
			require.NoError(t, w.Delete(t.Context(), "shop", w.tell))
		}, stacks.Created, ""},
		"UPDATE_ROLLBACK_COMPLETE": {func(t *testing.T, w *world) {
			w.must(t, queue)
			w.server.FailResource("shop", "Queue", "no")
			_, err := w.deploy(t.Context(), other)
			require.ErrorContains(t, err, "UPDATE_ROLLBACK_COMPLETE: Queue (AWS::SQS::Queue): no")
			w.server.FailResource("shop", "Queue", "")
		}, stacks.Updated, ""},
		"CREATE_FAILED":          {left("CREATE_FAILED"), "", "delete-stack --stack-name shop --region eu-central-1"},
		"ROLLBACK_FAILED":        {left("ROLLBACK_FAILED"), "", "delete-stack --stack-name shop --region eu-central-1"},
		"DELETE_FAILED":          {left("DELETE_FAILED"), "", "delete-stack --stack-name shop --region eu-central-1"},
		"UPDATE_ROLLBACK_FAILED": {left("UPDATE_ROLLBACK_FAILED"), "", "continue-update-rollback --stack-name shop --region eu-central-1"},
		"UPDATE_FAILED":          {left("UPDATE_FAILED"), "", "rollback-stack --stack-name shop --region eu-central-1"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.before(t, w)
			outcome, err := w.deploy(t.Context(), other)
			assert.Equal(t, c.outcome, outcome)
			if c.hint == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "is in the state "+name)
			assert.Contains(t, cloud.HintOf(err), c.hint)
		})
	}
}

// Somebody who was interrupted, or somebody else, is at work already.
func TestWorkInProgressIsFollowedToItsEndFirst(t *testing.T) {
	for name, c := range map[string]struct {
		before  func(*testing.T, *world)
		outcome stacks.Outcome
	}{
		"creation":             {func(t *testing.T, w *world) { w.begin(t, queue) }, stacks.Updated},
		"creation of the same": {func(t *testing.T, w *world) { w.begin(t, other) }, stacks.Unchanged},
		"creation that fails": {func(t *testing.T, w *world) {
			w.server.FailResource("shop", "Queue", "no")
			w.begin(t, queue)
			w.server.FailResource("shop", "Queue", "")
		}, stacks.Created},
		"update": {func(t *testing.T, w *world) {
			w.must(t, queue)
			_, err := w.sdk.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(other)})
			require.NoError(t, err)
		}, stacks.Unchanged},
		"deletion": {func(t *testing.T, w *world) {
			w.must(t, queue)
			_, err := w.sdk.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("shop")})
			require.NoError(t, err)
		}, stacks.Created},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.server.Looks = 4
			c.before(t, w)
			w.told = nil
			outcome, err := w.deploy(t.Context(), other)
			require.NoError(t, err)
			assert.Equal(t, c.outcome, outcome)
			assert.NotEmpty(t, w.told, "what others do is told as well")
		})
	}
}

func TestEachEventIsToldOnceAndInItsOrder(t *testing.T) {
	w := newWorld(t)
	w.server.Looks, w.server.StackPage = 4, 2
	w.must(t, two)
	w.must(t, two+"    Properties:\n      DelaySeconds: 5\n")
	var told []string
	seen := map[string]bool{}
	for _, e := range w.told {
		assert.False(t, seen[e.ID], e.ID)
		seen[e.ID] = true
		told = append(told, e.LogicalID+" "+e.Status)
	}
	assert.Equal(t, []string{
		"shop CREATE_IN_PROGRESS",
		"Further CREATE_IN_PROGRESS", "Further CREATE_IN_PROGRESS", "Further CREATE_COMPLETE",
		"Queue CREATE_IN_PROGRESS", "Queue CREATE_IN_PROGRESS", "Queue CREATE_COMPLETE",
		"shop CREATE_COMPLETE",
		"shop UPDATE_IN_PROGRESS", "Further UPDATE_IN_PROGRESS", "Further UPDATE_COMPLETE",
		"shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "shop UPDATE_COMPLETE",
	}, told)
}

func TestWhoIsOvertakenAgainAndAgainHearsOfIt(t *testing.T) {
	w := newWorld(t)
	w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == "CreateStack" && len(w.statuses()) == 0 {
			w.server.SetStatus(account, region, "shop", "CREATE_COMPLETE", "")
		}
		if c.Operation == "DescribeStacks" && len(w.statuses()) > 0 {
			w.server.SetStatus(account, region, "shop", "DELETE_COMPLETE", "")
		}
		return cloudtest.None
	})
	_, err := w.deploy(t.Context(), queue)
	require.ErrorContains(t, err, "AlreadyExistsException: Stack [shop] already exists")
	assert.Contains(t, cloud.HintOf(err), "somebody else is at work on that stack")
}

// Two people deploy the same at the same time: one of them sees that there is nothing,
// and that there is something when he wants to make it.
func TestWhoIsOvertakenFollowsTheOtherAndFinishes(t *testing.T) {
	for operation, overtake := range map[string]func(*testing.T, *world){
		"CreateStack": func(t *testing.T, w *world) { w.begin(t, queue) },
		"UpdateStack": func(t *testing.T, w *world) {
			_, err := w.sdk.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(two)})
			require.NoError(t, err)
		},
	} {
		t.Run(operation, func(t *testing.T) {
			w := newWorld(t)
			if operation == "UpdateStack" {
				w.must(t, queue)
			}
			w.server.Looks = 3
			var once sync.Once
			w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
				if c.Operation == operation {
					once.Do(func() {
						w.server.Break(nil)
						overtake(t, w)
					})
				}
				return cloudtest.None
			})
			outcome, err := w.deploy(t.Context(), other)
			require.NoError(t, err)
			assert.Equal(t, stacks.Updated, outcome)
			assert.Equal(t, map[string]string{"shop": "UPDATE_COMPLETE"}, w.statuses())
		})
	}
}

func TestATemplateThatIsTooLargeForACallLiesInS3(t *testing.T) {
	w := newWorld(t)
	w.server.AddBucket(region, "assets")
	large := []byte(queue + "#" + strings.Repeat("x", stacks.MaxTemplate))
	w.server.Put("assets", "large.yaml", large)
	_, err := w.Deploy(t.Context(), stacks.Deployment{Name: "shop", Template: large}, w.tell)
	require.ErrorContains(t, err, "above 51200 it has to lie in S3")
	assert.Empty(t, w.server.Calls(), "AWS need not be asked for that")
	_, err = w.Deploy(t.Context(), stacks.Deployment{Name: "shop", URL: "https://assets.s3.eu-central-1.amazonaws.com/none.yaml"}, w.tell)
	require.ErrorContains(t, err, "ValidationError: S3 error: The specified key does not exist.")
	assert.Contains(t, cloud.HintOf(err), "foldstack publish")
	url := "https://assets.s3.eu-central-1.amazonaws.com/large.yaml"
	outcome, err := w.Deploy(t.Context(), stacks.Deployment{Name: "shop", Template: large, URL: url}, w.tell)
	require.NoError(t, err)
	assert.Equal(t, stacks.Created, outcome)
	outcome, err = w.Deploy(t.Context(), stacks.Deployment{Name: "shop", Template: large, URL: url}, w.tell)
	require.NoError(t, err)
	assert.Equal(t, stacks.Unchanged, outcome)
}

func TestACallThatCloudFormationRefusesIsExplained(t *testing.T) {
	w := newWorld(t)
	_, err := w.Deploy(t.Context(), stacks.Deployment{Name: "shop", Template: shipped(t, "target.yaml"), Parameters: map[string]string{"Environment": "dev"}}, w.tell)
	require.ErrorContains(t, err, "cloudformation:CreateStack on the stack shop in eu-central-1 as arn:aws:sts::111111111111:assumed-role/acme-build/session: ValidationError: Parameters: [KeyId] must have values")
	_, err = w.deploy(t.Context(), "Resources: {}\n")
	require.ErrorContains(t, err, "At least one Resources member must be defined")
}

func TestAStackIsDeletedFromEveryState(t *testing.T) {
	for _, status := range []string{
		"REVIEW_IN_PROGRESS", "CREATE_FAILED", "CREATE_COMPLETE", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED",
		"UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED",
	} {
		w := newWorld(t)
		w.server.SetStatus(account, region, "shop", status, "")
		require.NoError(t, w.Delete(t.Context(), "shop", w.tell), status)
		assert.Empty(t, w.statuses(), status)
	}
	w := newWorld(t)
	require.NoError(t, w.Delete(t.Context(), "shop", w.tell), "what there is not is deleted")
	assert.Empty(t, w.told)
	w.server.Looks = 3
	w.begin(t, queue)
	require.NoError(t, w.Delete(t.Context(), "shop", w.tell), "what is being made is made first")
	assert.Empty(t, w.statuses())
}

func TestABucketThatIsNotEmptyKeepsItsStack(t *testing.T) {
	w := newWorld(t)
	w.must(t, keeps)
	w.server.Put("kept", "key", []byte("object"))
	err := w.Delete(t.Context(), "shop", w.tell)
	require.ErrorContains(t, err, "ended as DELETE_FAILED: Bucket (AWS::S3::Bucket): The bucket you tried to delete is not empty")
	assert.Contains(t, cloud.HintOf(err), "empty the bucket")
}

func TestWhatIsThereIsListed(t *testing.T) {
	w := newWorld(t)
	w.server.StackPage = 1
	w.server.AddBucket(region, "assets")
	w.server.Put("assets", "part.yaml", []byte(exports))
	w.must(t, parts+"Outputs:\n  Queue:\n    Value: !GetAtt Part.Outputs.Queue\n")

	all, err := w.All(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	assert.Equal(t, "shop", all[0].Name)
	assert.Empty(t, all[0].Root)
	assert.Equal(t, all[0].ID, all[1].Root)
	assert.Equal(t, all[1].Outputs, all[0].Outputs)

	resources, err := w.Resources(t.Context(), "shop")
	require.NoError(t, err)
	require.Len(t, resources, 1)
	assert.Equal(t, []string{"Part", all[1].ID, "AWS::CloudFormation::Stack", "CREATE_COMPLETE"},
		[]string{resources[0].LogicalID, resources[0].PhysicalID, resources[0].Type, resources[0].Status})

	template, err := w.Template(t.Context(), all[1].ID)
	require.NoError(t, err)
	assert.Equal(t, exports, template)

	require.NoError(t, w.Delete(t.Context(), "shop", w.tell))
	gone, err := w.Stack(t.Context(), all[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "DELETE_COMPLETE", gone.Status, "by its id it is found for long")
	gone, err = w.Stack(t.Context(), "shop")
	require.NoError(t, err)
	assert.Nil(t, gone)
}

func TestWhoInterruptsLeavesCloudFormationAtWorkAndTheNextRunGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		before string
		run    func(context.Context, *world) error
		want   map[string]string
	}{
		"creation": {"", func(ctx context.Context, w *world) error { _, err := w.deploy(ctx, other); return err }, map[string]string{"shop": "CREATE_COMPLETE"}},
		"update":   {queue, func(ctx context.Context, w *world) error { _, err := w.deploy(ctx, other); return err }, map[string]string{"shop": "UPDATE_COMPLETE"}},
		"deletion": {queue, func(ctx context.Context, w *world) error { return w.Delete(ctx, "shop", w.tell) }, map[string]string{}},
	} {
		for at := int32(1); ; at++ {
			w := newWorld(t)
			if c.before != "" {
				w.must(t, c.before)
			}
			w.server.Looks = 2
			ctx, interrupt := context.WithCancel(t.Context())
			var calls atomic.Int32
			w.server.Break(func(cloudtest.Call) cloudtest.Fault {
				if calls.Add(1) == at {
					interrupt()
				}
				return cloudtest.None
			})
			err := c.run(ctx, w)
			interrupt()
			w.server.Break(nil)
			if calls.Load() < at {
				require.NoError(t, err)
				break
			}
			if err != nil {
				require.ErrorIs(t, err, context.Canceled, "%s, call %d", name, at)
			}
			require.NoError(t, c.run(t.Context(), w), "%s, call %d", name, at)
			assert.Equal(t, c.want, w.statuses(), "%s, call %d", name, at)
		}
	}
}

// The SDK makes a call again whose answer was lost, with the same token.
func TestACallWhoseAnswerWasLostIsFollowedHoweverItsTokenIsTaken(t *testing.T) {
	for _, spent := range []bool{false, true} {
		w := newWorld(t)
		w.server.TokensAreSpent = spent
		lose := func(operation string) *atomic.Bool {
			return w.server.BreakAt(cloudtest.Call{Service: "cloudformation", Operation: operation, Account: account, Region: region, Key: "shop"}, cloudtest.Unsaid, false)
		}
		for _, c := range []struct {
			operation, template string
			outcome             stacks.Outcome
		}{{"CreateStack", queue, stacks.Created}, {"UpdateStack", other, stacks.Updated}} {
			lost := lose(c.operation)
			outcome, err := w.deploy(t.Context(), c.template)
			require.NoError(t, err, c.operation)
			assert.True(t, lost.Load(), c.operation)
			assert.Equal(t, c.outcome, outcome)
		}
		lost := lose("DeleteStack")
		require.NoError(t, w.Delete(t.Context(), "shop", w.tell))
		assert.True(t, lost.Load())
		assert.Empty(t, w.statuses())
	}
}

func TestWhatAnUpdateCannotDeleteStaysAndIsTold(t *testing.T) {
	w := newWorld(t)
	w.must(t, queue+"  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: shop-things\n")
	w.server.Put("shop-things", "thing", []byte("a thing"))
	outcome, err := w.deploy(t.Context(), queue)
	require.NoError(t, err)
	assert.Equal(t, stacks.Updated, outcome)
	assert.Equal(t, "Update successful. One or more resources could not be deleted.", w.told[len(w.told)-1].Reason)
	assert.Equal(t, 1, w.server.Versions("shop-things"))
	resources, err := w.Resources(t.Context(), "shop")
	require.NoError(t, err)
	for _, r := range resources {
		assert.NotEqual(t, "Bucket", r.LogicalID, "the stack does not know it any more")
	}
}
