package scan

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/source"
)

// ids are the texts of nodes, behind their tags.
func ids(nodes []*source.Node) []string {
	var list []string
	for _, n := range nodes {
		list = append(list, n.Tag+n.Text)
	}
	return list
}

func TestAVPCIsListsOfTextsAndTags(t *testing.T) {
	for text, want := range map[string][2][]string{
		"vpc: {subnets: [subnet-1, subnet-2], securityGroups: [sg-1]}":                     {{"subnet-1", "subnet-2"}, {"sg-1"}},
		"vpc: {subnets: subnet-1, securityGroups: !Ref Group}":                             {{"subnet-1"}, {"!RefGroup"}},
		"vpc: {subnets: [!Output network.A], securityGroups: [!ImportValue group]}":        {{"!Outputnetwork.A"}, {"!ImportValuegroup"}},
		"vpc: {subnets: [{'Fn::ImportValue': a}], securityGroups: ['Fn::ImportValue': b]}": {{""}, {""}},
		"vpc: {subnets: [!Sub '{{resolve:ssm:/network/a}}'], securityGroups: [sg-1]}":      {{"!Sub{{resolve:ssm:/network/a}}"}, {"sg-1"}},
		"vpc: {subnets: [], securityGroups: []}":                                           {nil, nil},
	} {
		p, problems := scan(t, project(t, map[string]string{"functions/a/index.mjs": javascript, "functions/a/function.yaml": text + "\n"}))
		require.Empty(t, texts(problems), text)
		vpc := p.Function("a").Settings.VPC
		assert.True(t, vpc.Set, text)
		assert.Equal(t, want[0], ids(vpc.Value.Subnets), text)
		assert.Equal(t, want[1], ids(vpc.Value.SecurityGroups), text)
		assert.Equal(t, want[0] != nil, vpc.Value.Attached(), text)
	}
}

func TestWhatIsNoVPCIsAProblemWhereItStands(t *testing.T) {
	for text, want := range map[string]string{
		"vpc: subnet-1":                                                   `functions/a/function.yaml:1:6 wrong-kind`,
		"vpc: [subnet-1]":                                                 `functions/a/function.yaml:1:6 wrong-kind`,
		"vpc: !Ref Network":                                               `functions/a/function.yaml:1:6 wrong-kind`,
		"vpc: {subnets: [subnet-1]}":                                      `functions/a/function.yaml:1:6 missing-key`,
		"vpc: {securityGroups: [sg-1]}":                                   `functions/a/function.yaml:1:6 missing-key`,
		"vpc: {subnets: [subnet-1], securityGroups: []}":                  `functions/a/function.yaml:1:6 vpc-incomplete`,
		"vpc: {subnets: [], securityGroups: sg-1}":                        `functions/a/function.yaml:1:6 vpc-incomplete`,
		"vpc: {subnets: , securityGroups: sg-1}":                          `functions/a/function.yaml:1:15 wrong-kind`,
		"vpc: {subnets: {a: b}, securityGroups: sg-1}":                    `functions/a/function.yaml:1:16 wrong-kind`,
		"vpc: {subnets: [subnet-1, [subnet-2]], securityGroups: sg-1}":    `functions/a/function.yaml:1:27 wrong-kind`,
		"vpc: {subnets: [subnet-1, ~], securityGroups: sg-1}":             `functions/a/function.yaml:1:27 wrong-kind`,
		"vpc: {subnets: subnet-1, securityGroups: sg-1, groups: sg-2}":    `functions/a/function.yaml:1:48 unknown-key`,
		"vpc: {subnets: '{{resolve:ssm:/a}}', securityGroups: sg-1}":      `functions/a/function.yaml:1:16 dynamic-reference`,
		"environments: {dev: {vpc: {subnets: [subnet-1]}}}":               `functions/a/function.yaml:1:27 missing-key`,
		"environments: {dev: {vpc: {subnets: [], securityGroups: sg-1}}}": `functions/a/function.yaml:1:27 vpc-incomplete`,
	} {
		_, problems := scan(t, project(t, map[string]string{"functions/a/index.mjs": javascript, "functions/a/function.yaml": text + "\n"}))
		require.Len(t, problems, 1, "%s: %v", text, texts(problems))
		assert.Equal(t, want, problems[0].Place.String()+" "+problems[0].Rule, text)
	}
}

func TestAFunctionHasTheVPCOfTheDefaultsUntilItSaysMore(t *testing.T) {
	p, problems := scan(t, project(t, map[string]string{
		ConfigFile:                  minimal + "defaults: {vpc: {subnets: [subnet-1], securityGroups: [sg-1]}}\n",
		"functions/a/index.mjs":     javascript,
		"functions/b/index.mjs":     javascript,
		"functions/b/function.yaml": "vpc: {subnets: [subnet-2], securityGroups: [sg-2]}\n",
		"functions/c/index.mjs":     javascript,
		"functions/c/function.yaml": "vpc: {subnets: [], securityGroups: []}\n",
	}))
	require.Empty(t, texts(problems))
	subnets := func(name string) []string { return ids(p.Function(name).Settings.VPC.Value.Subnets) }
	assert.Equal(t, []string{"subnet-1"}, subnets("a"))
	assert.Equal(t, []string{"subnet-2"}, subnets("b"))
	assert.Empty(t, subnets("c"))
}
