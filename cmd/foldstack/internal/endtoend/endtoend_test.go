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
	s.chapter("01-bootstrap", func() { s.bootstrap() })
	s.chapter("02-bootstrapped-again", func() { assert.Empty(t, s.bootstrap()) })
	s.chapter("03-not-approved", func() {
		s.refuses = true
		require.ErrorContains(t, s.push(first), "approve: rejected")
		s.refuses = false
	})
	s.finds("rejected: the stage prod, action approve", "missing: prod 333333333333 eu-central-1, prod 333333333333 us-east-1")
	s.chapter("04-approved", func() { s.deliver(first) })
	assert.Len(t, s.code(), 3+4+4, "three functions in dev, and four in each region of prod")
	original := s.code()

	s.chapter("05-the-same-again", func() {
		_, said, code := s.foldstack("diff", "--exit-code", first.commit)
		assert.Zero(t, code, said)
		s.deliver(first)
	})
	assert.Contains(t, s.host.said, "foldstack: 0 built, 4 kept\n")

	s.chapter("06-one-function-changed", func() {
		p.replace("functions/greet/index.mjs", "Hello", "Good morning,")
		assert.Equal(t, []string{"functions/greet/index.mjs"}, s.explained("greet"))
		assert.Empty(t, s.explained("tally"))
		s.calls["greet"] = call{`{"name": "Ada"}`, `"Good morning, Ada of shop"`}
		s.deliver(p.commit())
	})
	assert.ElementsMatch(t, []string{
		place(dev, home) + "/shop-dev-greet", place(prod, home) + "/shop-prod-greet", place(prod, abroad) + "/shop-prod-greet",
	}, moved(original, s.code()))
	assert.Contains(t, s.host.said, "foldstack: 1 built, 3 kept\n")

	s.chapter("07-rolled-back", func() {
		p.checkOut(first)
		s.calls["greet"] = call{`{"name": "Ada"}`, `"Hello Ada of shop"`}
		s.deliver(first)
	})
	assert.Equal(t, original, s.code())
	assert.Contains(t, s.host.said, "foldstack: 0 built, 4 kept\n")

	s.chapter("08-a-setting-of-prod-changed", func() {
		p.replace("functions/greet/function.yaml", "memory: 512", "memory: 1024")
		s.deliver(p.commit())
	})
	assert.Equal(t, original, s.code())

	s.chapter("09-a-folder-added", func() {
		p.write("functions/farewell/index.mjs", "export const handler = async () => 'Bye';\n")
		s.calls["farewell"] = call{`{}`, `"Bye"`}
		s.deliver(p.commit())
	})
	s.chapter("10-a-folder-moved-to-a-group", func() {
		p.rename("functions/audit", "functions/nightly/audit")
		s.deliver(p.commit())
	})
	s.chapter("11-a-folder-removed", func() {
		p.remove("functions/farewell")
		s.deliver(p.commit())
	})
	before := s.delivered

	// A stack that fails takes back what the deployment has done so far, and prod is not reached.
	others, evening := stacksOf(t, m, dev, home), revision{}
	s.chapter("12-a-deployment-failed", func() {
		require.NoError(t, others.createOrUpdate(request{
			stack: "others", template: "Resources: {Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop-dev-taken}}}",
		}))
		p.replace("functions/greet/index.mjs", "Hello", "Good evening,")
		p.replace("functions/tally/main.go", "sum += n", "sum += n * n")
		p.replace("functions/tally/resources.yaml", "Resources:\n", "Resources:\n"+
			"  Taken: {Type: AWS::Events::EventBus, Properties: {Name: !Sub \"shop-${Environment}-taken\"}}\n")
		evening = p.commit()
		err := s.push(evening)
		require.ErrorContains(t, err, "execute-222222222222-eu-central-1: shop-dev is UPDATE_ROLLBACK_COMPLETE")
		require.ErrorContains(t, err, "failed to create: [Taken]")
	})
	assert.Equal(t, original, s.code())
	s.finds("failed: dev 222222222222 eu-central-1", "drifted: prod 333333333333 eu-central-1, prod 333333333333 us-east-1")
	assert.Equal(t, "Taken", s.status().Targets[0].Cause.Resource)

	s.chapter("13-and-mended", func() {
		others.delete("others")
		s.calls["greet"] = call{`{"name": "Ada"}`, `"Good evening, Ada of shop"`}
		s.calls["tally"] = call{`{"numbers": [1, 2, 3]}`, `14`}
		s.deliver(evening)
	})

	// What is young may still be wanted; of what is old the newest is kept for going back to it.
	s.chapter("14-what-nothing-uses-removed", func() {
		assert.Zero(t, s.gc("--days", "1").Summary.Unused)
		m.pass(t, 100)
		listed := s.gc("--keep", "1")
		assert.Equal(t, []string{"archive greet", "template greet", "template greet"}, listed.names())
		assert.Equal(t, listed.Assets, s.gc("--keep", "1", "--yes").Assets)
		assert.Zero(t, s.gc("--keep", "1").Summary.Unused)
	})
	s.chapter("15-back-to-what-was-kept", func() {
		p.checkOut(before)
		s.calls["greet"] = call{`{"name": "Ada"}`, `"Hello Ada of shop"`}
		s.calls["tally"] = call{`{"numbers": [1, 2, 39]}`, `42`}
		s.deliver(before)
	})
	assert.Equal(t, original, s.code())
	assert.Contains(t, s.host.said, "foldstack: 0 built, 4 kept\n")

	// Base stacks change by a reviewed commit and a person, the pipeline by itself.
	s.chapter("16-a-stale-base-template", func() {
		p.replace("foldstack.yaml", "    approval: {notify: [ops@example.com]}\n", "")
		require.ErrorContains(t, s.push(p.commitUngenerated()), "out/pipeline.yaml")
	})
	s.chapter("17-the-pipeline-updates-itself", func() {
		revision := p.commit()
		assert.ElementsMatch(t, s.diff().toDeploy(), s.bootstrap())
		s.deliver(revision)
	})
	assert.Equal(t, []string{"source", "update", "source", "update"}, s.done[:4], "it begins again")
	assert.NotContains(t, s.done, "approve")

	s.chapter("18-a-region-added", func() {
		p.replace("foldstack.yaml", "regions: [eu-central-1]}", "regions: [eu-central-1, us-east-1]}")
		revision := p.commit()
		assert.ElementsMatch(t, s.diff().toDeploy(), s.bootstrap())
		s.deliver(revision)
	})

	s.chapter("19-torn-down", s.teardown)
	s.told("20-what-is-left", s.now.since(nil))
	s.end()
}
