package gc_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

// permissions are what each call takes.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
var permissions = map[string]string{
	"AssumeRole":         "sts:AssumeRole",
	"GetCallerIdentity":  "sts:GetCallerIdentity",
	"DescribeStacks":     "cloudformation:DescribeStacks",
	"GetTemplate":        "cloudformation:GetTemplate",
	"ListChangeSets":     "cloudformation:ListChangeSets",
	"ListObjectVersions": "s3:ListBucketVersions",
	"GetObject":          "s3:GetObject",
	"DeleteObjects":      "s3:DeleteObjectVersion",
	"DescribeImages":     "ecr:DescribeImages",
	"BatchDeleteImage":   "ecr:BatchDeleteImage",
}

// Whoever writes a role of his own goes by that table.
func TestThePageListsTheCallsThatAreMadeAndNoOthers(t *testing.T) {
	w, _ := crowded(t)
	require.NoError(t, w.collect(t.Context(), strict))
	made := map[string]bool{"kms:Decrypt": true} // S3 makes it for whoever reads
	for _, c := range w.server.Calls() {
		require.Contains(t, permissions, c.Operation)
		made[permissions[c.Operation]] = true
		if c.DescribesAll() {
			made["cloudformation:ListStacks"] = true
		}
	}
	listed := cloudtest.Documented(t, "teardown.md", "What gc calls")
	assert.ElementsMatch(t, slices.Collect(maps.Keys(listed)), slices.Collect(maps.Keys(made)))
}
