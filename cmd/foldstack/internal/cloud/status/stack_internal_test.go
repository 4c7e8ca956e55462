package status

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

func TestWhatIsNestedIsThereWhileItHasAnIdAndIsNotDeleted(t *testing.T) {
	const nested = "AWS::CloudFormation::Stack"
	resources := []stacks.Resource{
		{LogicalID: "Created", PhysicalID: "arn:created", Type: nested, Status: "CREATE_COMPLETE"},
		{LogicalID: "Deleted", PhysicalID: "arn:deleted", Type: nested, Status: "DELETE_COMPLETE"},
		{LogicalID: "Deleting", PhysicalID: "arn:deleting", Type: nested, Status: "DELETE_IN_PROGRESS"},
		{LogicalID: "Failed", Type: nested, Status: "CREATE_FAILED"},
		{LogicalID: "Topic", PhysicalID: "arn:topic", Type: "AWS::SNS::Topic", Status: "CREATE_COMPLETE"},
	}
	keys := map[string]string{}
	for _, r := range resources {
		keys[r.LogicalID] = "templates/" + r.LogicalID
	}
	assert.Equal(t, map[string]string{"Created": "templates/Created", "Deleting": "templates/Deleting"}, nestedThere(resources, keys))
}
