package handler

import (
	"net/url"
	"strings"

	"github.com/foldstack/foldstack/generator/symbol"
)

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
var apiGateway = map[string]kind{
	"AWS::ApiGateway::RestApi": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html",
		naming: naming{arn: "apigateway:{region}::/restapis/{name}", forms: []string{"{any}"}},
		rows: append([]row{
			calls(Create, "apigateway:POST").to(collection),
			calls(Create|Read|Update, "apigateway:GET"),
			calls(write, "apigateway:PATCH"),
			calls(Delete, "apigateway:DELETE"),
			calls(write, "apigateway:PUT").when(set("Body", "BodyS3Location")),
			calls(Create, "apigateway:UpdateRestApiPolicy").to(what(collection, itself)).when(set("Policy")),
			calls(Update, "apigateway:UpdateRestApiPolicy").when(set("Policy")),
			calls(write, "s3:GetObject").to(objectAt("BodyS3Location")).when(set("BodyS3Location")),
			passes(write, "apigateway.amazonaws.com", "Body"),
			brings(Create, "ops.apigateway.amazonaws.com").
				said("https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html"),
		}, restTags...),
	},
	"AWS::ApiGateway::Resource": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-resource.html",
		naming: memberOf("restapis", "resources"),
		rows: []row{
			// What is made is posted to its parent, which is a resource too.
			calls(Create, "apigateway:POST"),
			calls(Read|Update, "apigateway:GET"),
			calls(Update, "apigateway:PATCH"),
			calls(Delete, "apigateway:DELETE"),
		},
	},
	"AWS::ApiGateway::Method": {
		page: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html",
		naming: naming{
			arn: "apigateway:{region}::/restapis/{name}", forms: []string{"{any}/resources/{any}/methods/{any}"},
		},
		rows: []row{
			calls(Create|Read|Update, "apigateway:GET"),
			calls(write, "apigateway:PUT").to(within("", "/integration", "/responses/"+symbol.New("status"))),
			calls(gone, "apigateway:DELETE"),
			passes(write, "apigateway.amazonaws.com", "Integration.Credentials"),
		},
	},
	"AWS::ApiGateway::Deployment": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html",
		naming: memberOf("restapis", "deployments"),
		rows: []row{
			calls(Create, "apigateway:POST").to(collection),
			calls(always, "apigateway:GET"),
			calls(write, "apigateway:PATCH"),
			calls(gone, "apigateway:DELETE"),
			ofTags(write, "apigateway:PUT").when(set("StageDescription.Tags")),
			ofTags(Update, "apigateway:GET", "apigateway:DELETE").when(set("StageDescription.Tags")),
		},
	},
	"AWS::ApiGateway::Stage": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-stage.html",
		naming: memberOf("restapis", "stages"),
		rows: append([]row{
			calls(Create, "apigateway:POST").to(collection),
			calls(Create|Read|Update, "apigateway:GET"),
			calls(write, "apigateway:PATCH"),
			calls(gone, "apigateway:DELETE"),
			logDelivery,
		}, restTags...),
	},
	"AWS::ApiGateway::Authorizer": {
		page:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html",
		naming: memberOf("restapis", "authorizers"),
		rows: []row{
			calls(Create, "apigateway:POST").to(collection),
			calls(Read|Update, "apigateway:GET"),
			calls(Update, "apigateway:PATCH"),
			calls(Delete, "apigateway:DELETE"),
			passes(write, "apigateway.amazonaws.com", "AuthorizerCredentials"),
		},
	},
}

// restTags are about the tags of a REST API and of its stages.
//
// https://docs.aws.amazon.com/apigateway/latest/api/API_TagResource.html
var restTags = []row{
	ofTags(write, "apigateway:PUT").when(tagged),
	ofTags(Update, "apigateway:GET", "apigateway:DELETE").when(tagged),
}

// ofTags begins a row of calls on the tags of the resource, which are a resource of
// their own: its path holds the ARN in URL encoding.
func ofTags(during Operation, actions ...string) row {
	return calls(during, actions...).upTo(tagsOfAny).to(func(s *Subject) []string { return []string{s.tagsOf(s.own())} })
}

func (s *Subject) tagsOf(arn string) string {
	return s.fill("apigateway:{region}::/tags/{name}", symbol.Around(arn, url.QueryEscape))
}

// tagsOfAny are the tags of everything of the resource's collection, in any region.
func tagsOfAny(s *Subject) string {
	_, path, _ := strings.Cut(s.own(), "::/")
	whole, _, _ := strings.Cut(path, "/")
	return s.fill("apigateway:*::/tags/{name}", url.QueryEscape("arn:"+string(s.Stack.Partition)+":apigateway:")+"*"+url.QueryEscape("/"+whole+"/")+"*")
}
