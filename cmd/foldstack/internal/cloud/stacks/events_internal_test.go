package stacks

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhatADeletionSucceedsAtLaterIsNotLeft(t *testing.T) {
	event := func(id, status, reason string) Event {
		return Event{Stack: "shop", LogicalID: "Bucket", PhysicalID: id, Type: "AWS::S3::Bucket", Status: status, Reason: reason}
	}
	assert.Equal(t, []Event{event("full", "DELETE_FAILED", "third")}, undeleted([]Event{
		event("new", "CREATE_COMPLETE", ""),
		event("full", "DELETE_FAILED", "first"), event("emptied", "DELETE_FAILED", "first"),
		event("full", "DELETE_IN_PROGRESS", ""), event("full", "DELETE_FAILED", "second"),
		event("emptied", "DELETE_COMPLETE", ""),
		event("full", "DELETE_FAILED", "third"),
		{Stack: "shop", LogicalID: "shop", PhysicalID: "arn:aws:x", Type: stackType, Status: "UPDATE_COMPLETE"},
	}))
}
