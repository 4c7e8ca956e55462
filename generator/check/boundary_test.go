package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

func TestAPermissionOutsideOfTheBoundaryIsReportedWhereItStands(t *testing.T) {
	place := diag.Place{File: "functions/faces/function.yaml", Line: 3, Column: 12}
	boundary := diag.Place{File: "foldstack.yaml", Line: 9, Column: 5}
	allow := func(place diag.Place, action string) model.Allowance {
		return model.Allowance{Place: place, Allow: []source.Field[string]{{Value: action, Place: place, Set: true}}}
	}
	for _, tt := range []struct {
		what     string
		action   string
		boundary []model.Allowance
		hint     string // a part of it; empty for no problem
		notes    int
	}{
		{what: "inside the standard boundary", action: "dynamodb:GetItem"},
		{what: "outside of the standard boundary", action: "rekognition:DetectLabels", hint: "- allow: [dynamodb:*, rekognition:DetectLabels]"},
		{what: "inside an own one", action: "rekognition:DetectLabels", boundary: []model.Allowance{allow(boundary, "rekognition:*")}},
		{what: "outside of an own one", action: "dynamodb:GetItem", boundary: []model.Allowance{allow(boundary, "rekognition:*")}, hint: "add it under `boundary:` in foldstack.yaml", notes: 1},
		{what: "what no boundary opens", action: "iam:CreateUser", boundary: []model.Allowance{allow(boundary, "iam:*")}, hint: "no function may change identities", notes: 1},
	} {
		t.Run(tt.what, func(t *testing.T) {
			p := &model.Project{
				Place:     diag.Place{File: "foldstack.yaml"},
				Boundary:  tt.boundary,
				Functions: []model.Function{{Name: "faces", Permissions: []model.Allowance{allow(place, tt.action)}}},
			}
			var problems diag.Problems
			Boundary(p, &problems)
			list := problems.Sorted()
			if tt.hint == "" {
				assert.Empty(t, list)
				return
			}
			require.Len(t, list, 1)
			assert.Equal(t, "outside-boundary", list[0].Rule)
			assert.Equal(t, place, list[0].Place)
			assert.Contains(t, list[0].Text, "faces")
			assert.Contains(t, list[0].Hint, tt.hint)
			assert.Len(t, list[0].Notes, tt.notes)
		})
	}
}

// The boundary of a project takes the place of the standard one, which knows what Lambda does.
func TestABoundaryThatKeepsAFunctionOutOfItsVPCIsReportedAtTheVPC(t *testing.T) {
	place := diag.Place{File: "functions/orders/function.yaml", Line: 2, Column: 6}
	opens := func(actions ...string) []model.Allowance {
		var list []model.Allowance
		for _, action := range actions {
			list = append(list, model.Allowance{Allow: []source.Field[string]{{Value: action, Set: true}}})
		}
		return list
	}
	vpc := func(subnets ...*source.Node) model.Settings {
		return model.Settings{VPC: source.Field[model.VPC]{Value: model.VPC{Subnets: subnets}, Place: place, Set: true}}
	}
	attached := model.Function{Name: "orders", Settings: vpc(&source.Node{Text: "subnet-1"})}
	for what, tt := range map[string]struct {
		fn       model.Function
		boundary []model.Allowance
		hint     string // empty for no problem
	}{
		"the standard boundary": {fn: attached},
		"one that opens all":    {fn: attached, boundary: opens("ec2:*")},
		"one that opens some": {
			fn: attached, boundary: opens("ec2:Describe*", "ec2:*NetworkInterface"),
			hint: "add ec2:AssignPrivateIpAddresses, ec2:UnassignPrivateIpAddresses under `boundary:` in foldstack.yaml",
		},
		"a function without a VPC":     {fn: model.Function{Name: "orders"}, boundary: opens("s3:*")},
		"a function that wants no VPC": {fn: model.Function{Name: "orders", Settings: vpc()}, boundary: opens("s3:*")},
		"a VPC in one environment": {
			fn: model.Function{Name: "orders", Overrides: []model.Override{{Settings: attached.Settings}}}, boundary: opens("ec2:*s", "ec2:CreateNetworkInterface"),
			hint: "add ec2:DeleteNetworkInterface under",
		},
	} {
		var problems diag.Problems
		Boundary(&model.Project{Place: diag.Place{File: "foldstack.yaml"}, Boundary: tt.boundary, Functions: []model.Function{tt.fn}}, &problems)
		list := problems.Sorted()
		if tt.hint == "" {
			assert.Empty(t, list, what)
			continue
		}
		require.Len(t, list, 1, what)
		assert.Equal(t, "outside-boundary", list[0].Rule)
		assert.Equal(t, place, list[0].Place)
		assert.Contains(t, list[0].Hint, tt.hint, what)
	}
}
