package cloud

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
)

// Options are how somebody waits for AWS. What is left out is for everybody.
type Options struct {
	// Backoff is how long to wait before the attempt after this one.
	Backoff func(attempt int) time.Duration
	// Pause is how long to wait before the look after those.
	Pause func(looks int) time.Duration
	// Retrying is told why a call is made again, at the same time as of others.
	Retrying func(reason string)
}

const (
	// maxAttempts with the SDK's backoff are more than a minute of trying.
	maxAttempts = 8
	maxBackoff  = 20 * time.Second
	// identifyAttempts and identifyTime are for the first call, which is small and answered
	// at once: who is offline wants to know it soon.
	identifyAttempts = 4
	identifyTime     = 10 * time.Second
	// fetchTime is for what gives credentials: longer than the minute that the SDK leaves a
	// program, which may ask somebody.
	//
	// https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/credentials/processcreds#pkg-constants
	fetchTime = 90 * time.Second
	// answerTime is how long an attempt of a call without a body may take, and
	// uploadTime one of a call that sends a part: 8 MiB at 30 KB/s.
	answerTime = 30 * time.Second
	uploadTime = 5 * time.Minute
	// connections are kept for each body that may be on its way.
	connections = 32
)

// Session is access to AWS with somebody's credentials.
type Session struct {
	Account string // whose credentials these are
	Caller  string // the ARN of their user or session

	config  aws.Config
	uploads Client // for calls with a body
	prompt  Client // for the first call
	backoff retry.BackoffDelayer
	pause   func(looks int) time.Duration
}

// Open takes the credentials that the SDK finds and asks whose they are. The region
// is where that is asked.
func Open(ctx context.Context, region string, options Options) (*Session, error) {
	return open(ctx, region, "", options)
}

// open takes the credentials of a profile, or those that the SDK finds.
func open(ctx context.Context, region, profile string, options Options) (*Session, error) {
	s := &Session{backoff: telling(backoff(options.Backoff), options.Retrying), pause: options.Pause}
	var err error
	s.config, err = config.LoadDefaultConfig(ctx,
		config.WithSharedConfigProfile(profile), // empty is none
		config.WithRegion(region),
		config.WithHTTPClient(awshttp.NewBuildableClient()),
		config.WithRetryer(s.retryer),
		config.WithAppID("foldstack"),
		config.WithLogger(logging.Nop{}), // what went wrong is in the error
	)
	if err != nil {
		hint := "look at ~/.aws/config, and at what the variables say that begin with AWS_"
		if absent := (config.SharedConfigProfileNotExistError{}); errors.As(err, &absent) {
			hint = signIn
		}
		return nil, Failure{fmt.Errorf("reading the AWS configuration: %w", err), hint}
	}
	client, ok := s.config.HTTPClient.(*awshttp.BuildableClient) // with the certificates of AWS_CA_BUNDLE
	if !ok {
		client = awshttp.NewBuildableClient()
	}
	s.config.HTTPClient, s.uploads, s.prompt = limited(client, answerTime), limited(client, uploadTime), limited(client, identifyTime)
	return s, Interrupted(ctx, s.identify(ctx))
}

// identify asks whose credentials these are. Nobody needs a permission for that.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func (s *Session) identify(ctx context.Context) error {
	if err := fetch(ctx, s.config.Credentials, fetchTime); err != nil {
		return err
	}
	identity, err := sts.NewFromConfig(s.config).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, func(o *sts.Options) {
		o.RetryMaxAttempts = identifyAttempts
		o.HTTPClient = s.prompt
	})
	if err != nil {
		return s.Explain(err, Call{
			Action: "sts:GetCallerIdentity", Region: s.config.Region, Resource: "the credentials",
			Hints: map[string]string{"InvalidClientTokenId": Expired + "; if they are new, " + enabling(s.config.Region)},
		})
	}
	s.Account, s.Caller = aws.ToString(identity.Account), aws.ToString(identity.Arn)
	if s.Account == "" {
		return Failure{fmt.Errorf("sts:GetCallerIdentity on the credentials in %s: an answer that names no account", s.config.Region), foreign}
	}
	return nil
}

// fetch has the SDK fetch credentials: of a container, by single sign-on, from a program.
// Not each of these ends by itself.
func fetch(ctx context.Context, from aws.CredentialsProvider, within time.Duration) error {
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	_, err := from.Retrieve(limited)
	switch {
	case err == nil:
		return nil
	case limited.Err() != nil && ctx.Err() == nil:
		return Failure{fmt.Errorf("what gives AWS credentials does not answer: %w", err), "AWS_CONTAINER_CREDENTIALS_FULL_URI or the profile in ~/.aws/config names it, or " + signIn}
	}
	return Failure{fmt.Errorf("there are no AWS credentials: %w", err), signIn}
}

// enabling is what to do about an account that has not enabled the region in which it is
// asked for its credentials, or whose they are.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
func enabling(region string) string {
	return "the region may not be enabled in that account: `aws account enable-region --region-name " + region + "` with credentials of it"
}

// Config is what clients of AWS are made from, for one region.
func (s *Session) Config(region string) aws.Config {
	c := s.config.Copy()
	c.Region = region
	return c
}

// Uploads is the HTTP client of calls that send a body and take their time.
func (s *Session) Uploads() Client { return s.uploads }

// retryable are errors of S3 that say to try again, beside those that the SDK knows:
// a simultaneous write of the same key, and bytes that changed on their way.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
var retryable = retry.RetryableErrorCode{Codes: map[string]struct{}{
	"ConditionalRequestConflict":  {},
	"BadDigest":                   {},
	"XAmzContentChecksumMismatch": {},
	"XAmzContentSHA256Mismatch":   {},
}}

func (s *Session) retryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = maxAttempts
		o.Backoff = s.backoff
		o.RateLimiter = ratelimit.None // it would give up on many small uploads before each had its attempts
		o.Retryables = append(o.Retryables, retryable)
	})
}

// backoff grows by powers of two up to maxBackoff, times a random number below one.
func backoff(given func(attempt int) time.Duration) retry.BackoffDelayer {
	if given == nil {
		return retry.NewExponentialJitterBackoff(maxBackoff)
	}
	return retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) { return given(attempt), nil })
}

// telling tells why there is another attempt before it waits for that.
func telling(wait retry.BackoffDelayer, tell func(reason string)) retry.BackoffDelayer {
	if tell == nil {
		return wait
	}
	return retry.BackoffDelayerFunc(func(attempt int, err error) (time.Duration, error) {
		tell(reason(err))
		return wait.BackoffDelay(attempt, err)
	})
}

// Persist repeats what fails for now, as the SDK does it with its own calls.
func (s *Session) Persist(ctx context.Context, passing func(error) bool, try func() error) error {
	for attempt := 1; ; attempt++ {
		err := try()
		if err == nil || attempt == maxAttempts || !passing(err) || ctx.Err() != nil {
			return err
		}
		delay, delayErr := s.backoff.BackoffDelay(attempt, err)
		if delayErr != nil {
			return errors.Join(err, delayErr)
		}
		if err := sleep(ctx, delay); err != nil {
			return err
		}
	}
}

// Interrupted is the reason for an error where somebody has lost patience: it then
// tells more than whatever broke by that.
func Interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// The pauses between two looks at work that takes its time: they double.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 3 * time.Second
)

// Pause waits before the next look at work that takes its time; looks counts those
// before. It ends early, with the reason, when the context does.
func (s *Session) Pause(ctx context.Context, looks int) error {
	pause := min(firstPause<<min(looks, 10), longestPause)
	if s.pause != nil {
		pause = s.pause(looks)
	}
	return Interrupted(ctx, sleep(ctx, pause))
}
