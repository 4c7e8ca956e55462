package endtoend

import (
	"crypto/sha256"
	"encoding/base64"
	"os"
	"path/filepath"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/lambdatest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// targets are where functions are.
var targets = []struct{ environment, account, region string }{
	{"dev", dev, home},
	{"prod", prod, home},
	{"prod", prod, abroad},
}

// call is one event for a function and what it answers.
type call struct{ event, answer string }

// story is the project, AWS and what has happened between them.
type story struct {
	*project
	mock  *mock
	host  *host
	calls map[string]call // by function
}

// deliver pushes a revision and lets the pipeline run.
func (s *story) deliver(r revision) {
	s.t.Helper()
	upload(s.t, s.mock.administrator(s.t, tooling), home, "shop-source-"+tooling+"-"+home, "source.zip", r)
	p := &player{t: s.t, mock: s.mock, build: s.host.build}
	p.play("shop")
	require.Len(s.t, p.approved, 1, "prod is asked for")
}

// chapter tells of something that is done, holds what became of everything against its
// page, and then looks at every function.
func (s *story) chapter(page string, do func()) {
	s.t.Helper()
	before := s.mock.census(s.t)
	do()
	after := s.mock.census(s.t)
	told(s.t, page, after.since(before))
	s.running(after)
}

// function is what Lambda says of one.
type function struct {
	CodeSha256, Handler, Runtime, Key, Version string
	Environment                                struct{ Variables map[string]string }
}

// running holds every function in every target against what is published, and lets it
// answer an event.
func (s *story) running(c census) {
	s.t.Helper()
	reader := s.mock.administrator(s.t, tooling)
	for _, target := range targets {
		for name := range c.of(place(target.account, target.region), "function") {
			f := get[function](s.t, c, place(target.account, target.region)+"/function/"+name)
			live := get[struct{ FunctionVersion string }](s.t, c, place(target.account, target.region)+"/alias/"+name+":live")
			version := get[function](s.t, c, place(target.account, target.region)+"/version/"+name+":"+live.FunctionVersion)
			require.Equal(s.t, f.CodeSha256, version.CodeSha256, "%s runs what was deployed last", name)

			archive := download(s.t, reader, target.region, "shop-assets-"+tooling+"-"+target.region, f.Key)
			sum := sha256.Sum256(archive)
			require.Equal(s.t, base64.StdEncoding.EncodeToString(sum[:]), version.CodeSha256, "%s is what was published", name)
			s.answers(name[len("shop-"+target.environment+"-"):], version, archive)
		}
	}
}

func (s *story) answers(name string, f function, archive []byte) {
	s.t.Helper()
	require.Contains(s.t, s.calls, name, "nobody knows what %s answers", name)
	file := filepath.Join(s.t.TempDir(), "archive.zip")
	require.NoError(s.t, os.WriteFile(file, archive, 0o644))
	var environment []string
	for key, value := range f.Environment.Variables {
		environment = append(environment, key+"="+value)
	}
	answer, printed := lambdatest.Invoke(s.t, file, lambdatest.Function{Runtime: f.Runtime, Handler: f.Handler}, s.calls[name].event, environment...)
	assert.JSONEq(s.t, s.calls[name].answer, answer, "%s printed:\n%s", name, printed)
}

// code is the CodeSha256 of every function's live version, by place and name.
func (s *story) code() map[string]string {
	s.t.Helper()
	c, sums := s.mock.census(s.t), map[string]string{}
	for _, target := range targets {
		at := place(target.account, target.region)
		for name := range c.of(at, "function") {
			sums[at+"/"+name] = get[function](s.t, c, at+"/function/"+name).CodeSha256
		}
	}
	return sums
}

// differing are the places in which two of them differ.
func differing(a, b map[string]string) []string {
	var keys []string
	for key := range a {
		if a[key] != b[key] {
			keys = append(keys, key)
		}
	}
	for key := range b {
		if _, there := a[key]; !there {
			keys = append(keys, key)
		}
	}
	return keys
}
