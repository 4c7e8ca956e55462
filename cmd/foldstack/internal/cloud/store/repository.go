package store

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// repository is the image repository of one region.
type repository struct {
	session *cloud.Session
	client  *ecr.Client
	region  string
	name    string
	account string

	once   sync.Once
	pusher *remote.Pusher
	place  name.Repository
	failed error
}

func newRepository(s *cloud.Session, region, repo, account string) *repository {
	client := ecr.NewFromConfig(s.Config(region))
	return &repository{session: s, client: client, region: region, name: repo, account: account}
}

// tagsPerCall is how many images one call asks for.
//
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
const tagsPerCall = 100

// stored tells which of the tags are in the repository.
func (r *repository) stored(ctx context.Context, tags []string) ([]string, error) {
	var found []string
	for some := range slices.Chunk(tags, tagsPerCall) {
		ids := make([]ecrtypes.ImageIdentifier, len(some))
		for i := range some {
			ids[i].ImageTag = &some[i]
		}
		answer, err := r.client.BatchGetImage(ctx, &ecr.BatchGetImageInput{
			RegistryId: &r.account, RepositoryName: &r.name, ImageIds: ids,
			AcceptedMediaTypes: []string{
				string(types.OCIManifestSchema1), string(types.DockerManifestSchema2),
				string(types.OCIImageIndex), string(types.DockerManifestList),
			},
		})
		if err != nil {
			return nil, r.explain(err, "ecr:BatchGetImage", "")
		}
		for _, failure := range answer.Failures {
			if failure.FailureCode != ecrtypes.ImageFailureCodeImageNotFound {
				return nil, r.explain(refusal(failure), "ecr:BatchGetImage", "")
			}
		}
		for i := range answer.Images {
			if id := answer.Images[i].ImageId; id != nil {
				found = append(found, aws.ToString(id.ImageTag))
			}
		}
	}
	return found, nil
}

func refusal(f ecrtypes.ImageFailure) error {
	return fmt.Errorf("%s: %s", f.FailureCode, aws.ToString(f.FailureReason))
}

// pushTime is how long the attempt to push an image may take: 10 GB, the most that
// Lambda takes, at 3 MB/s.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const pushTime = time.Hour

// push stores an image under a tag, or finds that somebody has done so. Layers that are
// there are not sent again, so that an attempt goes on where the one before it stopped.
//
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
func (r *repository) push(ctx context.Context, tag string, image v1.Image) error {
	if err := r.signIn(ctx); err != nil {
		return err
	}
	err := r.session.Persist(ctx, passing, func() error {
		ctx, cancel := context.WithTimeout(ctx, pushTime)
		defer cancel()
		return answered(r.pusher.Push(ctx, r.place.Tag(tag), image))
	})
	if err == nil || ctx.Err() != nil {
		return err
	}
	// A tag cannot be put twice. Whether it is there now is what counts.
	if found, listErr := r.stored(ctx, []string{tag}); listErr == nil && len(found) > 0 {
		return nil
	}
	return r.explain(err, "ecr:PutImage", tag)
}

// passing reports an error of pushing that another attempt may not meet: a connection
// that broke, and answers that say so.
func passing(err error) bool {
	var file *fs.PathError
	if errors.As(err, &file) {
		return false
	}
	code := cloud.Status(err)
	return code == 0 || code == http.StatusRequestTimeout || code == http.StatusTooManyRequests || code >= http.StatusInternalServerError
}

// signIn gets the repository's address and a password for twelve hours, once.
func (r *repository) signIn(ctx context.Context) error {
	r.once.Do(func() { r.failed = r.authorize(ctx) })
	return r.failed
}

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
func (r *repository) authorize(ctx context.Context) error {
	answer, err := r.client.GetAuthorizationToken(ctx, &ecr.GetAuthorizationTokenInput{})
	if err != nil {
		return r.explain(err, "ecr:GetAuthorizationToken", "")
	}
	if len(answer.AuthorizationData) == 0 {
		return errors.New("ecr:GetAuthorizationToken gave no token")
	}
	data := answer.AuthorizationData[0]
	token, err := base64.StdEncoding.DecodeString(aws.ToString(data.AuthorizationToken))
	user, password, ok := strings.Cut(string(token), ":")
	if err != nil || !ok {
		return errors.New("ecr:GetAuthorizationToken gave a token in another form")
	}
	scheme, host, _ := strings.Cut(aws.ToString(data.ProxyEndpoint), "://")
	var options []name.Option
	if scheme == "http" {
		options = append(options, name.Insecure)
	}
	if r.place, err = name.NewRepository(host+"/"+r.name, options...); err != nil {
		return fmt.Errorf("placing the repository %s: %w", r.name, err)
	}
	r.pusher, err = remote.NewPusher(
		remote.WithAuth(&authn.Basic{Username: user, Password: password}),
		remote.WithTransport(r.session.Uploads().Transport()),
		remote.WithUserAgent("foldstack"),
		// Whole attempts are repeated instead, by the backoff that all calls have.
		remote.WithRetryBackoff(remote.Backoff{Steps: 1}),
		remote.WithRetryPredicate(func(error) bool { return false }),
	)
	if err != nil {
		return fmt.Errorf("preparing to push images: %w", err)
	}
	return nil
}

func (r *repository) explain(err error, action, tag string) error {
	resource := "the repository " + r.name
	if tag != "" {
		resource += ":" + tag
	}
	return r.session.Explain(err, cloud.Call{Action: action, Region: r.region, Resource: resource, Hints: hintsOf(action)})
}
