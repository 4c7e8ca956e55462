package cloud

import (
	"io"
	"net/http"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// Client is the HTTP client of calls. It ends an attempt after a time.
type Client struct{ inner *awshttp.BuildableClient }

// limited is a client whose attempts take no longer than that.
func limited(inner *awshttp.BuildableClient, attempt time.Duration) Client {
	return Client{inner.WithTimeout(attempt).WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = connections
		t.ResponseHeaderTimeout = attempt
	})}
}

// Transport is what the client sends by, for what has a client of its own.
func (c Client) Transport() http.RoundTripper { return c.inner.GetTransport() }

// Do sends a request. The SDK closes its body when the answer begins. Where net/http looks
// after that whether all was sent, the body of the SDK says EOF by its WriteTo, which is
// an error there and costs the connection before the answer is read; its Read says it in order.
//
// https://github.com/aws/aws-sdk-go-v2/issues/1825
func (c Client) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = readOnly{r.Body}
	}
	return c.inner.Do(r)
}

// readOnly hides every other way to get at what is in a body.
type readOnly struct{ io.ReadCloser }
