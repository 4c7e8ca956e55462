package store

import (
	"errors"
	"maps"

	"github.com/aws/smithy-go"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
)

const (
	refused = "the build role of the tooling stack may do this: are out/tooling.yaml and out/tooling-region.yaml deployed as they are generated? " +
		"elsewhere use credentials that may"
	absent = "run `foldstack bootstrap`: it deploys out/tooling.yaml, and out/tooling-region.yaml in every further region"
)

// hints say what to do about errors, by code.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
var hints = map[string]string{
	"AccessDenied":                    refused,
	"AccessDeniedException":           refused,
	"AllAccessDisabled":               refused,
	string(transport.DeniedErrorCode): refused,

	"NoSuchBucket":                         absent,
	"PermanentRedirect":                    absent,
	"RepositoryNotFoundException":          absent,
	string(transport.NameUnknownErrorCode): absent,

	string(transport.UnauthorizedErrorCode):    cloud.Expired,
	string(transport.TooManyRequestsErrorCode): cloud.Throttled,
}

// hintsOf are the hints for a call. What is not done to publish, the build role may not do.
func hintsOf(action string) map[string]string {
	if publishes[action] {
		return hints
	}
	others := maps.Clone(hints)
	maps.DeleteFunc(others, func(_, hint string) bool { return hint == refused })
	return others
}

var publishes = map[string]bool{
	"s3:ListBucket": true, "s3:PutObject": true, "ecr:BatchGetImage": true, "ecr:GetAuthorizationToken": true, "ecr:PutImage": true,
}

// registryError is an answer of a registry in the form of those of other services.
type registryError struct{ error *transport.Error }

func (e registryError) Error() string                 { return e.error.Error() }
func (e registryError) Unwrap() error                 { return e.error }
func (e registryError) HTTPStatusCode() int           { return e.error.StatusCode }
func (e registryError) ErrorFault() smithy.ErrorFault { return smithy.FaultUnknown }
func (e registryError) ErrorCode() string             { return string(e.first().Code) }
func (e registryError) ErrorMessage() string          { return e.first().Message }

func (e registryError) first() transport.Diagnostic {
	if len(e.error.Errors) == 0 {
		return transport.Diagnostic{}
	}
	return e.error.Errors[0]
}

// answered brings what a registry answered into the form of other services.
func answered(err error) error {
	var registry *transport.Error
	if errors.As(err, &registry) {
		return registryError{registry}
	}
	return err
}
