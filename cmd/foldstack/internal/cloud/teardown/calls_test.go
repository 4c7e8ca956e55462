package teardown_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/teardown"
)

// permissions are what each call takes.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
// https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
var permissions = map[string]string{
	"AssumeRole":           "sts:AssumeRole",
	"GetCallerIdentity":    "sts:GetCallerIdentity",
	"DescribeStacks":       "cloudformation:DescribeStacks",
	"DescribeStackEvents":  "cloudformation:DescribeStackEvents",
	"DeleteStack":          "cloudformation:DeleteStack",
	"GetTemplate":          "cloudformation:GetTemplate",
	"ListChangeSets":       "cloudformation:ListChangeSets",
	"ListStackResources":   "cloudformation:ListStackResources",
	"HeadBucket":           "s3:ListBucket",
	"ListObjectVersions":   "s3:ListBucketVersions",
	"DeleteObjects":        "s3:DeleteObjectVersion",
	"ListMultipartUploads": "s3:ListBucketMultipartUploads",
	"AbortMultipartUpload": "s3:AbortMultipartUpload",
	"DeleteBucket":         "s3:DeleteBucket",
	"DescribeRepositories": "ecr:DescribeRepositories",
	"DeleteRepository":     "ecr:DeleteRepository",
	"DescribeKey":          "kms:DescribeKey",
	"ScheduleKeyDeletion":  "kms:ScheduleKeyDeletion",
}

// Whoever writes a role of his own goes by that table.
func TestThePageListsTheCallsThatAreMadeAndNoOthers(t *testing.T) {
	w := newWorld(t)
	_, err := w.remove(t.Context(), teardown.Choice{})
	require.NoError(t, err)
	made := map[string]bool{}
	for _, c := range w.server.Calls() {
		require.Contains(t, permissions, c.Operation)
		made[permissions[c.Operation]] = true
		if c.DescribesAll() {
			made["cloudformation:ListStacks"] = true
		}
	}
	listed := cloudtest.Documented(t, "teardown.md", "What teardown calls")
	assert.ElementsMatch(t, slices.Collect(maps.Keys(listed)), slices.Collect(maps.Keys(made)))
}
