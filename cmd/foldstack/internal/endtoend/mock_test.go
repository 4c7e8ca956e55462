package endtoend

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"
)

var moto = flag.String("moto", "", "deliver a project to the mock of AWS that this Python runs")

const (
	repository = "../../../.."
	home       = "eu-central-1" // of the pipeline
	abroad     = "us-east-1"
	tooling    = "111111111111"
	dev        = "222222222222"
	prod       = "333333333333"

	// administrator is the role that a person has in each account.
	administrator = "OrganizationAccountAccessRole"
)

// mock is AWS in another process.
type mock struct {
	url string
	log *lockedBuffer
}

// startMock runs the mock until the test ends. What it said is printed when the test has failed.
func startMock(t *testing.T) *mock {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), *moto, repository+"/.ci/conformance/mock/server.py", home+","+abroad, tooling, dev, prod)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	m := &mock{log: &lockedBuffer{}}
	cmd.Stderr = m.log
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = stdin.Close() // it ends with its input
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the mock said:\n%s", m.log)
		}
	})
	address, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err, "the mock did not start: %s", m.log)
	m.url = strings.TrimSpace(address)
	return m
}

// lockedBuffer is a buffer that may be read while it is written.
type lockedBuffer struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.String()
}

// config is how the SDK reaches the mock.
func (m *mock) config(region string, provider aws.CredentialsProvider) aws.Config {
	return aws.Config{Region: region, BaseEndpoint: &m.url, Credentials: provider}
}

// role is what somebody may do who has taken a role.
type role struct {
	mock *mock
	keys aws.Credentials
}

// manager is who comes from an account outside of the project and has taken no role yet.
func (m *mock) manager() role {
	return role{m, aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "example"}}
}

// assume takes a role. Who takes it is not asked: the proof of permissions does that.
func (m *mock) assume(t *testing.T, arn string) role {
	t.Helper()
	client := sts.NewFromConfig(m.manager().config(home))
	answer, err := client.AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: &arn, RoleSessionName: aws.String("endtoend")})
	require.NoError(t, err)
	return role{m, aws.Credentials{
		AccessKeyID: *answer.Credentials.AccessKeyId, SecretAccessKey: *answer.Credentials.SecretAccessKey, SessionToken: *answer.Credentials.SessionToken,
	}}
}

func (m *mock) administrator(t *testing.T, account string) role {
	t.Helper()
	return m.assume(t, "arn:aws:iam::"+account+":role/"+administrator)
}

func (r role) config(region string) aws.Config {
	return r.mock.config(region, credentials.StaticCredentialsProvider{Value: r.keys})
}

// environment is what tells a program to be somebody on the mock and nowhere else.
func (r role) environment(region string) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + r.mock.url, "AWS_REGION=" + region, "AWS_DEFAULT_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + r.keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + r.keys.SecretAccessKey, "AWS_SESSION_TOKEN=" + r.keys.SessionToken,
		"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}
}

// census is everything that is there: account/region/kind/name, and what its service
// says of it.
func (m *mock) census(t *testing.T) census {
	t.Helper()
	return m.take(t, "/census")
}

func (m *mock) take(t *testing.T, path string) census {
	t.Helper()
	found := census{}
	require.NoError(t, json.Unmarshal(m.ask(t, http.MethodGet, path, nil), &found))
	return found
}

// remember tells CodePipeline of a run that is over.
func (m *mock) remember(t *testing.T, r run) {
	t.Helper()
	told, err := json.Marshal(r)
	require.NoError(t, err)
	m.ask(t, http.MethodPost, "/runs", told)
}

// pass makes all that lies in buckets as much older.
func (m *mock) pass(t *testing.T, days int) {
	t.Helper()
	m.ask(t, http.MethodPost, fmt.Sprintf("/days?%d", days), nil)
}

func (m *mock) ask(t *testing.T, method, path string, body []byte) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, m.url+path, bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode, string(said))
	return said
}
