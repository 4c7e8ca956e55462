package stacks_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

const (
	account = "111111111111"
	region  = "eu-central-1"
)

// never waits before another attempt.
func never(int) time.Duration { return 0 }

// world is AWS with somebody who has signed in.
type world struct {
	*stacks.Place
	server *cloudtest.Server
	told   []stacks.Event
}

func newWorld(t *testing.T) *world {
	t.Helper()
	server := cloudtest.New()
	t.Cleanup(server.Close)
	for name, value := range server.Environment() {
		t.Setenv(name, value)
	}
	session, err := cloud.Open(t.Context(), region, cloud.Options{Backoff: never})
	require.NoError(t, err)
	return &world{Place: stacks.In(session, region), server: server}
}

func (w *world) tell(e stacks.Event) { w.told = append(w.told, e) }

// statuses are those of the stacks that are there, by name.
func (w *world) statuses() map[string]string {
	all := map[string]string{}
	for _, s := range w.server.Stacks(account, region) {
		all[s.Name] = s.Status
	}
	return all
}

// shipped is a template of the shipped output.
func shipped(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "out", name))
	require.NoError(t, err)
	return data
}

func lines(events []stacks.Event) []string {
	var all []string
	for _, e := range events {
		all = append(all, fmt.Sprintf("%s %s %s", e.LogicalID, e.Status, e.Reason))
	}
	return all
}
