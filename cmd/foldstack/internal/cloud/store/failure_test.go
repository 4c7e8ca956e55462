package store_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator/model"
)

// hint is what an error says to do.
func hint(t *testing.T, err error) string {
	t.Helper()
	var f cloud.Failure
	require.True(t, errors.As(err, &f), "%v says nothing to do", err)
	return f.Hint
}

func TestARefusalNamesTheCallTheResourceAndTheRole(t *testing.T) {
	for operation, want := range map[string]string{
		"ListObjectsV2":         "s3:ListBucket on the bucket acme-assets-111111111111-us-east-1 in us-east-1 as " + cloudtest.Caller + ": AccessDenied: ",
		"PutObject":             "s3:PutObject on s3://acme-assets-111111111111-us-east-1/functions/" + digest("small") + ".zip in us-east-1 as " + cloudtest.Caller + ": AccessDenied: ",
		"UploadPart":            "s3:PutObject on s3://acme-assets-111111111111-us-east-1/functions/" + digest("large") + ".zip in us-east-1 as " + cloudtest.Caller + ": AccessDenied: ",
		"BatchGetImage":         "ecr:BatchGetImage on the repository foldstack/acme in us-east-1 as " + cloudtest.Caller + ": AccessDeniedException: ",
		"GetAuthorizationToken": "ecr:GetAuthorizationToken on the repository foldstack/acme in us-east-1 as " + cloudtest.Caller + ": AccessDeniedException: ",
		"POST blobs/uploads":    "ecr:PutImage on the repository foldstack/acme:" + digest("picture") + " in us-east-1 as " + cloudtest.Caller + ": DENIED: ",
	} {
		w := newWorld(t)
		w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
			if c.Operation == operation && c.Region == second {
				return cloudtest.Refuse
			}
			return cloudtest.None
		})
		err := w.publish(t.Context())
		require.ErrorContains(t, err, want)
		assert.Contains(t, hint(t, err), "the build role", operation)
	}
}

func TestWhatMayPassSaysToRunItAgain(t *testing.T) {
	for fault, want := range map[cloudtest.Fault]string{
		cloudtest.Throttle: "AWS asks for fewer calls: ", cloudtest.Fail: "this is AWS's trouble", cloudtest.Unheard: "is there a connection to AWS",
	} {
		for _, operation := range []string{"ListObjectsV2", "PutObject", "GetAuthorizationToken", "PATCH blobs/uploads"} {
			w := newWorld(t)
			w.server.Break(func(c cloudtest.Call) cloudtest.Fault {
				if c.Operation == operation {
					return fault
				}
				return cloudtest.None
			})
			err := w.publish(t.Context())
			require.Error(t, err)
			assert.Contains(t, hint(t, err), want, operation)
			assert.Contains(t, hint(t, err), "what is done is not done again")
		}
	}
}

func TestWithoutCredentialsThereIsAHint(t *testing.T) {
	w := newWorld(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	err := w.publish(t.Context())
	require.ErrorContains(t, err, "there are no AWS credentials: ")
	assert.Contains(t, hint(t, err), "aws sso login")
	assert.Empty(t, w.server.Calls())
}

func TestAProfileThatThereIsNotIsNamed(t *testing.T) {
	w := newWorld(t)
	t.Setenv("AWS_PROFILE", "nobody")
	err := w.publish(t.Context())
	require.ErrorContains(t, err, "nobody")
	assert.Contains(t, hint(t, err), "AWS_PROFILE")
}

func TestWhatBootstrapHasNotMadeIsNamed(t *testing.T) {
	w := newWorld(t)
	w.project.Environments[0].Regions = said(first, second, "eu-west-1")
	err := w.publish(t.Context())
	require.ErrorContains(t, err, " in eu-west-1 as ")
	assert.Contains(t, hint(t, err), "out/tooling-region.yaml")
}

func TestABucketOfSomebodyElseIsNotWrittenTo(t *testing.T) {
	w := newWorld(t)
	session, err := cloud.Open(t.Context(), first, impatient)
	require.NoError(t, err)
	assets := store.Of(session, w.project, inParts)
	w.project.Functions = slices.Delete(w.project.Functions, 1, 2) // the image
	w.server.SignIn("999999999999")                                // the buckets change hands
	_, err = assets.Plan(t.Context(), w.local, w.templates)
	require.ErrorContains(t, err, "s3:ListBucket on the bucket acme-assets-111111111111-")
}

func TestNoConnectionIsToldFromARefusal(t *testing.T) {
	w := newWorld(t)
	w.server.Close()
	err := w.publish(t.Context())
	require.ErrorContains(t, err, "sts:GetCallerIdentity")
	assert.Contains(t, hint(t, err), "AWS_ENDPOINT_URL")
}

func TestWhatLiesInTheLocalStoreAndIsNoAssetIsNotPublished(t *testing.T) {
	for name, make := range map[string]func(dir string) error{
		"an empty archive": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, model.ArchiveKey(digest("small"))), nil, 0o644)
		},
		"a folder for an archive": func(dir string) error {
			return os.MkdirAll(filepath.Join(dir, model.ArchiveKey(digest("small"))), 0o755)
		},
		"an image that is empty": func(dir string) error {
			return os.MkdirAll(filepath.Join(dir, store.ImageKey(digest("picture"))), 0o755)
		},
		"an image without manifest": func(dir string) error {
			return os.CopyFS(filepath.Join(dir, store.ImageKey(digest("picture"))), os.DirFS("testdata/no-manifest"))
		},
		"an image of two platforms": func(dir string) error {
			return os.CopyFS(filepath.Join(dir, store.ImageKey(digest("picture"))), os.DirFS("testdata/two-manifests"))
		},
		"an index for an image": func(dir string) error {
			return os.CopyFS(filepath.Join(dir, store.ImageKey(digest("picture"))), os.DirFS("testdata/index-of-indexes"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			dir := t.TempDir()
			w.local = store.Local(dir)
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "functions"), 0o755))
			w.project.Functions = w.project.Functions[1:] // the large archive
			require.NoError(t, make(dir))
			_, err := w.plan(t.Context())
			require.ErrorContains(t, err, "is no ")
			assert.Equal(t, "remove it, and run `foldstack build`", hint(t, err))
		})
	}
}

func TestAnArchiveThatShrinksWhileItIsReadIsNotPublished(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(local)))
	w.local = store.Local(dir)
	plan, err := w.plan(t.Context())
	require.NoError(t, err)
	require.NoError(t, os.Truncate(filepath.Join(dir, model.ArchiveKey(digest("large"))), partSize))
	require.Error(t, plan.Publish(t.Context()))
	assert.NotContains(t, w.server.Objects(w.bucket(first)), model.ArchiveKey(digest("large")))
	w.sound(t)
}

func TestTheServerRefusesWhatThePolicyOfTheBucketRefuses(t *testing.T) {
	w := newWorld(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, w.server.URL+"/"+w.bucket(first)+"/functions/x.zip", http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-central-1/s3/aws4_request")
	request.Header.Set("X-Amz-Expected-Bucket-Owner", "111111111111")
	request.Header.Set("X-Amz-Checksum-Sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	assert.Equal(t, http.StatusForbidden, answer.StatusCode, "a write that may overwrite")
}
