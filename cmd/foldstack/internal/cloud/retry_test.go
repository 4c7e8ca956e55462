package cloud_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

func TestWhatIsTriedAgainSaysWhy(t *testing.T) {
	for fault, reason := range map[cloudtest.Fault]string{
		cloudtest.Throttle: "Throttling: Rate exceeded",
		cloudtest.Fail:     "InternalError: We encountered an internal error. Please try again.",
		cloudtest.Unheard:  "EOF",
		cloudtest.Refuse:   "",
	} {
		server := start(t, nil)
		failed := false
		server.Break(func(cloudtest.Call) cloudtest.Fault {
			if failed {
				return cloudtest.None
			}
			failed = true
			return fault
		})
		var reasons []string
		_, err := cloud.Open(t.Context(), "eu-central-1", cloud.Options{
			Backoff: func(int) time.Duration { return 0 }, Retrying: func(reason string) { reasons = append(reasons, reason) },
		})
		if reason == "" {
			require.Error(t, err, fault)
			assert.Empty(t, reasons, fault)
			continue
		}
		require.NoError(t, err, fault)
		assert.Equal(t, []string{reason}, reasons, fault)
	}
}
