package build

import (
	"crypto/sha256"
	"encoding/pem"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const repository = "../../../.."

// shipped copies the shipped project, for the architecture of this machine.
func shipped(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range []string{"foldstack.yaml", "go.mod", "go.sum", "functions"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(repository, name), func(file string, d fs.DirEntry, err error) error {
			require.NoError(t, err)
			relative, err := filepath.Rel(repository, file)
			require.NoError(t, err)
			target := filepath.Join(root, relative)
			if d.IsDir() {
				return os.MkdirAll(target, 0o755)
			}
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			if name == "foldstack.yaml" {
				data = []byte(strings.Replace(string(data), "defaults: {", "defaults: {architecture: "+lambdaArchitecture+", ", 1))
			}
			return os.WriteFile(target, data, 0o644)
		}))
	}
	return root
}

// lambdaArchitecture is this machine's.
var lambdaArchitecture = map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]

// images need Docker, and are no archives.
func withoutImages(t *testing.T, root string) Plan {
	t.Helper()
	plan, err := NewPlan(t.Context(), Options{
		Root: root, Functions: functions(t, root), Only: []string{"certificate-watch", "orders-api", "receipts", "required-tags"},
	})
	require.NoError(t, err)
	require.Len(t, plan, 4)
	return plan
}

func buildShipped(t *testing.T, root string) map[string]Outcome {
	t.Helper()
	outcomes, err := Runner{Root: root, Jobs: 2}.Run(t.Context(), withoutImages(t, root))
	require.NoError(t, err)
	byName := map[string]Outcome{}
	for _, o := range outcomes {
		require.Nil(t, o.Failure, "%+v", o.Failure)
		byName[o.Function.Name] = o
	}
	return byName
}

// The same files make the same archive wherever they lie, whenever they were written
// and whatever the umask is.
func TestTheShippedFunctionsAreTheSameBytesInAnotherFolderAtAnotherTime(t *testing.T) {
	sums := func(root string) map[string][sha256.Size]byte {
		sums := map[string][sha256.Size]byte{}
		for name, o := range buildShipped(t, root) {
			data, err := os.ReadFile(filepath.Join(root, Folder, o.Key))
			require.NoError(t, err)
			sums[name] = sha256.Sum256(data)
		}
		return sums
	}
	want := sums(shipped(t))
	other := shipped(t)
	require.NoError(t, filepath.WalkDir(other, func(file string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		at := time.Date(2001, 2, 3, 4, 5, 6, 7, time.UTC)
		if !d.IsDir() {
			require.NoError(t, os.Chmod(file, 0o600))
		}
		return os.Chtimes(file, at, at)
	}))
	withUmask(t, 0o077)
	assert.Equal(t, want, sums(other))
}

// The archive of the Go function holds a program for Linux, which runs here where this
// is Linux.
func TestTheShippedGoFunctionAnswersAnEvent(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the program is for Linux")
	}
	root := shipped(t)
	host := httptest.NewTLSServer(http.NotFoundHandler())
	defer host.Close()
	authority := filepath.Join(t.TempDir(), "authority.pem")
	require.NoError(t, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: host.Certificate().Raw}), 0o644))
	o := buildShipped(t, root)["certificate-watch"]
	answer, printed := invoke(t, root, o, "{}", "HOSTS="+host.Listener.Addr().String(), "SSL_CERT_FILE="+authority)
	assert.Equal(t, "null", answer)
	assert.Contains(t, printed, `"Namespace":"Certificates"`)

	answer, _ = invoke(t, root, o, "{}", "HOSTS=127.0.0.1:1")
	assert.Contains(t, answer, "error: ")
	assert.Contains(t, answer, "no certificate from 127.0.0.1:1")
}

func TestTheShippedFunctionsOfInterpretedLanguagesAnswerEvents(t *testing.T) {
	if !*toolchain {
		t.Skip("needs node and python3: run with -toolchains, as make conformance does")
	}
	root := shipped(t)
	outcomes := buildShipped(t, root)
	answer, _ := invoke(t, root, outcomes["orders-api"], `{"routeKey": "POST /orders", "body": "{}"}`)
	assert.JSONEq(t, `{"statusCode": 400, "headers": {"content-type": "application/json"}, "body": "{\"message\":\"customer is missing\"}"}`, answer)

	answer, _ = invoke(t, root, outcomes["receipts"], `{"Records": [{"messageId": "m1", "body": "no JSON"}]}`)
	assert.JSONEq(t, `{"batchItemFailures": [{"itemIdentifier": "m1"}]}`, answer)

	event := `{"invokingEvent": "{\"messageType\": \"ConfigurationItemChangeNotification\", \"configurationItem\": {\"resourceType\": \"AWS::S3::Bucket\", \"resourceId\": \"b\",` +
		` \"configurationItemCaptureTime\": \"2026-01-01\", \"configurationItemStatus\": \"OK\", \"tags\": {\"owner\": \"us\"}}}", "resultToken": "t"}`
	answer, printed := invoke(t, root, outcomes["required-tags"], event, "REQUIRED_TAGS=owner, cost-centre")
	assert.Equal(t, "null", answer)
	assert.Contains(t, printed, `"ComplianceType": "NON_COMPLIANT", "Annotation": "missing: cost-centre"`)
}
