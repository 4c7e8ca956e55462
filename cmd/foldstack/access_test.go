package main

import (
	"bytes"
	"io"
	"sync/atomic"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

func access(args ...string) (*accessFlags, error) {
	var f accessFlags
	cmd := &cobra.Command{}
	f.add(cmd)
	return &f, cmd.ParseFlags(args)
}

func TestAccountsAreEnteredByTheProfilesAndTheRoleThatAreGiven(t *testing.T) {
	given := []string{"--profile", "222222222222=dev", "--profile", "333333333333=the prod", "--profile", "{account}-admin", "--role", "ops/deployer"}
	f, err := access(given...)
	require.NoError(t, err)
	assert.Equal(t, cloud.Doors{
		Profiles: map[string]string{"222222222222": "dev", "333333333333": "the prod"},
		Profile:  "{account}-admin", Role: "ops/deployer",
	}, f.doors)
	assert.Equal(t, []string{
		"--profile", "222222222222=dev", "--profile", "'333333333333=the prod'", "--profile", "'{account}-admin'", "--role", "ops/deployer",
	}, f.given(), "in a form for the shell")
}

func TestAProfileOfNoAccountIsRefused(t *testing.T) {
	for _, value := range []string{"dev", "2222=dev", "222222222222=", "=dev", ""} {
		_, err := access("--profile", value)
		require.ErrorContains(t, err, "neither ACCOUNT=NAME nor a name with {account}", value)
	}
	f, err := access()
	require.NoError(t, err)
	assert.Empty(t, f.given())
}

func TestAReasonToAskAgainIsSaidOnceHoweverManyCallsHaveIt(t *testing.T) {
	var talk bytes.Buffer
	retrying := (&session{stderr: &talk}).retrying()
	for _, reason := range []string{"EOF", "Throttling: Rate exceeded", "EOF"} {
		retrying(reason)
	}
	assert.Equal(t, "foldstack: AWS is asked again: EOF\nfoldstack: AWS is asked again: Throttling: Rate exceeded\n", talk.String())
}

// The first call is the one that meets a network without AWS: who waits for it is told so.
func TestEveryCommandSaysWhyItsFirstCallIsRepeated(t *testing.T) {
	for _, args := range [][]string{
		{"bootstrap", "--dry-run"}, {"build", "--skip-published", "--dry-run"}, {"gc", "--dry-run"}, {"publish"}, {"status"}, {"teardown", "--dry-run"},
	} {
		t.Run(args[0], func(t *testing.T) {
			project(t)
			server := cloudtest.Start(t)
			var failed atomic.Bool
			server.Break(func(c cloudtest.Call) cloudtest.Fault {
				if failed.CompareAndSwap(false, true) {
					assert.Equal(t, "GetCallerIdentity", c.Operation)
					return cloudtest.Unheard
				}
				return cloudtest.None
			})
			var stderr bytes.Buffer
			run(args, io.Discard, &stderr, noEnv)
			assert.Contains(t, stderr.String(), "foldstack: AWS is asked again: EOF\n")
		})
	}
}
