package stack

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/policy"

	"github.com/awslabs/goformation/v7/cloudformation/iam"
)

func roleStatements(t *testing.T, yaml string) []policy.Statement {
	t.Helper()
	list, _, problems := children(t, shop(t, folder{name: "a", yaml: yaml}))
	require.Empty(t, problems)
	role := list[0].Template.Resources[0].Properties.(*iam.Role)
	return role.Policies[0].PolicyDocument.(policy.Document).Statements
}

func TestAFunctionThatAsksForNothingMayWriteItsOwnLogAndNothingElse(t *testing.T) {
	statements := roleStatements(t, "tracing: false\n")
	require.Len(t, statements, 1)
	assert.Equal(t, []string{"logs:CreateLogStream", "logs:PutLogEvents"}, statements[0].Actions)
	assert.Equal(t, []string{cfn.GetAtt("LogGroup", "Arn")}, statements[0].Resources)
}

// X-Ray's two actions know no type of resource.
func TestOnlyXRayIsAllowedOnEverythingWhereTheUserAskedForNothing(t *testing.T) {
	for _, s := range roleStatements(t, "environments:\n  prod: {tracing: true}\n  dev: {tracing: false}\n") {
		if slices.Contains(s.Resources, "*") {
			assert.Equal(t, []string{"xray:PutTelemetryRecords", "xray:PutTraceSegments"}, s.Actions)
		}
		for _, action := range s.Actions {
			assert.NotContains(t, action, "*")
		}
	}
}

func TestEveryRoleHasThePathAndTheBoundary(t *testing.T) {
	list, _, _ := children(t, everythingOnce(t))
	for _, c := range list {
		if c.Template == nil {
			continue
		}
		for _, r := range c.Template.Resources {
			if role, ok := r.Properties.(*iam.Role); ok {
				assert.Equal(t, cfn.Sub("/foldstack/shop/${Environment}/"), *role.Path, c.Name)
				assert.Equal(t, cfn.Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/foldstack-base/shop/shop-${Environment}-boundary"), *role.PermissionsBoundary, c.Name)
				assert.Nil(t, role.RoleName, c.Name)
			}
		}
	}
}

func TestAPolicyThatIAMWouldRefuseIsAProblem(t *testing.T) {
	var yaml strings.Builder
	yaml.WriteString("permissions:\n")
	for i := range 120 {
		fmt.Fprintf(&yaml, "  - {allow: s3:GetObject%03d, on: 'arn:aws:s3:::%s-%d'}\n", i, strings.Repeat("b", 60), i)
	}
	assert.Equal(t, "policy-size", onlyProblem(t, shop(t, folder{name: "a", yaml: yaml.String()})).Rule)
}
