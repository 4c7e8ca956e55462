package endtoend

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAProjectIsDeliveredFromCleanAccountsToCleanAccounts(t *testing.T) {
	if *moto == "" {
		t.Skip("needs a Python with moto: run with -moto, as make conformance does")
	}
	m, p := startMock(t), newProject(t)
	s := &story{project: p, mock: m, host: &host{t: t, mock: m, path: p.path}, now: m.census(t), heard: map[string]bool{}, calls: map[string]call{
		"greet":    {`{"name": "Ada"}`, `"Hello Ada of shop"`},
		"receipts": {`{"Records": [{"body": "{}"}, {"body": "{}"}]}`, `{"read": 2}`},
		"tally":    {`{"numbers": [1, 2, 39]}`, `42`},
		"audit":    {`{}`, `"audited"`},
	}}
	require.Empty(t, s.now, "the accounts are clean")

	first := p.commit()
	s.chapter("01-bootstrap", func() { bootstrap(t, m, p) })
	s.chapter("02-not-approved", func() {
		s.refuses = true
		require.ErrorContains(t, s.push(first), "approve: rejected")
		s.refuses = false
	})
	s.chapter("03-approved", func() { s.deliver(first) })
	assert.Len(t, s.code(), 3+4+4, "three functions in dev, and four in each region of prod")
	original := s.code()

	s.chapter("04-the-same-again", func() { s.deliver(first) })
	assert.Contains(t, s.host.said, "foldstack: 0 built, 4 kept\n")

	s.chapter("05-one-function-changed", func() {
		p.replace("functions/greet/index.mjs", "Hello", "Good morning,")
		s.calls["greet"] = call{`{"name": "Ada"}`, `"Good morning, Ada of shop"`}
		s.deliver(p.commit())
	})
	assert.ElementsMatch(t, []string{
		place(dev, home) + "/shop-dev-greet", place(prod, home) + "/shop-prod-greet", place(prod, abroad) + "/shop-prod-greet",
	}, moved(original, s.code()))
	assert.Contains(t, s.host.said, "foldstack: 1 built, 3 kept\n")

	s.chapter("06-rolled-back", func() {
		s.calls["greet"] = call{`{"name": "Ada"}`, `"Hello Ada of shop"`}
		s.deliver(first)
	})
	assert.Equal(t, original, s.code())
	assert.Contains(t, s.host.said, "foldstack: 0 built, 4 kept\n")

	s.chapter("07-a-setting-of-prod-changed", func() {
		p.replace("functions/greet/index.mjs", "Good morning,", "Hello")
		p.replace("functions/greet/function.yaml", "memory: 512", "memory: 1024")
		s.deliver(p.commit())
	})
	assert.Equal(t, original, s.code())

	s.chapter("08-a-folder-added", func() {
		p.write("functions/farewell/index.mjs", "export const handler = async () => 'Bye';\n")
		s.calls["farewell"] = call{`{}`, `"Bye"`}
		s.deliver(p.commit())
	})
	s.chapter("09-a-folder-moved-to-a-group", func() {
		p.rename("functions/audit", "functions/nightly/audit")
		s.deliver(p.commit())
	})
	s.chapter("10-a-folder-removed", func() {
		p.remove("functions/farewell")
		s.deliver(p.commit())
	})

	// A stack that fails takes back what the deployment has done so far, and prod is not reached.
	others := stacksOf(t, m, dev, home)
	s.chapter("11-a-deployment-failed", func() {
		require.NoError(t, others.createOrUpdate(request{
			stack: "others", template: "Resources: {Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop-dev-taken}}}",
		}))
		p.replace("functions/greet/index.mjs", "Hello", "Good evening,")
		p.replace("functions/tally/main.go", "sum += n", "sum += n * n")
		p.replace("functions/tally/resources.yaml", "Resources:\n", "Resources:\n"+
			"  Taken: {Type: AWS::Events::EventBus, Properties: {Name: !Sub \"shop-${Environment}-taken\"}}\n")
		err := s.push(p.commit())
		require.ErrorContains(t, err, "execute-222222222222-eu-central-1: shop-dev is UPDATE_ROLLBACK_COMPLETE")
		require.ErrorContains(t, err, "failed to create: [Taken]")
	})
	assert.Equal(t, original, s.code())
	s.chapter("12-and-mended", func() {
		others.delete("others")
		s.calls["greet"] = call{`{"name": "Ada"}`, `"Good evening, Ada of shop"`}
		s.calls["tally"] = call{`{"numbers": [1, 2, 3]}`, `14`}
		s.deliver(p.commit())
	})

	// Base stacks change by a reviewed commit, the pipeline by itself.
	s.chapter("13-a-stale-base-template", func() {
		p.replace("foldstack.yaml", "    approval: {notify: [ops@example.com]}\n", "")
		require.ErrorContains(t, s.push(p.archive()), "out/pipeline.yaml")
	})
	s.chapter("14-the-pipeline-updates-itself", func() { s.deliver(p.commit()) })
	assert.Equal(t, []string{"source", "update", "source", "update"}, s.done[:4], "it begins again")
	assert.NotContains(t, s.done, "approve")

	s.chapter("15-a-region-added", func() {
		p.replace("foldstack.yaml", "regions: [eu-central-1]}", "regions: [eu-central-1, us-east-1]}")
		revision := p.commit()
		bootstrap(t, m, p)
		s.deliver(revision)
	})

	s.chapter("16-torn-down", func() { teardown(t, m) })
	s.chapter("17-what-was-kept-removed", func() { sweep(t, m, s.now) })
	s.told("18-what-is-left", s.now.since(nil))
	s.end()
}
