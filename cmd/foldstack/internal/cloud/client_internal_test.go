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

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
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
