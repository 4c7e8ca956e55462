package stacks_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

const (
	account = "111111111111"
	region  = "eu-central-1"
)

// Templates of a queue, and of another or a further one.
const (
	queue = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n"
	other = queue + "    Properties:\n      DelaySeconds: 5\n"
	two   = queue + "  Further:\n    Type: AWS::SQS::Queue\n"
	parts = "Resources:\n  Part:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n" +
		"      TemplateURL: !Sub https://assets.s3.${AWS::Region}.${AWS::URLSuffix}/part.yaml\n"
	exports = queue + "Outputs:\n  Queue:\n    Value: !Ref Queue\n    Export:\n      Name: queue\n"
	imports = other + "      QueueName: !Sub\n        - ${Name}-letters\n        - Name: !ImportValue queue\n"
	keeps   = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: kept\n"
)

// never waits before another attempt.
func never(int) time.Duration { return 0 }

// world is AWS with somebody who has signed in.
type world struct {
	*stacks.Place
	server  *cloudtest.Server
	session *cloud.Session
	sdk     *cloudformation.Client // of somebody else
	told    []stacks.Event
}

// newWorld is one in which CloudFormation is done when somebody first looks, so that
// nobody waits.
func newWorld(t *testing.T) *world {
	t.Helper()
	server := cloudtest.Start(t)
	server.Looks = 1
	session, err := cloud.Open(t.Context(), region, cloud.Options{Backoff: never})
	require.NoError(t, err)
	server.Forget()
	return &world{Place: stacks.In(session, region), server: server, session: session, sdk: cloudformation.NewFromConfig(session.Config(region))}
}

func (w *world) tell(e stacks.Event) { w.told = append(w.told, e) }

// deploy makes a stack of the name shop what a template says.
func (w *world) deploy(ctx context.Context, template string) (stacks.Outcome, error) {
	return w.Deploy(ctx, stacks.Deployment{Name: "shop", Template: []byte(template)}, w.tell)
}

// must is an outcome that cannot fail.
func (w *world) must(t *testing.T, template string) {
	t.Helper()
	_, err := w.deploy(t.Context(), template)
	require.NoError(t, err)
}

// statuses are those of the stacks that are there, by name.
func (w *world) statuses() map[string]string {
	all := map[string]string{}
	for _, s := range w.server.Stacks(account, region) {
		all[s.Name] = s.Status
	}
	return all
}

// begin makes somebody else create the stack.
func (w *world) begin(t *testing.T, template string) {
	t.Helper()
	_, err := w.sdk.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("shop"), TemplateBody: &template})
	require.NoError(t, err)
}

// shipped is a template of the shipped output.
func shipped(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "out", name))
	require.NoError(t, err)
	return data
}
