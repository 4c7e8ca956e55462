package handler

// A rule takes no tags, says its schema.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsconfig.html
var config = map[string]kind{
	"AWS::Config::ConfigRule": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-configrule.html",
		naming: naming{arn: "config:{region}:{account}:config-rule/{name}", forms: []string{"{any}"}},
		rows: []row{
			calls(write, "config:PutConfigRule"),
			calls(always, "config:DescribeConfigRules").to(anything),
			calls(Read, "config:DescribeComplianceByConfigRule").to(anything),
			calls(Delete, "config:DeleteConfigRule"),
		},
	},
}
