package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

func TestAPlanThatCannotBePrintedIsAFailure(t *testing.T) {
	project(t)
	server := cloudtest.Start(t)
	server.AddBucket("eu-central-1", "shop-assets-111111111111-eu-central-1")
	for _, args := range [][]string{{"publish", "--dry-run"}, {"publish", "--json"}} {
		require.NoError(t, fillStore("."))
		var stderr bytes.Buffer
		assert.Equal(t, exitCannot, run(args, broken{}, &stderr, noEnv), args)
		assert.Contains(t, stderr.String(), ": nobody is there\n", args)
	}
}
