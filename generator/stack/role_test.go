package stack

import (
	"fmt"
	"slices"
	"sort"
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

// roleOf is the execution role of a function and the managed policies beside it.
func roleOf(t *testing.T, f folder) (*iam.Role, []*iam.ManagedPolicy) {
	t.Helper()
	list, _, problems := children(t, shop(t, f))
	require.Empty(t, problems)
	var role *iam.Role
	var managed []*iam.ManagedPolicy
	for _, r := range list[0].Template.Resources {
		switch properties := r.Properties.(type) {
		case *iam.Role:
			role = properties
		case *iam.ManagedPolicy:
			managed = append(managed, properties)
			assert.Equal(t, cfn.Ref(r.ID), role.ManagedPolicyArns[len(managed)-1])
		}
	}
	return role, managed
}

// objects are permissions on so many objects, each of its own.
func objects(n int) string {
	var yaml strings.Builder
	yaml.WriteString("permissions:\n  - allow: s3:GetObject\n    on:\n")
	for i := range n {
		fmt.Fprintf(&yaml, "      - arn:aws:s3:::%s/%04d\n", strings.Repeat("b", 60), i)
	}
	return yaml.String()
}

func TestWhatFitsInlineIsOnePolicyAndOneCharacterMoreIsSplit(t *testing.T) {
	fits := folder{name: "a", yaml: objects(100)}
	role, _ := roleOf(t, fits)
	room := policy.MaxInline - policy.Size(role.Policies[0].PolicyDocument.(policy.Document))
	fits.yaml += "      - 'arn:aws:s3:::" + strings.Repeat("x", room-len(`,"arn:aws:s3:::"`)) + "'\n"
	role, managed := roleOf(t, fits)
	require.Len(t, role.Policies, 1)
	assert.Equal(t, policy.MaxInline, policy.Size(role.Policies[0].PolicyDocument.(policy.Document)))
	assert.Empty(t, managed)

	fits.yaml = strings.Replace(fits.yaml, "xx", "xxx", 1)
	role, managed = roleOf(t, fits)
	assert.Empty(t, role.Policies)
	assert.Len(t, managed, 2)
}

func TestASplitPolicyLosesNothingAndEachPartKeepsTheQuota(t *testing.T) {
	role, managed := roleOf(t, folder{name: "a", yaml: objects(500)})
	require.Greater(t, len(managed), 5)
	assert.Len(t, role.ManagedPolicyArns, len(managed))
	var parts []policy.Statement
	for _, m := range managed {
		document := m.PolicyDocument.(policy.Document)
		assert.LessOrEqual(t, policy.Size(document), policy.MaxManaged)
		assert.Equal(t, cfn.Sub("/foldstack/shop/${Environment}/"), *m.Path)
		assert.Nil(t, m.ManagedPolicyName, "a generated name belongs to one stack of one region")
		parts = append(parts, document.Statements...)
	}
	objects := map[string]bool{}
	for _, s := range parts {
		for _, arn := range s.Resources {
			objects[arn] = true
		}
	}
	assert.Len(t, objects, 500+2, "the objects, the log group and X-Ray's wildcard")
}

func TestAPolicyThatNoRoleCanHoldIsAProblem(t *testing.T) {
	last := sort.Search(1000, func(n int) bool {
		_, _, problems := children(t, shop(t, folder{name: "a", yaml: objects(n)}))
		return len(problems) > 0
	})
	_, managed := roleOf(t, folder{name: "a", yaml: objects(last - 1)})
	assert.Len(t, managed, policy.MaxAttached)
	problem := onlyProblem(t, shop(t, folder{name: "a", yaml: objects(last)}))
	assert.Equal(t, "policy-size", problem.Rule)
	assert.Contains(t, problem.Text, "need 11 managed policies of 6144 characters; a role holds 10")

	alone := "permissions:\n  - {allow: s3:GetObject, on: 'arn:aws:s3:::" + strings.Repeat("b", policy.MaxInline) + "'}\n"
	problem = onlyProblem(t, shop(t, folder{name: "a", yaml: alone}))
	assert.Equal(t, "policy-size", problem.Rule)
	assert.Contains(t, problem.Text, "a single permission")
}
