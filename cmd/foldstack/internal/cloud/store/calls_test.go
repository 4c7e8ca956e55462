package store_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

// permissions are what each call takes.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
var permissions = map[string]string{
	"GetCallerIdentity":       "sts:GetCallerIdentity",
	"ListObjectsV2":           "s3:ListBucket",
	"PutObject":               "s3:PutObject",
	"CreateMultipartUpload":   "s3:PutObject",
	"UploadPart":              "s3:PutObject",
	"CompleteMultipartUpload": "s3:PutObject",
	"AbortMultipartUpload":    "s3:AbortMultipartUpload",
	"BatchGetImage":           "ecr:BatchGetImage",
	"GetAuthorizationToken":   "ecr:GetAuthorizationToken",
	"HEAD manifests":          "ecr:BatchGetImage",
	"HEAD blobs":              "ecr:BatchCheckLayerAvailability",
	"POST blobs/uploads":      "ecr:InitiateLayerUpload",
	"PATCH blobs/uploads":     "ecr:UploadLayerPart",
	"PUT blobs/uploads":       "ecr:CompleteLayerUpload",
	"PUT manifests":           "ecr:PutImage",
	"GET v2":                  "", // asks how to sign in
}

// The proof of permissions and whoever writes a role of his own go by that table.
func TestThePageListsTheCallsThatAreMadeAndNoOthers(t *testing.T) {
	made := map[string]bool{
		"kms:GenerateDataKey": true, "kms:Decrypt": true, // S3 makes them for whoever uploads
	}
	for _, broken := range []string{"", "UploadPart"} {
		w := newWorld(t)
		w.server.Refuse(broken) // or nothing
		assert.Equal(t, broken == "", w.publish(t.Context()) == nil)
		for _, c := range w.server.Calls() {
			permission, known := permissions[c.Operation]
			require.True(t, known, c.Operation)
			if permission != "" {
				made[permission] = true
			}
			if strings.Contains(c.Operation, "Multipart") {
				assert.True(t, strings.HasPrefix(c.Key, "functions/"), c)
			}
		}
	}
	listed := cloudtest.Documented(t, "publishing.md", "What it calls")
	assert.ElementsMatch(t, slices.Collect(maps.Keys(listed)), slices.Collect(maps.Keys(made)))
}

func TestAnUploadWhoseEndWasNotHeardIsNotBegunAgain(t *testing.T) {
	calls := callsOfARun(t)
	i := slices.IndexFunc(calls, func(c cloudtest.Call) bool { return c.Operation == "CompleteMultipartUpload" })
	w := newWorld(t)
	plant(w, calls[i], cloudtest.Unsaid, false)
	require.NoError(t, w.publish(t.Context()))
	w.complete(t)
	counts := counted(w.server.Calls())
	assert.Equal(t, 3, counts[calls[i].Region+" UploadPart"])
	assert.Equal(t, 2, counts[calls[i].Region+" CompleteMultipartUpload"])
}

func TestAnUploadThatBeginsAgainDoesNotCountTwice(t *testing.T) {
	calls := callsOfARun(t)
	i := slices.IndexFunc(calls, func(c cloudtest.Call) bool { return c.Operation == "CompleteMultipartUpload" })
	w := newWorld(t)
	plan, err := w.plan(t.Context())
	require.NoError(t, err)
	plant(w, calls[i], cloudtest.LoseParts, false)
	require.NoError(t, plan.Publish(t.Context()))
	assert.Equal(t, 6, counted(w.server.Calls())[calls[i].Region+" UploadPart"])
	p := plan.Progress()
	assert.Equal(t, []any{p.AllUploads, p.AllBytes}, []any{p.Uploads, p.Bytes})
}
