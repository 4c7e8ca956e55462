package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

func TestWhatFailedFirstIsNamedAndWhatWasCancelledBecauseOfItIsNot(t *testing.T) {
	const three = two + "  Last:\n    Type: AWS::SQS::Queue\n"
	w := newWorld(t)
	w.server.FailResource("shop", "Last", "a reason")
	_, err := w.deploy(t.Context(), three)
	require.EqualError(t, err, "the stack shop in account 111111111111, eu-central-1, ended as ROLLBACK_COMPLETE: Last (AWS::SQS::Queue): a reason")
	var failed, others []string
	for _, e := range w.told {
		switch {
		case e.Failed():
			failed = append(failed, e.LogicalID)
		case e.Status == "CREATE_FAILED":
			others = append(others, e.LogicalID+": "+e.Reason)
		}
	}
	assert.Equal(t, []string{"Last"}, failed)
	assert.Equal(t, []string{"Queue: Resource creation cancelled"}, others)
}

// What was rolled back is deleted, in its nested stacks as well, and the failure with
// it goes back behind events of a deletion.
func TestWhatFailedInANestedStackIsNamed(t *testing.T) {
	const nested = "Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: https://assets.s3.eu-central-1.amazonaws.com/inner.yaml\n"
	for name, c := range map[string]struct {
		before, inner, resource string
	}{
		"in a creation":        {"", queue, "Queue"},
		"in an update":         {queue, other, "Queue"},
		"in a resource added":  {queue, two, "Further"},
		"in a third operation": {other, two, "Further"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.server.AddBucket(region, "assets")
			w.server.Put("assets", "part.yaml", []byte(nested))
			if c.before != "" {
				w.server.FailResource("shop", "Part/Inner/Queue", "an older failure")
				w.server.Put("assets", "inner.yaml", []byte(c.before))
				_, err := w.deploy(t.Context(), parts)
				require.ErrorContains(t, err, "an older failure")
				w.server.FailResource("shop", "Part/Inner/Queue", "")
				w.must(t, parts)
			}
			w.server.Put("assets", "inner.yaml", []byte(c.inner))
			w.server.Put("assets", "part.yaml", []byte(nested+"      Tags: [{Key: a, Value: b}]\n"))
			w.server.FailResource("shop", "Part/Inner/"+c.resource, "a deep reason")
			_, err := w.deploy(t.Context(), parts+"      Tags: [{Key: a, Value: b}]\n")
			require.ErrorContains(t, err, c.resource+" (AWS::SQS::Queue): a deep reason")

			failure, err := w.FirstFailure(t.Context(), "shop")
			require.NoError(t, err)
			require.NotNil(t, failure)
			assert.Equal(t, "a deep reason", failure.Reason)
		})
	}
}

func TestANestedStackThatCannotBeginIsItselfWhatFailed(t *testing.T) {
	w := newWorld(t)
	w.server.AddBucket(region, "assets")
	_, err := w.deploy(t.Context(), parts)
	require.ErrorContains(t, err, "Part (AWS::CloudFormation::Stack): S3 error: The specified key does not exist. For more information check ")
	assert.Contains(t, cloud.HintOf(err), "foldstack publish")
}

// An export that is missing or in use fails a stack, and no resource of it.
func TestAStackThatFailsAsAWholeSaysWhy(t *testing.T) {
	w := newWorld(t)
	consumer := stacks.Deployment{Name: "consumer", Template: []byte(imports)}
	_, err := w.Deploy(t.Context(), consumer, w.tell)
	require.ErrorContains(t, err, "ended as ROLLBACK_COMPLETE: consumer (AWS::CloudFormation::Stack): No export named queue found.")
	w.must(t, exports)
	_, err = w.Deploy(t.Context(), consumer, w.tell)
	require.NoError(t, err)

	_, err = w.deploy(t.Context(), queue)
	require.ErrorContains(t, err, "ended as UPDATE_ROLLBACK_COMPLETE: shop (AWS::CloudFormation::Stack): Export queue cannot be")
	assert.Contains(t, cloud.HintOf(err), "delete that first")
	err = w.Delete(t.Context(), "shop", w.tell)
	require.ErrorContains(t, err, "ended as UPDATE_ROLLBACK_COMPLETE: shop (AWS::CloudFormation::Stack): Delete canceled.")
	assert.Equal(t, map[string]string{"shop": "UPDATE_ROLLBACK_COMPLETE", "consumer": "CREATE_COMPLETE"}, w.statuses())
}

func TestAStackInWhichNothingFailedHasNoFailure(t *testing.T) {
	w := newWorld(t)
	w.server.FailResource("shop", "Queue", "an older failure")
	_, err := w.deploy(t.Context(), queue)
	require.Error(t, err)
	w.server.FailResource("shop", "Queue", "")
	w.must(t, queue)
	w.must(t, other)
	failure, err := w.FirstFailure(t.Context(), "shop")
	require.NoError(t, err)
	assert.Nil(t, failure)
}

// CloudFormation gives a character beyond ASCII back as a question mark, with which a key
// begins in YAML: such as in what somebody wrote, or an earlier foldstack.
func TestATemplateCanBeReadWhateverCharactersItHad(t *testing.T) {
	w := newWorld(t)
	w.must(t, queue+"    Metadata: {Currency: €}\n")
	text, err := w.Template(t.Context(), "shop")
	require.NoError(t, err)
	assert.Equal(t, queue+"    Metadata: {Currency: _}\n", text)
}
