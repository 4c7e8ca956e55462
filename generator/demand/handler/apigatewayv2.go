package handler

import (
	"strings"

	"github.com/foldstack/foldstack/generator/symbol"
)

// Actions of API Gateway are the verbs of its interface, and resources its paths: what
// is made is posted to its collection.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
var apiGatewayV2 = map[string]kind{
	"AWS::ApiGatewayV2::Api": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-api.html",
		naming: naming{arn: "apigateway:{region}::/apis/{name}", forms: []string{"{any}"}},
		rows: append([]row{
			calls(Create, "apigateway:POST").to(collection),
			calls(Read|Update|Delete, "apigateway:GET"),
			calls(Update, "apigateway:PATCH"),
			calls(Delete, "apigateway:DELETE"),
			calls(Update, "apigateway:DELETE").to(within("/cors")).when(set("CorsConfiguration")),
			calls(Create, "apigateway:PUT").to(collection).when(set("Body", "BodyS3Location")),
			calls(Update, "apigateway:PUT").when(set("Body", "BodyS3Location")),
			calls(always, "s3:GetObject").to(objectAt("BodyS3Location")).when(set("BodyS3Location")),
			// https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
			brings(Create, "ops.apigateway.amazonaws.com").
				said("https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html"),
		}, tagRows...),
	},
	// A stage is always made with tags and asks for the right to, which the list of
	// actions lacks: https://github.com/aws-amplify/amplify-cli/issues/12316
	"AWS::ApiGatewayV2::Stage": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html",
		naming: memberOf("apis", "stages"),
		rows: append([]row{
			calls(Create, "apigateway:POST", "apigateway:TagResource").to(collection),
			calls(Read, "apigateway:GET"),
			calls(Update, "apigateway:PATCH", "apigateway:TagResource", "apigateway:UntagResource"),
			calls(Delete, "apigateway:DELETE"),
			calls(Update, "apigateway:DELETE").to(within("/accesslogsettings")).when(set("AccessLogSettings")),
			calls(Update, "apigateway:DELETE").to(within("/routesettings/" + symbol.New("route"))).when(set("RouteSettings")),
			logDelivery,
		}, tagRows...),
	},
	"AWS::ApiGatewayV2::Route": member(
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-route.html",
		"apis", "routes",
	),
	"AWS::ApiGatewayV2::Integration": member(
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-integration.html",
		"apis", "integrations",
		passes(write, "apigateway.amazonaws.com", "CredentialsArn"),
	),
	"AWS::ApiGatewayV2::Authorizer": member(
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html",
		"apis", "authorizers",
		passes(write, "apigateway.amazonaws.com", "AuthorizerCredentialsArn"),
	),
	"AWS::ApiGatewayV2::Deployment": member(
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-deployment.html",
		"apis", "deployments",
	),
	"AWS::ApiGatewayV2::ApiMapping": member(
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-apimapping.html",
		"domainnames", "apimappings",
	),
	"AWS::ApiGatewayV2::DomainName": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-domainname.html",
		naming: naming{arn: "apigateway:{region}::/domainnames/{name}", forms: []string{"{any}"}},
		rows: append([]row{
			calls(Create, "apigateway:POST").to(collection),
			calls(always, "apigateway:GET"),
			calls(Update, "apigateway:PATCH"),
			calls(Delete, "apigateway:DELETE"),
			brings(Create, "ops.apigateway.amazonaws.com").
				said("https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html"),
		}, tagRows...),
	},
}

// memberOf names a part of an API or of a domain name.
func memberOf(whole, part string) naming {
	return naming{
		arn:   "apigateway:{region}::/" + whole + "/{name}",
		forms: []string{"{any}/" + part + "/{any}"},
	}
}

// member is a type whose resources are parts, and take no tags.
func member(page, whole, part string, more ...row) kind {
	return kind{page: page, naming: memberOf(whole, part), rows: append([]row{
		calls(Create, "apigateway:POST").to(collection),
		calls(Read|Update|Delete, "apigateway:GET"),
		calls(Update, "apigateway:PATCH"),
		calls(Delete, "apigateway:DELETE"),
	}, more...)}
}

// tagRows are about the tags: the verb is PUT in one version of the interface and POST in
// the other. Refusals that people report name the ARN as /v2/apis/<id>, while AWS's
// pages write /apis/<id>; a grant has to be right for either.
//
// https://docs.aws.amazon.com/apigateway/latest/api/API_TagResource.html
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html
var tagRows = []row{
	ofTags(write, "apigateway:PUT", "apigateway:POST").to(eitherTags).when(tagged),
	ofTags(Update, "apigateway:GET", "apigateway:DELETE").to(eitherTags).when(tagged),
}

func eitherTags(s *Subject) []string {
	return []string{s.tagsOf(s.own()), s.tagsOf(strings.Replace(s.own(), "::/", "::/v2/", 1))}
}

// logDelivery is what turns the access log of a stage on.
var logDelivery = calls(write,
	"logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:GetLogDelivery",
	"logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
).to(anything).when(set("AccessLogSettings", "AccessLogSetting")).
	said("https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html")
