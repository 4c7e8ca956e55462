package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/aws/smithy-go"
)

// Failure is an error together with what to do about it.
type Failure struct {
	error
	Hint string
}

func (f Failure) Unwrap() error { return f.error }

// Hinted is an error together with what to do about it.
func Hinted(err error, hint string) Failure { return Failure{err, hint} }

// HintOf is what an error says to do, or empty.
func HintOf(err error) string {
	var failure Failure
	errors.As(err, &failure)
	return failure.Hint
}

const signIn = "set AWS_PROFILE to a profile of ~/.aws/config or name one by `--profile ACCOUNT=NAME`, sign in by `aws sso login`, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"

// Call is one that failed: the permission that it takes, where, and on what. Its hints
// say what to do about errors of its service, by their code, before those that are the
// same everywhere.
type Call struct {
	Action, Region, Resource string
	Hints                    map[string]string
}

// hints say what to do about the errors that all services have.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
var hints = map[string]string{
	"AccessDenied":                refused,
	"AccessDeniedException":       refused,
	"UnauthorizedOperation":       refused,
	"ExpiredToken":                Expired,
	"ExpiredTokenException":       Expired,
	"InvalidAccessKeyId":          Expired,
	"InvalidClientTokenId":        Expired,
	"InvalidToken":                Expired,
	"UnrecognizedClientException": Expired,
	"RequestTimeTooSkewed":        skewed,
	"SignatureDoesNotMatch":       skewed,
	"InvalidSignatureException":   skewed,
	"RequestExpired":              skewed,
	"SlowDown":                    Throttled,
	"Throttling":                  Throttled,
	"ThrottlingException":         Throttled,
	"TooManyRequestsException":    Throttled,
}

// Expired and Throttled are hints for codes that one service has alone.
const (
	refused   = "use credentials that may: another profile by `--profile` or AWS_PROFILE, another role by `--role`, or ask whoever administers the account"
	Expired   = "the credentials are no longer or not yet valid: " + signIn
	Throttled = "AWS asks for fewer calls: run it again later; " + repeated

	skewed      = "is this machine's clock right, and the secret key whole?"
	troubled    = "this is AWS's trouble and may pass: run it again; " + repeated
	foreign     = "what answers is not AWS: is AWS_ENDPOINT_URL right, if it is set, and does a proxy want you to sign in?"
	unreachable = "is there a connection to AWS, and is AWS_ENDPOINT_URL right, if it is set? then run it again; " + repeated
	repeated    = "what is done is not done again" // true of every command, whether or not it had begun
)

// Explain says what failed as whom, and what to do. Who interrupted knows that he did.
func (s *Session) Explain(err error, c Call) error {
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
	text := fmt.Errorf("%s on %s in %s%s: %w", c.Action, c.Resource, c.Region, who, err)
	if code != "" {
		text = worded{fmt.Sprintf("%s on %s in %s%s: %s", c.Action, c.Resource, c.Region, who, said(code, message, Status(err))), err}
	}
	if code == "" && Status(err) == http.StatusForbidden { // an answer to HEAD has no text
		code = "AccessDenied"
	}
	switch hint := cmp.Or(c.Hints[code], hints[code]); {
	case hint != "":
		return Failure{text, hint}
	case Status(err) >= http.StatusInternalServerError:
		return Failure{text, troubled}
	case offline(err) || unaddressed(err):
		return Failure{text, unreachable}
	case strange(err, code):
		return Failure{text, foreign}
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

func said(code, message string, status int) string {
	switch {
	case code == noCode:
		return fmt.Sprintf("an answer without an error code, with the HTTP status %d", status)
	case message == "" || message == code:
		return code
	}
	return code + ": " + message
}

// noCode is the code that the SDK gives an error in whose answer it finds none.
const noCode = "UnknownError"

// strange reports an answer in which nothing is of AWS.
func strange(err error, code string) bool {
	var unread *smithy.DeserializationError
	return code == noCode || errors.As(err, &unread)
}

// answer is what AWS said, if it said anything.
func answer(err error) (code, message string) {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode(), api.ErrorMessage()
	}
	return "", ""
}

// reason is an error in a few words: what AWS said or, where it said nothing, what the
// error began with. Who waited in vain is told so, and not which clock ran out first.
func reason(err error) string {
	if code, message := answer(err); code != "" {
		return said(code, message, Status(err))
	}
	if network := net.Error(nil); errors.As(err, &network) && network.Timeout() {
		return "no answer in time"
	}
	for {
		cause := errors.Unwrap(err)
		if cause == nil {
			return err.Error()
		}
		err = cause
	}
}

// IsCode reports an answer with that error code.
func IsCode(err error, code string) bool {
	said, _ := answer(err)
	return err != nil && said == code && !errors.Is(err, context.Canceled)
}

// Status is the HTTP status of an answer, and zero where there was none.
func Status(err error) int {
	var response interface{ HTTPStatusCode() int }
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	return 0
}

// unaddressed reports a call that nobody knows where to send, which the SDK says in words
// alone.
//
// https://github.com/aws/aws-sdk-go-v2/blob/service/sts/v1.51.8/service/sts/endpoints.go#L655
func unaddressed(err error) bool {
	return strings.Contains(err.Error(), "failed to resolve service endpoint")
}

// offline reports an error that is of the connection: there is no answer, or it breaks off.
func offline(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF)
}
