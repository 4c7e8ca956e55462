package stack

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy"
)

const networkTemplate = `
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: functions}}
Outputs:
  Group: {Value: !GetAtt Group.GroupId}
`

func TestAFunctionIsAttachedToItsVPC(t *testing.T) {
	text := functionText(t, "vpc: {subnets: [subnet-1, !Ref AWS::Region], securityGroups: [!Sub '{{resolve:ssm:/network/group}}']}\n")
	assert.Contains(t, text, `
      VpcConfig:
        SecurityGroupIds:
          - '{{resolve:ssm:/network/group}}'
        SubnetIds:
          - subnet-1
          - !Ref AWS::Region
`)
	assert.NotContains(t, text, "Conditions:")
}

func TestAVPCThatDiffersByEnvironmentIsDecidedByAConditionAsAWhole(t *testing.T) {
	text := functionText(t, `
vpc: {subnets: [subnet-1], securityGroups: [sg-1]}
environments:
  prod: {vpc: {subnets: [subnet-2], securityGroups: [sg-2]}}
`)
	assert.Contains(t, text, `
      VpcConfig: !If
        - IsProd
        - SecurityGroupIds:
            - sg-2
          SubnetIds:
            - subnet-2
        - SecurityGroupIds:
            - sg-1
          SubnetIds:
            - subnet-1
`)
}

func TestTheSameVPCInAllEnvironmentsIsOne(t *testing.T) {
	const vpc = "vpc: {subnets: [subnet-1], securityGroups: [sg-1]}"
	text := functionText(t, vpc+"\nenvironments:\n  dev: {"+vpc+"}\n")
	assert.Contains(t, text, "      VpcConfig:\n        SecurityGroupIds:\n")
	assert.NotContains(t, text, "Conditions:")
}

func TestEmptyListsKeepAFunctionOutOfTheVPC(t *testing.T) {
	const none = "vpc: {subnets: [], securityGroups: []}"
	assert.Equal(t, functionText(t, "memory: 256\n"), functionText(t, "memory: 256\n"+none+"\n"))
	text := functionText(t, "vpc: {subnets: [subnet-1], securityGroups: [sg-1]}\nenvironments:\n  dev: {"+none+"}\n")
	assert.Contains(t, text, "VpcConfig: !If\n        - IsProd\n")
	assert.Contains(t, text, "        - !Ref AWS::NoValue\n")
}

func TestAVPCTakesTheOutputsOfAStack(t *testing.T) {
	p := shop(t, folder{name: "a", yaml: "vpc: {subnets: [subnet-1], securityGroups: [!Output network.Group]}\n"})
	addStack(t, p, "network", networkTemplate, "", model.Only{})
	files := output(t, p)
	assert.Contains(t, files["functions/a.yaml"], "        SecurityGroupIds:\n          - !Ref NetworkOutputGroup\n")
	assert.Contains(t, files["orchestration.yaml"], "        NetworkOutputGroup: !GetAtt Network.Outputs.Group\n")

	p = shop(t, folder{name: "a", yaml: "environments: {prod: {vpc: {subnets: [subnet-1], securityGroups: [!Output network.Groups]}}}\n"})
	addStack(t, p, "network", networkTemplate, "", model.Only{})
	assert.Equal(t, "unknown-output", onlyProblem(t, p).Rule)
}

// Lambda makes, finds and deletes network interfaces with the role of the function. It
// shares them among functions, their ids are known to nobody before, and describing is
// allowed on everything or not at all: no ARN could stand in the place of the wildcard.
func TestARoleMayAttachItsFunctionToAVPCAndOnlyWhereItHasOne(t *testing.T) {
	network := policy.Statement{
		Effect: policy.Allow, Resources: []string{"*"}, Conditions: []policy.Condition{},
		Actions: []string{
			"ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
			"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
		},
	}
	const vpc = "vpc: {subnets: [subnet-1], securityGroups: [sg-1]}"
	for yaml, attached := range map[string]bool{
		vpc:                                      true,
		"environments: {prod: {" + vpc + "}}":    true,
		"memory: 256":                            false,
		"vpc: {subnets: [], securityGroups: []}": false,
		"only: {environments: [dev]}\nenvironments: {prod: {" + vpc + "}}": false,
	} {
		var found []policy.Statement
		for _, s := range roleStatements(t, "tracing: false\n"+yaml+"\n") {
			if slices.ContainsFunc(s.Actions, func(action string) bool { return strings.HasPrefix(action, "ec2:") }) {
				found = append(found, s)
			}
		}
		if attached {
			assert.Equal(t, []policy.Statement{network}, found, yaml)
		} else {
			assert.Empty(t, found, yaml)
		}
	}
}

func TestAChangeOfTheVPCMakesANewVersion(t *testing.T) {
	version := func(yaml, template string) string {
		p := shop(t, folder{name: "a", yaml: yaml})
		addStack(t, p, "network", template, "", model.Only{})
		return version(t, p)
	}
	const vpc = "vpc: {subnets: [subnet-1], securityGroups: [sg-1]}\n"
	const linked = "vpc: {subnets: [subnet-1], securityGroups: [!Output network.Group]}\n"
	seen := map[string]string{}
	for _, yaml := range []string{
		"memory: 128\n",
		vpc,
		linked,
		"vpc: {subnets: [subnet-1, subnet-2], securityGroups: [sg-1]}\n",
		"vpc: {subnets: [subnet-1], securityGroups: [subnet-2, sg-1]}\n",
		vpc + "environments: {prod: {vpc: {subnets: [subnet-2], securityGroups: [sg-1]}}}\n",
		vpc + "environments: {prod: {vpc: {subnets: [], securityGroups: []}}}\n",
	} {
		digest := version(yaml, networkTemplate)
		assert.Empty(t, seen[digest], "%s makes no new version", yaml)
		seen[digest] = yaml
	}
	changed := version(linked, "\nResources:\n  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: others}}\nOutputs:\n  Group: {Value: !GetAtt Group.GroupId}\n")
	assert.Empty(t, seen[changed], "another group behind the output makes no new version")

	assert.Equal(t, version("memory: 128\n", networkTemplate), version("vpc: {subnets: [], securityGroups: []}\n", networkTemplate))
	assert.Equal(t, version(vpc, networkTemplate), version("\n\n"+vpc+"environments: {prod: {"+vpc[:len(vpc)-1]+"}}\n", networkTemplate))
}

func TestEachIDOfAVPCIsPlacedWhereItStands(t *testing.T) {
	p := shop(t, folder{name: "a", yaml: `vpc:
  subnets:
    - subnet-1
    - subnet-2
  securityGroups: [sg-1]
environments:
  prod: {vpc: {subnets: [subnet-3], securityGroups: [sg-2]}}
`})
	var problems diag.Problems
	child := Function(p, &p.Functions[0], Resolve(p, &problems), &problems)
	require.Empty(t, problems.Sorted())
	lines := map[string]int{}
	for _, r := range child.Template.Resources {
		for _, part := range r.Parts {
			lines[part.Node.Text] = part.Node.Place.Line
			if part.Node.Text == "subnet-2" {
				assert.Equal(t, []string{"Properties", "VpcConfig", "2", "SubnetIds", "1"}, part.Path)
			}
			if part.Node.Text == "sg-2" {
				assert.Equal(t, []string{"Properties", "VpcConfig", "1", "SecurityGroupIds", "0"}, part.Path)
			}
		}
	}
	delete(lines, "")
	assert.Equal(t, map[string]int{"subnet-1": 3, "subnet-2": 4, "sg-1": 5, "subnet-3": 7, "sg-2": 7}, lines)
}
