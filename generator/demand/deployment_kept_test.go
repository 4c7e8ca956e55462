package demand_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/demand"
)

// keeping is a template of two resources of a type, of which the first has attributes.
func keeping(typ, attributes string) string {
	return "Resources:\n  Kept: {Type: " + typ + attributes + "}\n  Other: {Type: " + typ + "}\n"
}

func TestWhatIsRetainedIsNotDeleted(t *testing.T) {
	const retained = ", DeletionPolicy: Retain, UpdateReplacePolicy: Retain"
	for _, tt := range []struct {
		typ, attributes, action string
		spare                   bool
	}{
		{"AWS::DynamoDB::Table", retained, "dynamodb:DeleteTable", true},
		{"AWS::S3::Bucket", retained, "s3:DeleteBucket", true},
		{"AWS::KMS::Key", retained, "kms:ScheduleKeyDeletion", true},
		{"AWS::KMS::Key", ", DeletionPolicy: RetainExceptOnCreate, UpdateReplacePolicy: Retain", "kms:ScheduleKeyDeletion", true},
		{"AWS::S3::Bucket", ", DeletionPolicy: Retain", "s3:DeleteBucket", false},
		{"AWS::S3::Bucket", ", UpdateReplacePolicy: Retain", "s3:DeleteBucket", false},
		{"AWS::S3::Bucket", ", DeletionPolicy: Delete, UpdateReplacePolicy: Retain", "s3:DeleteBucket", false},
		{"AWS::S3::Bucket", retained, "s3:CreateBucket", false},
		{"AWS::DynamoDB::Table", retained, "dynamodb:UpdateTable", false},
	} {
		e := of(t, keeping(tt.typ, tt.attributes))
		for _, together := range []string{"", "delivery"} {
			spare := map[string]bool{}
			for _, d := range demand.Stack(demand.StackOf{Estate: e, Stack: e.Stacks[0], Role: deployRole, Step: executing, Together: together}) {
				for _, one := range d.Each() {
					if one.Action == tt.action {
						_, known := spare[one.Resource]
						require.False(t, known, one.Resource)
						spare[one.Resource] = one.Spare
					}
				}
			}
			require.Len(t, spare, 2, "%s %s", tt.typ, together)
			for resource, is := range spare {
				kept := strings.Contains(strings.ToLower(resource), "kept")
				assert.Equal(t, kept && tt.spare, is, "%s of %s with%s", tt.action, resource, tt.attributes)
			}
		}
	}
}
