package cloud

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// late is a connection whose writes come back only when somebody lets them, though what
// is written has gone off at once.
type late struct {
	net.Conn
	let <-chan struct{}
}

func (l late) Write(data []byte) (int, error) {
	n, err := l.Conn.Write(data)
	if strings.Contains(string(data), "Action=") {
		<-l.let
	}
	return n, err
}

func TestAnAnswerThatOvertakesTheEndOfItsQuestionIsRead(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	t.Cleanup(server.Close)
	let := make(chan struct{})
	client := limited(awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			connection, err := new(net.Dialer).DialContext(ctx, network, address)
			return late{connection, let}, err
		}
	}), answerTime)

	wrote := make(chan httptrace.WroteRequestInfo, 1)
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) { wrote <- info }})
	request, ok := smithyhttp.NewStackRequest().(*smithyhttp.Request)
	require.True(t, ok)
	request.Method, request.URL.Scheme, request.URL.Host = http.MethodPost, "http", server.Listener.Addr().String()
	request, err := request.SetStream(strings.NewReader("Action=DescribeStacks"))
	require.NoError(t, err)
	request.ContentLength = int64(len("Action=DescribeStacks"))

	sent := request.Build(ctx)
	answer, err := client.Do(sent)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	require.NoError(t, sent.Body.Close(), "as the SDK does when it is answered")
	close(let)
	require.NoError(t, (<-wrote).Err)
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	assert.Equal(t, "Action=DescribeStacks", string(body))
}

func TestAnAttemptEndsThoughNobodyAnswersOrNobodyEndsTheAnswer(t *testing.T) {
	end := make(chan struct{})
	defer close(end) // or the servers would wait for their answers
	for name, begin := range map[string]func(http.ResponseWriter){
		"no answer":             nil,
		"half of an answer":     func(w http.ResponseWriter) { _, _ = io.WriteString(w, "half") },
		"the head of an answer": func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if begin != nil {
				begin(w)
				_ = http.NewResponseController(w).Flush()
			}
			<-end
		}))
		t.Cleanup(server.Close)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		require.NoError(t, err)
		answer, err := limited(awshttp.NewBuildableClient(), 100*time.Millisecond).Do(request)
		if err == nil {
			_, err = io.ReadAll(answer.Body)
			require.NoError(t, answer.Body.Close())
		}
		var network net.Error
		require.ErrorAs(t, err, &network, name)
		assert.True(t, network.Timeout(), name)
		assert.Equal(t, "no answer in time", reason(err), name)
	}
}

func TestEveryCallOfASessionEndsAfterATime(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "example", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
		"AWS_ENDPOINT_URL": "http://127.0.0.1:0",
	} {
		t.Setenv(name, value)
	}
	s, err := Open(t.Context(), "eu-central-1", Options{Backoff: func(int) time.Duration { return 0 }})
	require.Error(t, err)
	client, ok := s.Config("us-east-1").HTTPClient.(Client)
	require.True(t, ok)
	assert.Equal(t, answerTime, client.inner.GetTimeout())
	assert.Equal(t, uploadTime, s.Uploads().inner.GetTimeout())
	assert.Equal(t, identifyTime, s.prompt.inner.GetTimeout())
}

// unsent is the client of calls that must not be made.
type unsent struct{ *testing.T }

func (u unsent) Do(*http.Request) (*http.Response, error) {
	u.Error("the call is not by the client of the first one")
	return nil, http.ErrServerClosed
}

func TestTheFirstCallHasAClientOfItsOwnForItsTime(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}))
	t.Cleanup(server.Close)
	s := &Session{prompt: limited(awshttp.NewBuildableClient(), identifyTime), config: aws.Config{
		Region: "eu-central-1", BaseEndpoint: &server.URL, HTTPClient: unsent{t}, Credentials: credentials.NewStaticCredentialsProvider("AKID", "example", ""),
	}}
	require.NoError(t, s.identify(t.Context()))
	assert.Equal(t, "111111111111", s.Account)
}

func TestWhatGivesNoCredentialsIsNotWaitedForForever(t *testing.T) {
	silent := aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		<-ctx.Done()
		return aws.Credentials{}, ctx.Err()
	})
	err := fetch(t.Context(), silent, time.Millisecond)
	require.ErrorContains(t, err, "what gives AWS credentials does not answer")
	assert.Contains(t, HintOf(err), "AWS_CONTAINER_CREDENTIALS_FULL_URI")

	interrupted, interrupt := context.WithCancel(t.Context())
	interrupt()
	require.ErrorIs(t, fetch(interrupted, silent, fetchTime), context.Canceled)
}
