package demand_test

import (
	"testing"

	"github.com/foldstack/foldstack/generator/demand"
)

func TestEveryCallOfTheShippedFunctionsIsListed(t *testing.T) {
	compare(t, "runtime.golden", demand.RunTime(deployed(t, "prod", production)))
}
