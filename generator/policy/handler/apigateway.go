package handler

import "slices"

// An API's ARN holds an id that API Gateway chooses, and condition keys about its
// name hold for the API alone and not for what belongs to it, so every API of the
// account is meant. The tags of an API are a resource of their own.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
var (
	httpAPIs = gateway("/apis", "/apis/*")
	restAPIs = gateway("/restapis", "/restapis/*")
	domains  = gateway("/domainnames", "/domainnames/*")
	tags     = gateway("/tags/*")

	gatewayActions = []string{
		"apigateway:DELETE",
		"apigateway:GET",
		"apigateway:PATCH",
		"apigateway:POST",
		"apigateway:PUT",
	}
)

// gateway is ARNs of API Gateway, which hold a region and no account.
func gateway(paths ...string) []string {
	var arns []string
	for _, path := range paths {
		arns = append(arns, "arn:${AWS::Partition}:apigateway:*::"+path)
	}
	return arns
}

// ownRole lets the first API of an account bring the role that API Gateway makes for
// itself; a stage that writes an access log is refused without it.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
var ownRole = serviceLinkedRole("ops.apigateway.amazonaws.com")

// stageTags is what API Gateway asks for when CloudFormation makes or changes a
// stage, which it always tags. AWS's own list of actions lacks the two; the type's
// schema has them, and without them the stage is refused.
//
// https://github.com/aws-amplify/amplify-cli/issues/12316
var stageTags = grant{
	actions: []string{"apigateway:TagResource", "apigateway:UntagResource"},
	on:      gateway("/apis/*/stages", "/apis/*/stages/*"),
}

// part is what an HTTP API's parts of one kind need.
func part(kind string) grant {
	return grant{actions: gatewayActions, on: gateway("/apis/*/"+kind, "/apis/*/"+kind+"/*")}
}

// whole is what an API or domain name needs, with its tags.
func whole(arns []string) grant {
	return grant{actions: gatewayActions, on: append(slices.Clone(arns), tags...)}
}

// Left out: VPC links, private domain names and OpenAPI documents in S3.
var apiGateway = map[string]resource{
	"AWS::ApiGatewayV2::Api": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-api.html",
		grants: []grant{whole(httpAPIs), ownRole},
	},
	"AWS::ApiGatewayV2::Stage": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html",
		grants: []grant{
			part("stages"),
			stageTags,
			{actions: gatewayActions, on: tags},
			logDelivery,
			ownRole,
		},
	},
	"AWS::ApiGatewayV2::Route": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-route.html",
		grants: []grant{part("routes")},
	},
	"AWS::ApiGatewayV2::Integration": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-integration.html",
		grants: []grant{part("integrations"), passRole("apigateway.amazonaws.com")},
	},
	"AWS::ApiGatewayV2::Authorizer": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html",
		grants: []grant{part("authorizers"), passRole("apigateway.amazonaws.com")},
	},
	"AWS::ApiGatewayV2::Deployment": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-deployment.html",
		grants: []grant{part("deployments")},
	},
	"AWS::ApiGatewayV2::DomainName": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-domainname.html",
		grants: []grant{whole(domains), ownRole},
	},
	"AWS::ApiGatewayV2::ApiMapping": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-apimapping.html",
		grants: []grant{{actions: gatewayActions, on: gateway("/domainnames/*/apimappings", "/domainnames/*/apimappings/*")}},
	},
	"AWS::ApiGateway::RestApi": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html",
		grants: []grant{
			whole(restAPIs),
			{actions: []string{"apigateway:UpdateRestApiPolicy"}, on: restAPIs},
			ownRole,
		},
	},
	"AWS::ApiGateway::Resource": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-resource.html",
		grants: []grant{{actions: gatewayActions, on: restAPIs}},
	},
	"AWS::ApiGateway::Method": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html",
		grants: []grant{{actions: gatewayActions, on: restAPIs}, passRole("apigateway.amazonaws.com")},
	},
	"AWS::ApiGateway::Deployment": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html",
		grants: []grant{{actions: gatewayActions, on: restAPIs}},
	},
	"AWS::ApiGateway::Stage": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-stage.html",
		grants: []grant{whole(restAPIs), logDelivery, ownRole},
	},
	"AWS::ApiGateway::Authorizer": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html",
		grants: []grant{{actions: gatewayActions, on: restAPIs}, passRole("apigateway.amazonaws.com")},
	},
}
