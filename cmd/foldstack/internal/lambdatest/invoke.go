package lambdatest

import (
	"archive/zip"
	"bytes"
	"context"
	"embed"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed runtime
var runtimes embed.FS

// Function is what Lambda is told of a function.
type Function struct {
	Runtime string
	Handler string
}

// runtimeAPI is Lambda's side of a runtime: it hands out one event and takes the answer.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	*httptest.Server
	answers chan string
}

const request = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"

func serve(t *testing.T, event string) *runtimeAPI {
	api := &runtimeAPI{answers: make(chan string, 1)}
	asked := make(chan struct{}, 1)
	asked <- struct{}{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-asked:
		case <-r.Context().Done(): // a second event never comes
			return
		}
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", request)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", "4102444800000")
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:222222222222:function:f")
		_, _ = io.WriteString(w, event)
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/"+request+"/{kind}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		text := string(body)
		if kind := r.PathValue("kind"); kind != "response" {
			text = kind + ": " + text
		}
		w.WriteHeader(http.StatusAccepted)
		api.answers <- text
	})
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		api.answers <- "init error: " + string(body)
	})
	api.Server = httptest.NewServer(mux)
	t.Cleanup(api.Close)
	return api
}

// Invoke unpacks an archive as Lambda does, starts its runtime there, sends one event,
// and returns the answer and what the function printed.
func Invoke(t *testing.T, archive string, f Function, event string, env ...string) (answer, printed string) {
	t.Helper()
	task := unzip(t, archive)
	api := serve(t, event)
	shims := t.TempDir()
	must(t, os.CopyFS(shims, runtimes))
	shims = filepath.Join(shims, "runtime")
	var command []string
	switch {
	case strings.HasPrefix(f.Runtime, "provided"):
		command = []string{filepath.Join(task, "bootstrap")}
	case strings.HasPrefix(f.Runtime, "nodejs"):
		command = []string{"node", filepath.Join(shims, "node.mjs")}
	case strings.HasPrefix(f.Runtime, "python"):
		command = []string{"python3", filepath.Join(shims, "python.py")}
	default:
		t.Fatal("nothing here runs " + f.Runtime)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = task
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "_HANDLER=" + f.Handler, "LAMBDA_TASK_ROOT=" + task,
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(api.URL, "http://"), "AWS_LAMBDA_FUNCTION_NAME=f", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
		"AWS_LAMBDA_FUNCTION_VERSION=1", "PYTHONPATH=" + filepath.Join(shims, "modules"), "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1",
	}, env...)
	must(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case answer = <-api.answers:
		cancel()
		<-ended
	case err := <-ended:
		t.Fatalf("the runtime ended without an answer: %v\n%s", err, out.String())
	}
	return answer, out.String()
}

func unzip(t *testing.T, file string) string {
	t.Helper()
	dir := t.TempDir()
	r, err := zip.OpenReader(file)
	must(t, err)
	defer r.Close()
	for _, f := range r.File {
		rc, err := f.Open()
		must(t, err)
		data, err := io.ReadAll(rc)
		must(t, err)
		target := filepath.Join(dir, filepath.FromSlash(f.Name))
		must(t, os.MkdirAll(filepath.Dir(target), 0o755))
		must(t, os.WriteFile(target, data, f.Mode()))
	}
	return dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
