package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

const killedBucket = "shop-assets-111111111111-eu-central-1"

// publishedTo is an AWS with what bootstrap makes for the project shop, that programs
// started from here find.
func publishedTo(t *testing.T) *cloudtest.Server {
	t.Helper()
	server := cloudtest.Start(t)
	server.AddBucket("eu-central-1", killedBucket)
	server.AddRepository("eu-central-1", model.ImageRepository("shop"))
	return server
}

// killed runs publish as a process, which is killed when it makes a call: before that
// is answered, and before or after it was carried out.
func killed(t *testing.T, server *cloudtest.Server, at cloudtest.Call, last cloudtest.Fault) {
	t.Helper()
	process := exec.Command("foldstack", "publish", "--quiet")
	var output bytes.Buffer
	process.Stdout, process.Stderr = &output, &output
	started := make(chan struct{})
	var once sync.Once
	server.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c != at {
			return cloudtest.None
		}
		<-started
		once.Do(func() { assert.NoError(t, process.Process.Kill()) })
		return last
	})
	require.NoError(t, process.Start())
	close(started)
	err := process.Wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "%s", &output)
	require.Equal(t, -1, exit.ExitCode(), "it was not killed: %s", &output)
	server.Break(nil)
}

func TestAPublishKilledAtAnyCallIsFinishedByTheNext(t *testing.T) {
	project(t)
	result, err := generator.Check(t.Context(), generator.Options{Root: "."})
	require.NoError(t, err)
	require.NoError(t, fillStore("."))
	large := model.ArchiveKey(result.Project.Functions[0].Digest)
	require.NoError(t, storeArchive(filepath.Join(build.Folder, large), strings.Repeat("x", 9<<20)))

	server := publishedTo(t)
	require.NoError(t, exec.Command("foldstack", "publish", "--quiet").Run())
	whole := server.Objects(killedBucket)
	var calls []cloudtest.Call
	for _, c := range server.Calls() {
		if !slices.Contains(calls, c) {
			calls = append(calls, c)
		}
	}
	require.True(t, slices.ContainsFunc(calls, func(c cloudtest.Call) bool { return c.Operation == "CompleteMultipartUpload" }))
	for _, call := range calls {
		for _, last := range []cloudtest.Fault{cloudtest.Unheard, cloudtest.Unsaid} {
			t.Run(fmt.Sprintf("%s %s", call, last), func(t *testing.T) {
				server := publishedTo(t)
				killed(t, server, call, last)
				for key, data := range server.Objects(killedBucket) {
					assert.True(t, whole[key] == data, "%s is half published", key)
				}
				output, err := exec.Command("foldstack", "publish", "--quiet").CombinedOutput()
				require.NoError(t, err, "%s", output)
				assert.True(t, assert.ObjectsAreEqual(whole, server.Objects(killedBucket)))
			})
		}
	}
}
