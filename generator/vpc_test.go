package generator_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// subnets are a list of so many ids.
func subnets(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "subnet-" + strconv.Itoa(10000000+i)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func TestWhatLambdaWouldRefuseOfAVPCIsReportedWhereItStands(t *testing.T) {
	for what, c := range map[string]struct{ function, want string }{
		"the most subnets":        {"vpc: {subnets: " + subnets(16) + ", securityGroups: sg-12345678}", ""},
		"one more":                {"vpc: {subnets: " + subnets(17) + ", securityGroups: sg-12345678}", "function.yaml:1:16 out-of-range"},
		"more groups":             {"vpc: {securityGroups: [sg-10000000, sg-10000001, sg-10000002, sg-10000003, sg-10000004, sg-10000005], subnets: " + subnets(1) + "}", "function.yaml:1:23 out-of-range"},
		"another id":              {"vpc: {securityGroups: [sg-10000000, vpc-10000000], subnets: " + subnets(1) + "}", "function.yaml:1:37 pattern-mismatch"},
		"in one environment":      {"environments: {dev: {vpc: {securityGroups: [sg-10000000, vpc-10000000], subnets: " + subnets(1) + "}}}", "function.yaml:1:58 pattern-mismatch"},
		"a list as an id":         {"vpc: {subnets: !Split [',', !ImportValue subnets], securityGroups: sg-12345678}", "function.yaml:1:16 wrong-type"},
		"another resource":        {"vpc: {subnets: subnet-12345678, securityGroups: !Ref LogGroup}", "function.yaml:1:49 wrong-reference"},
		"what nobody has":         {"vpc: {subnets: subnet-12345678, securityGroups: !Ref Nobody}", "function.yaml:1:49 unknown-reference"},
		"another network's":       {"vpc: {subnets: !ImportValue subnet, securityGroups: [!ImportValue group]}", ""},
		"Parameter Store's":       {"vpc: {subnets: !Sub '{{resolve:ssm:/subnet}}', securityGroups: !Sub '{{resolve:ssm:/group}}'}", ""},
		"a stack that is missing": {"vpc: {subnets: subnet-12345678, securityGroups: !Output network.Group}", "function.yaml:1:49 unknown-output"},
	} {
		result := checked(t, map[string]string{"functions/f/function.yaml": c.function + "\n"})
		var found []string
		for _, p := range result.Problems {
			found = append(found, strings.TrimPrefix(p.Place.String(), "functions/f/")+" "+p.Rule)
		}
		assert.Equal(t, c.want, strings.Join(found, "; "), "%s:\n%s", what, text(result))
	}
}

func TestAWrongVPCOfTheDefaultsIsReportedOnce(t *testing.T) {
	for defaults, want := range map[string]string{
		"{subnets: subnet-12345678, securityGroups: [vpc-12345678]}}\n":                   "foldstack.yaml:6:61 pattern-mismatch",
		"{subnets: subnet-12345678, securityGroups: [sg-12345678]}}\nboundary: [s3:*]\n":  "foldstack.yaml:6:17 outside-boundary",
		"{subnets: subnet-12345678, securityGroups: !Output network.Group}}\n":            "foldstack.yaml:6:60 unknown-output",
		"{subnets: subnet-12345678, securityGroups: !Sub '{{resolve:ssm-secure:/a}}'}}\n": "foldstack.yaml:6:60 dynamic-reference",
	} {
		result := checked(t, map[string]string{
			"foldstack.yaml":        limited + "defaults: {vpc: " + defaults,
			"functions/g/index.mjs": "export const handler = async () => 1;\n",
		})
		if assert.Len(t, result.Problems, 1, text(result)) {
			assert.Equal(t, want, result.Problems[0].Place.String()+" "+result.Problems[0].Rule, text(result))
		}
	}
}
