package endtoend

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAProjectIsDeliveredFromCleanAccountsToCleanAccounts(t *testing.T) {
	if *moto == "" {
		t.Skip("needs a Python with moto: run with -moto, as make conformance does")
	}
	m, p := startMock(t), newProject(t)
	s := &story{p, m, &host{t: t, mock: m, path: p.path}, map[string]call{
		"greet":    {`{"name": "Ada"}`, `"Hello Ada of shop"`},
		"receipts": {`{"Records": [{"body": "{}"}, {"body": "{}"}]}`, `{"read": 2}`},
		"tally":    {`{"numbers": [1, 2, 39]}`, `42`},
		"audit":    {`{}`, `"audited"`},
	}}

	first := p.commit()
	s.chapter("1-bootstrap", func() { bootstrap(t, m, p) })
	s.chapter("2-first-delivery", func() { s.deliver(first) })
	assert.Len(t, s.code(), 3+4+4, "three functions in dev, and four in each region of prod")

	s.chapter("3-the-same-again", func() { s.deliver(first) })
	assert.NotContains(t, s.host.said, "building")

	before := s.code()
	p.replace("functions/greet/index.mjs", "Hello", "Good morning,")
	s.calls["greet"] = call{`{"name": "Ada"}`, `"Good morning, Ada of shop"`}
	s.chapter("4-one-function-changed", func() { s.deliver(p.commit()) })
	assert.ElementsMatch(t, []string{
		place(dev, home) + "/shop-dev-greet", place(prod, home) + "/shop-prod-greet", place(prod, abroad) + "/shop-prod-greet",
	}, differing(before, s.code()))

	p.write("functions/farewell/index.mjs", "export const handler = async () => 'Bye';\n")
	s.calls["farewell"] = call{`{}`, `"Bye"`}
	s.chapter("5-a-folder-added", func() { s.deliver(p.commit()) })

	p.remove("functions/farewell")
	s.chapter("6-a-folder-removed", func() { s.deliver(p.commit()) })

	s.calls["greet"] = call{`{"name": "Ada"}`, `"Hello Ada of shop"`}
	s.chapter("7-rolled-back", func() { s.deliver(first) })
	assert.Equal(t, before, s.code())
	assert.Contains(t, s.host.said, "0 built")

	s.chapter("8-torn-down", func() { teardown(t, m) })
	left := m.census(t)
	s.chapter("9-what-was-kept-removed", func() { sweep(t, m, left) })
	told(t, "what-is-left", m.census(t).since(nil))
}
