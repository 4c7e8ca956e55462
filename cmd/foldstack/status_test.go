package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/status"
)

const statusPage = "docs/status.md"

func TestThePageShowsTheStatusThatTheScriptSees(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "script", "status.txtar"))
	require.NoError(t, err)
	fences, _ := fencesAndRows(t, read(t, statusPage))
	var shown string
	for _, f := range fences {
		if f.language == "text" {
			shown += strings.Join(f.lines, "\n") + "\n"
		}
	}
	for _, file := range archive.Files {
		if file.Name == "fails" {
			assert.Equal(t, string(file.Data), shown)
			return
		}
	}
	t.Error("the script has no such file")
}

func TestTheCommandsOfThePageHaveTheFlagsThatThereAre(t *testing.T) {
	fences, _ := fencesAndRows(t, read(t, statusPage))
	count := 0
	for _, f := range fences {
		if f.language != "sh" {
			continue
		}
		for _, line := range f.lines {
			args := strings.Fields(strings.ReplaceAll(strings.TrimPrefix(line, "foldstack "), "'", ""))
			assert.Equal(t, exitFine, run(append(args, "--help"), io.Discard, os.Stderr, noEnv), line)
			count++
		}
	}
	assert.Equal(t, 2, count)
}

func TestAStatusThatCannotBePrintedIsAFailure(t *testing.T) {
	project(t)
	cloudtest.Start(t)
	for _, args := range [][]string{{"status"}, {"status", "--json"}} {
		var stderr bytes.Buffer
		assert.Equal(t, exitCannot, run(args, broken{}, &stderr, noEnv), args)
		assert.Contains(t, stderr.String(), ": nobody is there\n", args)
	}
}

// A watch may be at it for days: who sees it stand still wants to know why.
func TestALookThatIsRepeatedSaysWhy(t *testing.T) {
	project(t)
	server := cloudtest.Start(t)
	var throttled atomic.Bool
	server.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == "GetPipelineState" && throttled.CompareAndSwap(false, true) {
			return cloudtest.Throttle
		}
		return cloudtest.None
	})
	var stderr bytes.Buffer
	s := newSession(io.Discard, &stderr, noEnv)
	s.waiting.Backoff = func(int) time.Duration { return 0 }
	assert.Equal(t, exitProblems, s.execute([]string{"status", "--watch", "--role", "reader"}))
	assert.Equal(t, "foldstack: AWS is asked again: ThrottlingException: Rate exceeded\nfoldstack: 2 findings\n", stderr.String())
}

// Forty accounts without a stack are one finding, which a person can read: the tables
// name them all.
func TestAFindingInManyPlacesNamesTheFirst(t *testing.T) {
	var stdout bytes.Buffer
	s := &session{stdout: &stdout}
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprintf("prod %012d eu-central-1", i)
	}
	require.NoError(t, s.statusFindings([]status.Finding{{Where: many[:6], Text: "gone"}, {Where: many, Text: "gone"}}))
	assert.Equal(t, "\n"+strings.Join(many[:6], "; ")+": gone\n\n"+strings.Join(many[:5], "; ")+"; and 35 more: gone\n", stdout.String())
}

func TestAccountsThatNobodyCanGetIntoAreOneFinding(t *testing.T) {
	unread := func(account string, where ...string) status.Finding {
		return status.Finding{Kind: status.Unread, Where: where, Text: "nothing says how to get into account " + account, Hint: "give `--profile " + account + "=NAME`"}
	}
	gone := status.Finding{Kind: status.Missing, Where: []string{"prod 333333333333 eu-central-1"}, Text: "nothing is deployed there"}
	assert.Equal(t, []status.Finding{
		gone,
		{
			Kind: status.Unread, Where: []string{"dev 222222222222 eu-central-1", "dev 222222222222 us-east-1", "prod 444444444444 eu-central-1"},
			Text: "nothing says how to get into account ACCOUNT", Hint: "give `--profile ACCOUNT=NAME`",
		},
	}, shownFindings([]status.Finding{
		unread("222222222222", "dev 222222222222 eu-central-1", "dev 222222222222 us-east-1"), gone, unread("444444444444", "prod 444444444444 eu-central-1"),
	}))
}

// Whoever gives the command as it stands there comes into the same accounts, of the same project.
func TestWhatIsAdvisedHasTheFlagsOfWhoAsked(t *testing.T) {
	f := statusFlags{projectFlags: projectFlags{config: "my shop"}, only: []string{"dev"}}
	f.doors = cloud.Doors{Profiles: map[string]string{"111111111111": "tools"}, Role: "admin"}
	root := (&session{}).rootCommand()
	for text, want := range map[string]string{
		"run `foldstack bootstrap`: it makes":                   "run `foldstack bootstrap --config 'my shop' --profile 111111111111=tools --role admin`: it makes",
		"`foldstack teardown --orphans` removes it":             "`foldstack teardown --config 'my shop' --profile 111111111111=tools --role admin --orphans` removes it",
		"`foldstack diff 1111111` shows":                        "`foldstack diff --config 'my shop' 1111111` shows",
		"`foldstack status --watch` follows it":                 "`foldstack status --config 'my shop' --profile 111111111111=tools --role admin --only dev --watch` follows it",
		"`foldstack generate --locked && foldstack build` does": "`foldstack generate --config 'my shop' --locked && foldstack build --config 'my shop' --profile 111111111111=tools --role admin` does",
		"a role of foldstack run `foldstack verify`":            "a role of foldstack run `foldstack verify --config 'my shop'`",
		"`foldstack version`, `foldstack hello`":                "`foldstack version`, `foldstack hello`",
	} {
		assert.Equal(t, want, f.repeated(root, text))
	}
	assert.Equal(t, "aws --profile tools", f.cli("111111111111"))
	assert.Equal(t, "aws", f.cli("222222222222"))
	assert.Equal(t, "run `foldstack bootstrap`", (&statusFlags{}).repeated(root, "run `foldstack bootstrap`"))
}
