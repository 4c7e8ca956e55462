package demand_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/demand"
	"github.com/foldstack/foldstack/generator/estate"
)

func TestEveryCallOfTheShippedFunctionsIsListed(t *testing.T) {
	compare(t, "runtime.golden", demand.RunTime(deployed(t, "prod", production)))
}

func TestEveryCallOfEveryServiceAroundFunctionsIsListed(t *testing.T) {
	compare(t, "services.golden", demand.RunTime(services(t)))
}

// services is an estate in which every service calls a function.
func services(t testing.TB) *estate.Estate {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "runtime.yaml"))
	require.NoError(t, err)
	return of(t, string(text))
}
