package handler

import "slices"

// The actions are the verbs of API Gateway's interface, and the resources its paths:
// what is made is posted to its collection. An API's path holds an id that API Gateway
// chooses, and condition keys about its name hold for the API alone and not for what
// belongs to it, so every API of the account is meant.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html

// gateway is ARNs of API Gateway, which hold a region and no account.
func gateway(paths ...string) []string {
	var arns []string
	for _, path := range paths {
		arns = append(arns, "arn:${AWS::Partition}:apigateway:*::"+path)
	}
	return arns
}

// posted lets something be made in a collection.
func posted(collection string) grant {
	return grant{actions: []string{"apigateway:POST"}, on: gateway(collection)}
}

// changed is what is done with everything that exists below a path.
func changed(below string) grant {
	return grant{actions: []string{"apigateway:DELETE", "apigateway:GET", "apigateway:PATCH"}, on: gateway(below + "/*")}
}

// tags are a resource of their own, whose path holds the ARN of what is tagged in URL
// encoding: that of an HTTP API begins with /v2/apis there and with /apis elsewhere.
//
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html
// https://docs.aws.amazon.com/apigateway/latest/api/API_TagResource.html
func tags(collection string, verbs ...string) grant {
	return grant{
		actions: verbs,
		on:      gateway("/tags/arn%3A${AWS::Partition}%3Aapigateway%3A*%2F" + collection + "%2F*"),
	}
}

var (
	tagVerbs     = []string{"apigateway:DELETE", "apigateway:GET", "apigateway:POST", "apigateway:PUT"}
	restTagVerbs = []string{"apigateway:DELETE", "apigateway:GET", "apigateway:PUT"}
)

// ownRole lets the first API of an account bring the role that API Gateway makes for
// itself; a stage that writes an access log is refused without it.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
var ownRole = serviceLinkedRole("ops.apigateway.amazonaws.com")

// stageTags is what API Gateway asks for when CloudFormation makes or changes a
// stage, which it always tags. AWS's own list of actions lacks the two; the type's
// schema has them, and without them the stage is refused. New tags are authorised on
// the stages, others on the stage.
//
// https://github.com/aws-amplify/amplify-cli/issues/12316
var stageTags = []grant{
	{actions: []string{"apigateway:TagResource"}, on: gateway("/apis/*/stages", "/apis/*/stages/*")},
	{actions: []string{"apigateway:UntagResource"}, on: gateway("/apis/*/stages/*")},
}

// part is what an HTTP API's parts of one kind need. What is below an API holds all of
// its parts, and no API is without the grant.
func part(kind string) []grant { return []grant{posted("/apis/*/" + kind), changed("/apis")} }

// restPart is what a REST API's parts of one kind need. The API itself need not be the
// user's.
func restPart(kind string) []grant {
	return []grant{posted("/restapis/*/" + kind), changed("/restapis/*/" + kind)}
}

// Left out: VPC links, private domain names and OpenAPI documents in S3.
var apiGateway = map[string]resource{
	"AWS::ApiGatewayV2::Api": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-api.html",
		grants: []grant{posted("/apis"), changed("/apis"), tags("apis", tagVerbs...), ownRole},
		users:  []grant{{actions: []string{"apigateway:PUT"}, on: gateway("/apis", "/apis/*")}},
	},
	"AWS::ApiGatewayV2::Stage": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html",
		grants: slices.Concat(part("stages"), stageTags, []grant{tags("apis", tagVerbs...), logDelivery, ownRole}),
	},
	"AWS::ApiGatewayV2::Route": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-route.html",
		grants: part("routes"),
	},
	"AWS::ApiGatewayV2::Integration": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-integration.html",
		grants: part("integrations"),
		users:  []grant{passRole("apigateway.amazonaws.com")},
	},
	"AWS::ApiGatewayV2::Authorizer": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html",
		grants: append(part("authorizers"), passRole("apigateway.amazonaws.com")),
	},
	"AWS::ApiGatewayV2::Deployment": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-deployment.html",
		grants: part("deployments"),
	},
	"AWS::ApiGatewayV2::DomainName": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-domainname.html",
		grants: []grant{posted("/domainnames"), changed("/domainnames"), tags("domainnames", tagVerbs...), ownRole},
	},
	"AWS::ApiGatewayV2::ApiMapping": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-apimapping.html",
		grants: []grant{posted("/domainnames/*/apimappings"), changed("/domainnames/*/apimappings")},
	},
	"AWS::ApiGateway::RestApi": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html",
		grants: []grant{
			posted("/restapis"),
			changed("/restapis"),
			{actions: []string{"apigateway:PUT"}, on: gateway("/restapis/*")},
			{actions: []string{"apigateway:UpdateRestApiPolicy"}, on: gateway("/restapis", "/restapis/*")},
			tags("restapis", restTagVerbs...),
			ownRole,
			passRole("apigateway.amazonaws.com"),
		},
	},
	// A resource is posted to its parent, which is one too.
	"AWS::ApiGateway::Resource": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-resource.html",
		grants: []grant{posted("/restapis/*/resources/*"), changed("/restapis/*/resources")},
	},
	"AWS::ApiGateway::Method": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html",
		grants: []grant{
			{actions: []string{"apigateway:DELETE", "apigateway:GET", "apigateway:PUT"}, on: gateway("/restapis/*/resources/*/methods/*")},
			passRole("apigateway.amazonaws.com"),
		},
	},
	"AWS::ApiGateway::Deployment": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html",
		grants: append(restPart("deployments"), tags("restapis", restTagVerbs...)),
	},
	"AWS::ApiGateway::Stage": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-stage.html",
		grants: append(restPart("stages"), tags("restapis", restTagVerbs...), logDelivery, ownRole),
	},
	"AWS::ApiGateway::Authorizer": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html",
		grants: append(restPart("authorizers"), passRole("apigateway.amazonaws.com")),
	},
}
