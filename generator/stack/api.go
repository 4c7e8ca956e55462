package stack

import (
	"cmp"
	"slices"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"

	"github.com/awslabs/goformation/v7/cloudformation/apigatewayv2"
	"github.com/awslabs/goformation/v7/cloudformation/logs"
)

// APITypes are the CloudFormation types of the shared HTTP API's stack.
var APITypes = []string{
	"AWS::ApiGatewayV2::Api",
	"AWS::ApiGatewayV2::Stage",
	"AWS::Logs::LogGroup",
}

// The logical ids and outputs of the API's stack.
const (
	apiID      = "Api"
	apiLogsID  = "AccessLogs"
	apiStageID = "Stage"
	apiURL     = "Url"
)

// APIPath is the path of the API's template, relative to the output folder.
const APIPath = "api.yaml"

var apiOutputs = []string{event.APIID, apiURL}

// The API's throttling, in requests a second and requests at once. It is a tenth
// of what an account has in a region, which all its APIs share.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
const (
	apiRate  = 1000
	apiBurst = 500
)

// maxRoutes is the number of routes and of integrations of an API. A function has
// one integration and at least one route.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const maxRoutes = 300

// accessLog is one line of the access log, as JSON.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
const accessLog = `{"requestId":"$context.requestId","time":"$context.requestTime","ip":"$context.identity.sourceIp",` +
	`"routeKey":"$context.routeKey","path":"$context.path","status":"$context.status","latency":"$context.responseLatency",` +
	`"bytes":"$context.responseLength","error":"$context.error.message","integrationError":"$context.integrationErrorMessage"}`

// API builds the stack of the HTTP API that all functions share. It is nil where
// no function asks for a route.
func API(project *model.Project, links *Links, problems *diag.Problems) *Child {
	n := links.nodes[event.APIStack]
	if n == nil || n.function != nil || n.stack != nil {
		return nil
	}
	checkRoutes(project, problems)
	t := &cfn.Template{
		Header:      header(project, "the http events of its functions"),
		Description: "The HTTP API of " + project.Name,
		Parameters:  []cfn.Parameter{{Name: environmentParameter, Description: "The environment that is deployed"}},
	}
	name := project.Name + "-${" + environmentParameter + "}"
	t.Add(apiID, &apigatewayv2.Api{
		Name:         cfn.Ptr(cfn.Sub(name)),
		ProtocolType: cfn.Ptr("HTTP"),
	})
	// Log groups below /aws/vendedlogs/ share one statement of the account's policy
	// for log delivery, which is limited in size.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
	t.Add(apiLogsID, &logs.LogGroup{
		LogGroupName:    cfn.Ptr(cfn.Sub("/aws/vendedlogs/" + name + "-api")),
		RetentionInDays: cfn.Ptr(project.Defaults.Settings.Over(model.DefaultSettings).LogRetention.Value),
	})
	t.Add(apiStageID, apiStage())
	offer := map[string]cfn.Output{
		event.APIID: {Name: event.APIID, Description: "The id of the API", Value: cfn.Ref(apiID)},
		apiURL:      {Name: apiURL, Description: "Where the API answers", Value: cfn.GetAtt(apiID, "ApiEndpoint")},
	}
	child := &Child{
		Name: event.APIStack, Path: APIPath, Place: project.Place, Only: n.only, Template: t,
		Arguments: []Argument{{Parameter: environmentParameter, Value: cfn.Ref(environmentParameter)}},
		Resources: len(t.Resources),
		Offered:   map[string]bool{},
	}
	for _, name := range apiOutputs {
		if n.taken[name] {
			t.Outputs = append(t.Outputs, offer[name])
			child.Offered[name] = true
		}
	}
	return child
}

// apiStage is the one stage, which has no path of its own and deploys each change
// of a route by itself.
func apiStage() *apigatewayv2.Stage {
	return &apigatewayv2.Stage{
		ApiId:      cfn.Ref(apiID),
		StageName:  "$default",
		AutoDeploy: cfn.Ptr(true),
		AccessLogSettings: &apigatewayv2.Stage_AccessLogSettings{
			DestinationArn: cfn.Ptr(cfn.Sub("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${" + apiLogsID + "}")),
			Format:         cfn.Ptr(accessLog),
		},
		DefaultRouteSettings: &apigatewayv2.Stage_RouteSettings{
			ThrottlingRateLimit:  cfn.Ptr(float64(apiRate)),
			ThrottlingBurstLimit: cfn.Ptr(apiBurst),
		},
	}
}

// route is an http event and whose it is.
type route struct {
	*event.HTTP
	function *model.Function
}

func routes(fn *model.Function) []route {
	var list []route
	for _, e := range events(fn) {
		if h, ok := e.(*event.HTTP); ok {
			list = append(list, route{h, fn})
		}
	}
	return list
}

// checkRoutes reports a route that two functions have in one target, and more
// routes than an API holds.
func checkRoutes(project *model.Project, problems *diag.Problems) {
	var all []route
	for i := range project.Functions {
		all = append(all, routes(&project.Functions[i])...)
	}
	if len(all) > maxRoutes {
		problems.Addf("api-full", all[maxRoutes].Place(), "let one function take many paths with {proxy+}, or split the project",
			"the project has %d routes, and its HTTP API holds %d", len(all), maxRoutes)
	}
	slices.SortStableFunc(all, func(a, b route) int {
		return cmp.Or(cmp.Compare(a.RouteKey(), b.RouteKey()), a.Place().Compare(b.Place()))
	})
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if a.RouteKey() == b.RouteKey() && a.function != b.function && overlap(project, a.function.Only, b.function.Only) {
			problems.Add(diag.Problem{
				Rule: "duplicate-route", Place: b.Place(),
				Text: "the functions " + a.function.Name + " and " + b.function.Name + " have the same route " + b.RouteKey(),
				Hint: "remove it from one of the two", Notes: []diag.Note{{Place: a.Place(), Text: "the other one"}},
			})
		}
	}
}

func overlap(project *model.Project, a, b model.Only) bool {
	return slices.ContainsFunc(project.Targets(), func(t model.Target) bool { return a.Includes(t) && b.Includes(t) })
}
