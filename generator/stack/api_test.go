package stack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheSharedAPIHoldsSoManyRoutesAndNotOneMore(t *testing.T) {
	var events strings.Builder
	events.WriteString("events:\n")
	for i := range maxRoutes {
		fmt.Fprintf(&events, "  - http: GET /%d\n", i)
	}
	assert.Empty(t, problemsOf(t, shop(t, folder{name: "a", yaml: events.String()})))

	events.WriteString("  - http: GET /more\n")
	problem := onlyProblem(t, shop(t, folder{name: "a", yaml: events.String()}))
	assert.Equal(t, "api-full", problem.Rule)
	assert.Equal(t, maxRoutes+2, problem.Place.Line, "the first route past the limit")
}
