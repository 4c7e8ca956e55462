package handler

// A rule's ARN holds an id that AWS Config chooses, config-rule-abcdef, and no
// condition key tells of its name, so every rule of the account is meant. The type
// takes no tags, says its schema.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsconfig.html
var configRules = []string{local("config", "config-rule/*")}

var config = map[string]resource{
	"AWS::Config::ConfigRule": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-configrule.html",
		grants: []grant{
			{actions: []string{
				"config:DeleteConfigRule",
				"config:PutConfigRule",
			}, on: configRules},
			{actions: []string{
				"config:DescribeComplianceByConfigRule",
				"config:DescribeConfigRules",
			}, on: everything},
		},
	},
}
