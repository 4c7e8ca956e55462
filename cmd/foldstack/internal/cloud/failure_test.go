package cloud_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

// A proxy that wants somebody to sign in, and whatever else listens where AWS should.
func TestAnAnswerThatIsNotOfAWSIsNotTakenForOne(t *testing.T) {
	for name, c := range map[string]struct {
		status     int
		body, want string
	}{
		"a page":             {http.StatusOK, "<html><body>Sign in</body></html>", "failed to decode response body"},
		"nothing":            {http.StatusOK, "", "an answer that names no account"},
		"a page not found":   {http.StatusNotFound, "<html></html>", "an answer without an error code, with the HTTP status 404"},
		"nothing, not found": {http.StatusNotFound, "", "an answer without an error code, with the HTTP status 404"},
	} {
		t.Run(name, func(t *testing.T) {
			start(t, nil)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			}))
			t.Cleanup(server.Close)
			t.Setenv("AWS_ENDPOINT_URL", server.URL)
			_, err := cloud.Open(t.Context(), "eu-central-1", cloud.Options{Backoff: func(int) time.Duration { return 0 }})
			require.ErrorContains(t, err, "sts:GetCallerIdentity on the credentials in eu-central-1: ")
			require.ErrorContains(t, err, c.want)
			assert.Equal(t, "what answers is not AWS: is AWS_ENDPOINT_URL right, if it is set, and does a proxy want you to sign in?", cloud.HintOf(err))
		})
	}
}

func TestAnAnswerThatBreaksOffIsNotTakenForThatOfSomebodyElse(t *testing.T) {
	start(t, nil)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "<GetCallerIdentityResponse><GetCallerIdentityResult>")
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	_, err := cloud.Open(t.Context(), "eu-central-1", cloud.Options{Backoff: func(int) time.Duration { return 0 }})
	require.ErrorContains(t, err, "sts:GetCallerIdentity on the credentials in eu-central-1: ")
	assert.Contains(t, cloud.HintOf(err), "is there a connection to AWS")
}

func TestAConfigurationThatCannotBeReadIsNotBlamedOnWhoIsSignedIn(t *testing.T) {
	start(t, nil)
	t.Setenv("AWS_CA_BUNDLE", "/nonexistent")
	_, err := cloud.Open(t.Context(), "eu-central-1", cloud.Options{})
	require.ErrorContains(t, err, "reading the AWS configuration: open /nonexistent")
	assert.Equal(t, "look at ~/.aws/config, and at what the variables say that begin with AWS_", cloud.HintOf(err))

	t.Setenv("AWS_CA_BUNDLE", "")
	t.Setenv("AWS_PROFILE", "nobody")
	_, err = cloud.Open(t.Context(), "eu-central-1", cloud.Options{})
	require.ErrorContains(t, err, "nobody")
	assert.Contains(t, cloud.HintOf(err), "set AWS_PROFILE to a profile of ~/.aws/config")
}

func TestACallWithoutAnAddressSaysWhereItMayComeFrom(t *testing.T) {
	for _, variable := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"} {
		start(t, nil)
		t.Setenv(variable, "::bad")
		_, err := cloud.Open(t.Context(), "eu-central-1", cloud.Options{})
		require.ErrorContains(t, err, "::bad", variable)
		assert.Contains(t, cloud.HintOf(err), "is AWS_ENDPOINT_URL right, if it is set?", variable)
	}
}

// Every command that asks AWS takes --profile and --role.
func TestWhoMayNotIsToldOfEachWayToOtherCredentials(t *testing.T) {
	server := start(t, nil)
	server.Break(func(cloudtest.Call) cloudtest.Fault { return cloudtest.Refuse })
	_, err := cloud.Open(t.Context(), "eu-central-1", cloud.Options{})
	require.ErrorContains(t, err, "AccessDenied")
	assert.Equal(t, "use credentials that may: another profile by `--profile` or AWS_PROFILE, another role by `--role`, or ask whoever administers the account", cloud.HintOf(err))
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	_, err = cloud.Open(t.Context(), "eu-central-1", cloud.Options{})
	require.ErrorContains(t, err, "there are no AWS credentials")
	assert.Contains(t, cloud.HintOf(err), "or name one by `--profile ACCOUNT=NAME`")
}
