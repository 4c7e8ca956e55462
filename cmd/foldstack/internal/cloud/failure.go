package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// Failure is an error together with what to do about it.
type Failure struct {
	error
	Hint string
}

func (f Failure) Unwrap() error { return f.error }

const signIn = "set AWS_PROFILE to a profile of ~/.aws/config, sign in by `aws sso login`, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"

// call is one that failed: the permission that it takes, where, and on what.
type call struct {
	action, region, resource string
}

// hints say what to do about AWS's errors, by code.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
var hints = map[string]string{
	"AccessDenied":                    refused,
	"AccessDeniedException":           refused,
	"AllAccessDisabled":               refused,
	string(transport.DeniedErrorCode): refused,

	"NoSuchBucket":                         absent,
	"PermanentRedirect":                    absent,
	"RepositoryNotFoundException":          absent,
	string(transport.NameUnknownErrorCode): absent,

	"ExpiredToken":                             expired,
	"ExpiredTokenException":                    expired,
	"InvalidAccessKeyId":                       expired,
	"InvalidClientTokenId":                     expired,
	"InvalidToken":                             expired,
	"UnrecognizedClientException":              expired,
	string(transport.UnauthorizedErrorCode):    expired,
	"RequestTimeTooSkewed":                     skewed,
	"SignatureDoesNotMatch":                    skewed,
	"InvalidSignatureException":                skewed,
	"RequestExpired":                           skewed,
	"SlowDown":                                 throttled,
	"ThrottlingException":                      throttled,
	"TooManyRequestsException":                 throttled,
	string(transport.TooManyRequestsErrorCode): throttled,
}

const (
	refused = "the build role of the tooling stack may do this: are out/tooling.yaml and out/tooling-region.yaml deployed as they are generated? " +
		"elsewhere use credentials that may"
	absent    = "deploy out/tooling.yaml, and out/tooling-region.yaml in every further region; `foldstack generate` names the stacks"
	expired   = "the credentials are no longer or not yet valid: " + signIn
	skewed    = "is this machine's clock right, and the secret key whole?"
	throttled = "AWS asks for fewer calls: run it again later, it goes on where it stopped"
)

const troubled = "this is AWS's trouble and may pass: run it again, it goes on where it stopped"

const unreachable = "is there a connection to AWS, and is AWS_ENDPOINT_URL right, if it is set? run it again, it goes on where it stopped"

// explain says what failed as whom, and what to do. Who interrupted knows that he did.
func (s *Session) explain(err error, c call) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	var explained Failure
	if errors.As(err, &explained) {
		return err
	}
	code, message := answer(err)
	who := ""
	if s.Caller != "" {
		who = " as " + s.Caller
	}
	text := fmt.Errorf("%s on %s in %s%s: %w", c.action, c.resource, c.region, who, err)
	if code != "" {
		text = worded{fmt.Sprintf("%s on %s in %s%s: %s", c.action, c.resource, c.region, who, said(code, message)), err}
	}
	switch hint, known := hints[code]; {
	case known:
		return Failure{text, hint}
	case status(err) == http.StatusForbidden: // an answer to HEAD has no text
		return Failure{text, refused}
	case status(err) >= http.StatusInternalServerError:
		return Failure{text, troubled}
	case offline(err):
		return Failure{text, unreachable}
	}
	return text
}

// worded is an error in other words than its cause, whose own name the call once more.
type worded struct {
	text  string
	cause error
}

func (w worded) Error() string { return w.text }
func (w worded) Unwrap() error { return w.cause }

func said(code, message string) string {
	if message == "" || message == code {
		return code
	}
	return code + ": " + message
}

// answer is what AWS said, if it said anything.
func answer(err error) (code, message string) {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode(), api.ErrorMessage()
	}
	var registry *transport.Error
	if errors.As(err, &registry) && len(registry.Errors) > 0 {
		return string(registry.Errors[0].Code), registry.Errors[0].Message
	}
	return "", ""
}

// status is the HTTP status of an answer, and zero where there was none.
func status(err error) int {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	var registry *transport.Error
	if errors.As(err, &registry) {
		return registry.StatusCode
	}
	return 0
}

// offline reports an error that is of the connection and not an answer.
func offline(err error) bool {
	var network net.Error
	return status(err) == 0 && errors.As(err, &network)
}
