package demand

import (
	"regexp"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

const (
	apiService = "apigateway.amazonaws.com"

	httpAPIPage        = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html"
	restAPIPage        = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html"
	httpAuthorizerPage = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"
	apiLogsPage        = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html"
	apiRolePage        = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-api-as-simple-proxy-for-lambda.html"
)

// anyMethod is the method of a request to a route for all of them, and anyStage that of
// an API whose stages are not in the estate. A grant for them leaves their place open.
var (
	anyMethod = symbol.New("method")
	anyStage  = symbol.New("stage")
)

// integration is an HTTP or WebSocket API that calls a function.
func (r *running) integration(i *estate.Resource) {
	api := textAt(i.Properties, "ApiId")
	target := invoked(textAt(i.Properties, "IntegrationUri"))
	if target == "" {
		return
	}
	if role := textAt(i.Properties, "CredentialsArn"); role != "" {
		r.invokedByRole(i, role, target, "CredentialsArn")
		return
	}
	routes := r.whose("AWS::ApiGatewayV2::Route", "Target", "integrations/"+i.Ref)
	for _, route := range routes {
		if textAt(route.Properties, "ApiId") != api {
			continue
		}
		key := textAt(route.Properties, "RouteKey")
		r.routed(route, way{
			key: key, api: api, path: routePath(key), target: target, page: httpAPIPage,
			stages: r.stages("AWS::ApiGatewayV2::Stage", "ApiId", api), beside: len(routes),
		})
	}
}

// routePath is a route as it stands in the ARN that API Gateway sends: method and path,
// or what the API itself chooses by.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func routePath(key string) string {
	method, path, found := strings.Cut(key, " ")
	if !found {
		return "/" + key
	}
	if method == "ANY" {
		method = anyMethod
	}
	return "/" + method + path
}

// invoked is the function that an integration calls: its ARN, or that ARN in the URI of
// Lambda's API.
//
// https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
func invoked(uri string) string {
	if _, rest, found := strings.Cut(uri, "/functions/"); found {
		uri, _, _ = strings.Cut(rest, "/invocations")
	}
	if serviceOf(uri) != "lambda" {
		return ""
	}
	return uri
}

// stages are the names of an API's stages.
func (r *running) stages(resourceType, property, api string) []string {
	var names []string
	for _, stage := range r.whose(resourceType, property, api) {
		if name := textAt(stage.Properties, "StageName"); name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return []string{anyStage}
	}
	return names
}

// maxRouteGrants is how many routes of an API can each have their own statement in the
// policy of a function, which holds 20 KB.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxRouteGrants = 50

// way is how a request gets through an API to a function.
type way struct {
	key    string // of the route, as people write it
	api    string
	path   string // behind the stage in the ARN that is sent
	stages []string
	target string
	page   string
	beside int // routes that lead to the same target
}

// routed adds that API Gateway calls a function for a route in each stage of its API. A
// grant may leave the stage open, and all of the API where a policy cannot hold a
// statement for each route.
func (r *running) routed(route *estate.Resource, w way) {
	c := serving(route, apiService, w.page)
	if f := r.estate.Function(w.target, route); f != nil {
		c.step = atRunTime(title(f))
	}
	prefix := arnOf(route.Stack.Partition, "execute-api", route.Stack.Region, route.Stack.Account, w.api)
	widest := []string{prefix + "/*" + symbol.Map(w.path, func(string) string { return "*" })}
	if w.beside > maxRouteGrants {
		widest = append(widest, prefix+"/*/*")
	}
	for _, stage := range w.stages {
		on := exactly(w.target).sentFor(prefix+"/"+stage+w.path, route.Stack.Account)
		demands := c.calls("API Gateway calls the function for "+w.key, on, "lambda:InvokeFunction")
		for i := range demands {
			demands[i].Leeway = authz.Context{"aws:sourcearn": widest}
		}
		r.add(demands...)
	}
}

// method is a method of a REST API that calls a function.
func (r *running) method(m *estate.Resource) {
	api := textAt(m.Properties, "RestApiId")
	target := invoked(textAt(m.Properties, "Integration", "Uri"))
	if target == "" {
		return
	}
	if role := textAt(m.Properties, "Integration", "Credentials"); role != "" {
		r.invokedByRole(m, role, target, "Integration", "Credentials")
		return
	}
	stages := r.stages("AWS::ApiGateway::Stage", "RestApiId", api)
	if stages[0] == anyStage {
		stages = r.stages("AWS::ApiGateway::Deployment", "RestApiId", api)
	}
	key := textAt(m.Properties, "HttpMethod") + " " + r.resourcePath(textAt(m.Properties, "ResourceId"))
	r.routed(m, way{key: symbol.Show(key), api: api, path: routePath(key), target: target, page: restAPIPage, stages: stages})
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// resourcePath is the path of a resource of a REST API. What stands for a parameter in
// the ARN that is sent is not documented, so that a grant leaves its place open.
func (r *running) resourcePath(id string) string {
	path := ""
	for depth := 0; depth < maxPathParts; depth++ {
		found := r.whose("AWS::ApiGateway::Resource", "", id)
		if len(found) == 0 {
			break
		}
		part := pathParameter.ReplaceAllString(textAt(found[0].Properties, "PathPart"), symbol.New("parameter"))
		path, id = "/"+part+path, textAt(found[0].Properties, "ParentId")
	}
	if path == "" {
		return "/"
	}
	return path
}

// maxPathParts ends a path whose parts are each other's parents.
const maxPathParts = 100

// authorizer is a function that an API asks who may call it.
func (r *running) authorizer(a *estate.Resource) {
	target := invoked(textAt(a.Properties, "AuthorizerUri"))
	if target == "" {
		return
	}
	for _, property := range []string{"AuthorizerCredentialsArn", "AuthorizerCredentials"} {
		if role := textAt(a.Properties, property); role != "" {
			r.invokedByRole(a, role, target, property)
			return
		}
	}
	api := textAt(a.Properties, "ApiId") + textAt(a.Properties, "RestApiId")
	arn := arnOf(a.Stack.Partition, "execute-api", a.Stack.Region, a.Stack.Account, api+"/authorizers/"+a.Ref)
	r.invokes(a, apiService, target, arn, httpAuthorizerPage, "AuthorizerUri")
}

// apiAccount is the role by which REST and WebSocket APIs write their logs.
func (r *running) apiAccount(a *estate.Resource) {
	role := textAt(a.Properties, "CloudWatchRoleArn")
	if role == "" {
		return
	}
	r.assumed(serving(a, apiService, apiLogsPage, "CloudWatchRoleArn"), exactly(role))
	group := arnOf(a.Stack.Partition, "logs", a.Stack.Region, a.Stack.Account, "log-group:"+symbol.New("log group"))
	logs := thing{arn: group + ":log-stream:" + symbol.New("stream"), within: []string{"*"}}
	c := acting(a, role, apiLogsPage, "CloudWatchRoleArn")
	r.add(c.calls("API Gateway writes its logs", logs, "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams",
		"logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents")...)
	r.add(c.calls("API Gateway writes its logs", everything(), "logs:DescribeLogGroups")...)
}

// invokedByRole is a service that calls a function with a role that it is given.
func (r *running) invokedByRole(by *estate.Resource, role, target string, path ...string) {
	r.assumed(serving(by, apiService, apiRolePage, path...), exactly(role))
	r.add(acting(by, role, apiRolePage, path...).calls("API Gateway calls the function", exactly(target), "lambda:InvokeFunction")...)
}
