package stack

import (
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
)

// inVPC reports whether any of the environments attaches the function to a VPC.
func inVPC(fn *model.Function, environments []string) bool {
	return slices.ContainsFunc(environments, func(environment string) bool {
		return effective(fn, environment).VPC.Value.Attached()
	})
}

// setVPC attaches the function to its VPC in each environment, and returns the choices
// that it made of them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-vpcconfig.html
func (b *builder) setVPC(f *lambda.Function) []choice {
	if !inVPC(b.function, b.environments) {
		return nil
	}
	made := map[string]*lambda.Function_VpcConfig{} // one for all that are equal
	choices := make([]choice, 0, len(b.environments))
	for _, environment := range b.environments {
		c := choice{environment: environment}
		if vpc := effective(b.function, environment).VPC.Value; vpc.Attached() {
			words := canonicalVPC(vpc)
			if made[words] == nil {
				made[words] = b.vpcConfig(vpc)
			}
			c.value = made[words]
		}
		choices = append(choices, c)
	}
	switch value := b.choose(settingsMapping, "VpcConfig", choices).(type) {
	case *lambda.Function_VpcConfig:
		f.VpcConfig = value
	case string:
		cfn.Late(b.template, &f.VpcConfig, value)
	}
	return choices
}

func (b *builder) vpcConfig(vpc model.VPC) *lambda.Function_VpcConfig {
	config := &lambda.Function_VpcConfig{}
	for _, n := range vpc.Subnets {
		config.SubnetIds = append(config.SubnetIds, b.context.Text(n))
	}
	for _, n := range vpc.SecurityGroups {
		config.SecurityGroupIds = append(config.SecurityGroupIds, b.context.Text(n))
	}
	return config
}

// canonicalVPC writes a VPC so that equal ones, and only they, are equal text.
func canonicalVPC(vpc model.VPC) string {
	list := func(items []*source.Node) *source.Node { return &source.Node{Kind: source.Sequence, Items: items} }
	return canonical(list([]*source.Node{list(vpc.Subnets), list(vpc.SecurityGroups)}))
}
