package endtoend

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/lambdatest"
)

// targets are where functions may be.
var targets = []struct{ environment, account, region string }{
	{"dev", dev, home},
	{"dev", dev, abroad},
	{"prod", prod, home},
	{"prod", prod, abroad},
}

// call is one event for a function and what it answers.
type call struct{ event, answer string }

// story is the project, AWS and what has happened between them.
type story struct {
	*project
	mock    *mock
	host    *host
	calls   map[string]call // by function
	refuses bool            // whoever is asked to approve
	now     census

	delivered revision        // to every target, the last one
	foretold  becoming        // of the functions by a delivery in this chapter, or nil
	done      []string        // the actions of the last push
	heard     map[string]bool // what has answered as it should
	pages     []string        // what has been told
}

// push uploads a revision and lets the pipeline run.
func (s *story) push(r revision) error {
	s.t.Helper()
	upload(s.t, s.mock.administrator(s.t, tooling), home, "shop-source-"+tooling+"-"+home, "source.zip", r.archive)
	p := &player{t: s.t, mock: s.mock, build: s.host.build, approves: !s.refuses}
	err := p.play("shop")
	s.done = p.done
	return err
}

// deliver pushes the revision that is checked out, and the pipeline brings it to every
// target. What diff says before has to become true, and status then finds nothing.
func (s *story) deliver(r revision) {
	s.t.Helper()
	if s.delivered.commit != "" {
		s.foretold = s.diff().becoming()
	}
	require.NoError(s.t, s.push(r))
	s.delivered = r
	s.everywhere()
}

// chapter tells of something that is done, holds what became of everything against its
// page, and then looks at every function.
func (s *story) chapter(page string, do func()) {
	s.t.Helper()
	before := s.now
	s.foretold = nil
	do()
	s.now = s.mock.census(s.t)
	s.told(page, s.now.since(before))
	if s.foretold != nil {
		assert.Equal(s.t, s.foretold, s.now.becoming(before), "%s: diff foretold otherwise", page)
	}
	s.running()
}

// function is what Lambda says of one.
type function struct {
	CodeSha256, Handler, Runtime, Key string
	Environment                       struct{ Variables map[string]string }
}

// running holds every function in every target against what is published, and lets it
// answer an event.
func (s *story) running() {
	s.t.Helper()
	reader := s.mock.administrator(s.t, tooling)
	for _, target := range targets {
		at := place(target.account, target.region)
		for name := range s.now.of(at, "function") {
			latest := get[function](s.t, s.now, at+"/function/"+name)
			alias := get[struct{ FunctionVersion string }](s.t, s.now, at+"/alias/"+name+":live")
			live := get[function](s.t, s.now, at+"/version/"+name+":"+alias.FunctionVersion)
			require.Equal(s.t, latest.CodeSha256, live.CodeSha256, "%s in %s: the alias has what was deployed last", name, at)

			archive := download(s.t, reader, target.region, "shop-assets-"+tooling+"-"+target.region, latest.Key)
			sum := sha256.Sum256(archive)
			require.Equal(s.t, base64.StdEncoding.EncodeToString(sum[:]), live.CodeSha256, "%s in %s is what was published", name, at)
			s.answers(name[len("shop-"+target.environment+"-"):], live, archive)
		}
	}
}

func (s *story) answers(name string, f function, archive []byte) {
	s.t.Helper()
	require.Contains(s.t, s.calls, name, "nobody knows what %s answers", name)
	asked := fmt.Sprint(name, f.CodeSha256, s.calls[name])
	if s.heard[asked] {
		return // the same bytes, from another bucket
	}
	file := filepath.Join(s.t.TempDir(), "archive.zip")
	require.NoError(s.t, os.WriteFile(file, archive, 0o644))
	var environment []string
	for key, value := range f.Environment.Variables {
		environment = append(environment, key+"="+value)
	}
	answer, printed := lambdatest.Invoke(s.t, file, lambdatest.Function{Runtime: f.Runtime, Handler: f.Handler}, s.calls[name].event, environment...)
	assert.JSONEq(s.t, s.calls[name].answer, answer, "%s printed:\n%s", name, printed)
	s.heard[asked] = true
}

// code is the CodeSha256 of every function, by its place and name.
func (s *story) code() map[string]string {
	s.t.Helper()
	sums := map[string]string{}
	for _, target := range targets {
		at := place(target.account, target.region)
		for name := range s.now.of(at, "function") {
			sums[at+"/"+name] = get[function](s.t, s.now, at+"/function/"+name).CodeSha256
		}
	}
	return sums
}

// moved are the functions whose code is another one.
func moved(before, after map[string]string) []string {
	var names []string
	for name, sum := range after {
		if before[name] != sum {
			names = append(names, name)
		}
	}
	return names
}
