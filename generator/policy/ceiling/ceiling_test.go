package ceiling

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

func allow(actions ...string) model.Allowance {
	var a model.Allowance
	for _, action := range actions {
		a.Allow = append(a.Allow, source.Field[string]{Value: action, Set: true})
	}
	return a
}

func TestAPermissionThatTheBoundaryDoesNotHoldIsOutside(t *testing.T) {
	own := []model.Allowance{allow("rekognition:Detect*"), allow("s3:GetObject", "dynamodb:*")}
	for _, tt := range []struct {
		what     string
		boundary []model.Allowance
		action   string
		outside  bool
	}{
		{"data is in the default ceiling", nil, "dynamodb:PutItem", false},
		{"case does not matter", nil, "DynamoDB:putitem", false},
		{"a service that the default does not name", nil, "rekognition:DetectLabels", true},
		{"a wildcard is wider than any single action", nil, "dynamodb:*", true},
		{"deleting a table is no data", nil, "dynamodb:DeleteTable", true},
		{"an own boundary takes the default's place", own, "kms:Decrypt", true},
		{"what an own boundary names", own, "s3:GetObject", false},
		{"an action under a wildcard", own, "rekognition:DetectLabels", false},
		{"an action beside a wildcard", own, "rekognition:IndexFaces", true},
		{"a wildcard under a wildcard", own, "dynamodb:Get*", false},
		{"a wildcard that reaches further", own, "s3:Get*", true},
		{"logs need no entry", own, "logs:PutLogEvents", false},
		{"IAM can be read when the boundary says so", []model.Allowance{allow("iam:GetRole")}, "iam:GetRole", false},
		{"IAM cannot be written even when it does", []model.Allowance{allow("iam:*")}, "iam:CreateUser", true},
		{"a wildcard over what is forbidden", []model.Allowance{allow("iam:*")}, "iam:*", true},
		{"the organisation is closed", []model.Allowance{allow("organizations:*")}, "organizations:ListAccounts", true},
	} {
		t.Run(tt.what, func(t *testing.T) {
			assert.Equal(t, tt.outside, Outside(tt.boundary, tt.action))
		})
	}
}

func TestAPatternCoversWhatAllItsTextsAre(t *testing.T) {
	for _, tt := range []struct {
		pattern, other string
		covers         bool
	}{
		{"s3:*", "s3:GetObject", true},
		{"*", "s3:GetObject", true},
		{"s3:Get?bject", "s3:GetObject", true},
		{"s3:Get?", "s3:Get*", false},
		{"s3:Get*Version", "s3:GetObjectVersion", true},
		{"s3:Get*Version", "s3:Get*", false},
		{"s3:Get*", "s3:Get*Version", true},
		{"s3:*s*s*", "s3:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
		{"s3:GetObject", "s3:GetObjectVersion", false},
		{"", "", true},
	} {
		assert.Equal(t, tt.covers, covers(tt.pattern, tt.other), "%s over %s", tt.pattern, tt.other)
	}
}

func TestTheDefaultCeilingMakesNoResourceAndHasNoWildcard(t *testing.T) {
	for _, action := range append(slices.Clone(always), standard...) {
		assert.NotContains(t, action, "*")
		assert.False(t, Forbidden(action), action)
		_, verb, _ := strings.Cut(action, ":")
		// Data planes call these "create" and "delete" too.
		if slices.Contains([]string{
			"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", // Lambda's own, in a VPC
			"logs:CreateLogGroup", "logs:CreateLogStream",
			"sqs:DeleteMessage", "dynamodb:DeleteItem", "s3:DeleteObject",
		}, action) {
			continue
		}
		for _, prefix := range []string{"Create", "Delete", "Attach", "Assume", "Pass", "PutBucket", "PutKey", "AddPermission"} {
			assert.False(t, strings.HasPrefix(verb, prefix), action)
		}
	}
}

// TestEveryActionOfTheCeilingIsOneThatIAMKnows reads the extract that the tables of
// CloudFormation's handlers are checked against.
func TestEveryActionOfTheCeilingIsOneThatIAMKnows(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "handler", "testdata", "iam-actions.tsv"))
	require.NoError(t, err)
	for _, action := range append(slices.Clone(always), standard...) {
		assert.Contains(t, string(data), "\n"+action+"\t")
	}
	assert.True(t, slices.IsSorted(always))
	assert.True(t, slices.IsSorted(standard))
	assert.True(t, slices.IsSorted(never))
}

func FuzzAnActionIsCoveredByItself(f *testing.F) {
	for _, seed := range []string{"s3:GetObject", "s3:*", "*", "a?*b", "**", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, action string) {
		assert.True(t, covers("*", action))
		if !strings.Contains(action, "?") {
			assert.True(t, covers(action, action))
		}
		assert.True(t, covers(action+"*", action))
	})
}
