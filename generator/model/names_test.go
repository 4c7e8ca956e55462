package model_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/model"
)

func TestALogicalIDReadsLikeTheName(t *testing.T) {
	for name, id := range map[string]string{
		"orders":       "Orders",
		"orders-api":   "OrdersApi",
		"resize2-jpeg": "Resize2Jpeg",
	} {
		assert.Equal(t, id, model.LogicalID(name), name)
	}
}

func TestNamesThatLookAlikeHaveLogicalIDsOfTheirOwn(t *testing.T) {
	names := []string{
		"foo-bar", "foo_bar", "FooBar", "foobar", "foo--bar", "-foo-bar", "foo-bar-", "fooBar", "FOO_BAR",
		"foo-1", "foo1", "foo_1", "1foo", "true", "0123", "1e3", "-", "_", "--", "x",
		strings.Repeat("a", 40), strings.Repeat("a", 41), strings.Repeat("a", 64), strings.Repeat("a", 63) + "-",
	}
	seen := map[string]string{}
	for _, name := range names {
		id := model.LogicalID(name)
		assert.Regexp(t, regexp.MustCompile(`^[A-Za-z0-9]{1,48}$`), id, name)
		assert.Empty(t, seen[id], "%q and %q are both %s", name, seen[id], id)
		seen[id] = name
	}
}

// A nested stack is called <root>-<logical id>-<13 characters>.
func TestTheNameOfANestedStackStaysWithinCloudFormationsLimit(t *testing.T) {
	root := model.OrchestrationStack(strings.Repeat("p", model.MaxProjectName), strings.Repeat("e", model.MaxEnvironmentName), "999")
	id := model.LogicalID(strings.Repeat("a", model.MaxFunctionName))
	assert.LessOrEqual(t, len(root+"-"+id+"-")+13, model.MaxStackName)
}

func TestTheLongestProjectAndRegionStillGiveLegalBucketsAndRoles(t *testing.T) {
	project, environment := strings.Repeat("p", model.MaxProjectName), strings.Repeat("e", model.MaxEnvironmentName)
	for _, bucket := range []string{
		model.ArtifactBucket(project, "111111111111", "ap-northeast-1"),
		model.AssetBucket(project, "111111111111", "ap-northeast-1"),
		model.SourceBucket(project, "111111111111", "ap-northeast-1"),
	} {
		assert.LessOrEqual(t, len(bucket), model.MaxBucketName, bucket)
	}
	for _, role := range []string{
		model.DeployRole(project, environment),
		model.CloudFormationRole(project, environment),
		model.ToolingRole(project, "pipeline-cloudformation"),
	} {
		assert.LessOrEqual(t, len(role), model.MaxRoleName, role)
	}
}

func TestSchedulesAreNamedWithinTheLimitAndApart(t *testing.T) {
	project, environment := strings.Repeat("p", model.MaxProjectName), strings.Repeat("e", model.MaxEnvironmentName)
	name := model.ScheduleName(project, environment, strings.Repeat("f", model.MaxFunctionName), "rate(1 day)")
	assert.Len(t, name, model.MaxScheduleName)
	assert.NotEqual(t, name, model.ScheduleName(project, environment, strings.Repeat("f", model.MaxFunctionName), "rate(2 days)"))
	assert.NotEqual(t, name, model.ScheduleName(project, environment, strings.Repeat("f", model.MaxFunctionName-1), "rate(1 day)"))
	assert.Regexp(t, `^shop-dev-a-[0-9a-f]{12}$`, model.ScheduleName("shop", "dev", "a", ""))
}

func TestFIFOQueuesAreNamedWithinTheLimitAndApart(t *testing.T) {
	project, environment := strings.Repeat("p", model.MaxProjectName), strings.Repeat("e", model.MaxEnvironmentName)
	id := strings.Repeat("Q", 60)
	name := model.FIFOQueueName(project, environment, "f", id)
	assert.Len(t, name, model.MaxQueueName)
	assert.NotEqual(t, name, model.FIFOQueueName(project, environment, "f", id+"Q"))
	assert.NotEqual(t, name, model.FIFOQueueName(project, environment, "g", id))
	assert.Regexp(t, `^shop-dev-Q-[0-9a-f]{12}\.fifo$`, model.FIFOQueueName("shop", "dev", "f", "Q"))
}

func FuzzLogicalIDIsAlphanumericAndKeepsKebabNamesApart(f *testing.F) {
	f.Add("foo-bar", "foobar")
	f.Add("foo-1", "foo1")
	f.Add("a-b-c", "ab-c")
	kebab := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$`)
	f.Fuzz(func(t *testing.T, a, b string) {
		assert.Regexp(t, `^[A-Za-z0-9]*$`, model.LogicalID(a))
		if a != b && kebab.MatchString(a) && kebab.MatchString(b) && len(a) <= 40 && len(b) <= 40 {
			assert.NotEqual(t, model.LogicalID(a), model.LogicalID(b))
		}
	})
}
