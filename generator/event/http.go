package event

import (
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"

	"github.com/awslabs/goformation/v7/cloudformation/apigatewayv2"
)

var httpKind = Kind{
	Name:    "http",
	Doc:     "A request to a route of the project's shared HTTP API calls the function.",
	Example: "http: GET /orders/{id}",
	Keys: []Key{
		{"route", "method and path, such as GET /orders/{id} or ANY /files/{path+}; $default takes what no other route does"},
		{"auth", "who may call: none (default) is everybody, iam is whoever may execute-api:Invoke"},
	},
	Types: []string{
		"AWS::ApiGatewayV2::Integration",
		"AWS::ApiGatewayV2::Route",
		"AWS::Lambda::Permission",
	},
	decode: decodeHTTP,
}

// HTTP is a route of the shared HTTP API.
type HTTP struct {
	entry
	Method string // GET, …, ANY; empty for $default
	Path   string // empty for $default
	IAM    bool   // requests are signed and allowed by IAM
}

// defaultRoute takes the requests that no other route takes.
const defaultRoute = "$default"

// RouteKey names the route in the API.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
func (h *HTTP) RouteKey() string {
	if h.Method == "" {
		return defaultRoute
	}
	return h.Method + " " + h.Path
}

const routeHint = "write a method and a path, such as GET /orders/{id}"

var methods = []string{"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

func decodeHTTP(d *decoding) Event {
	o, route := d.open("route", routeHint)
	auth := o.OneOf("auth", "none", "iam")
	o.Done()
	if route == nil {
		return nil
	}
	h := &HTTP{IAM: auth.Value == "iam"}
	if method, path, ok := strings.Cut(route.Text, " "); ok {
		h.Method, h.Path = method, strings.TrimLeft(path, " ")
	} else if route.Text != defaultRoute || route.Tag != "" {
		d.problem("http-route", route.Place, routeHint, "%q is not a route", route.Text)
		return nil
	}
	if !d.checkRoute(h, route.Place) {
		return nil
	}
	h.entry = d.entry
	h.summary = h.RouteKey()
	return h
}

var (
	pathSegment   = regexp.MustCompile(`^[A-Za-z0-9._~!$&'()*+,;=:@%-]+$`)
	pathParameter = regexp.MustCompile(`^\{([A-Za-z0-9._-]+)\+?\}$`)
)

// checkRoute reports what API Gateway would refuse.
func (d *decoding) checkRoute(h *HTTP, place diag.Place) bool {
	if h.Method == "" {
		return true
	}
	if !slices.Contains(methods, h.Method) {
		return d.problem("http-route", place, meant(h.Method, methods, routeHint),
			"%q is not a method; the methods are %s", h.Method, strings.Join(methods, ", "))
	}
	if !strings.HasPrefix(h.Path, "/") {
		return d.problem("http-route", place, "write /"+h.Path, "the path %q does not begin with a slash", h.Path)
	}
	if h.Path == "/" {
		return true
	}
	segments := strings.Split(h.Path[1:], "/")
	seen := map[string]bool{}
	for i, segment := range segments {
		parameter := pathParameter.FindStringSubmatch(segment)
		switch {
		case segment == "":
			return d.problem("http-route", place, "remove the slash", "the path %q has an empty segment", h.Path)
		case parameter == nil && !pathSegment.MatchString(segment):
			return d.problem("http-route", place, "a parameter is a whole segment: /orders/{id}", "the segment %q of the path %q is neither text nor a parameter", segment, h.Path)
		case parameter == nil:
		case seen[parameter[1]]:
			return d.problem("http-route", place, "give each parameter its own name", "the path %q has two parameters called %s", h.Path, parameter[1])
		case strings.HasSuffix(segment, "+}") && i < len(segments)-1:
			return d.problem("http-route", place, "put it last", "%s takes the rest of the path and has segments behind it", segment)
		default:
			seen[parameter[1]] = true
		}
	}
	return true
}

// Uses adds the id of the shared API to what the entry itself names.
func (h *HTTP) Uses() []Reference {
	return append(h.entry.Uses(), Reference{Stack: APIStack, Output: APIID, Place: h.place})
}

// integrationID is the one integration that a function's routes share.
const integrationID = "HttpIntegration"

// Build adds the route, the function's integration and the permission.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func (h *HTTP) Build(c *Context) {
	api := Reference{Stack: APIStack, Output: APIID, Place: h.place}
	if !c.has(integrationID) {
		c.Add(integrationID, &apigatewayv2.Integration{
			ApiId:                c.Link(api),
			IntegrationType:      "AWS_PROXY",
			IntegrationUri:       cfn.Ptr(c.Alias),
			PayloadFormatVersion: cfn.Ptr("2.0"),
		})
	}
	authorization := "NONE"
	if h.IAM {
		authorization = "AWS_IAM"
	}
	id := identify("Route", h.summary, h.summary)
	c.Add(id, &apigatewayv2.Route{
		ApiId:             c.Link(api),
		RouteKey:          h.RouteKey(),
		AuthorizationType: cfn.Ptr(authorization),
		Target:            cfn.Ptr(cfn.Sub("integrations/${" + integrationID + "}")),
	})
	if routes(c.Function) <= maxRoutePermissions {
		c.allowInvoke(id+"Permission", c.Alias, apiGatewayService, h.sourceARN(c.Parameter(api)), "")
	} else if !c.has(everyRouteID) {
		c.allowInvoke(everyRouteID, c.Alias, apiGatewayService, apiARN(c.Parameter(api), "/*"), "")
	}
}

// maxRoutePermissions is how many routes of a function get a permission each. The
// policy of a function holds 20 KB, which is some 68 of them; past this number one
// permission for every route of the project's API stands in their place.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxRoutePermissions = 50

// everyRouteID is that permission.
const everyRouteID = "EveryRoutePermission"

func routes(fn *model.Function) int {
	n := 0
	for _, e := range fn.Events {
		if _, ok := e.(*HTTP); ok {
			n++
		}
	}
	return n
}

// sourceARN is the route as API Gateway names it to Lambda: the path as it stands
// in the route, parameters in braces. The stage is a wildcard because $default is
// the API's only one and the permission need not follow its name; the method is
// one for ANY, which stands for all of them.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func (h *HTTP) sourceARN(apiID string) string {
	route := "/" + defaultRoute
	if h.Method != "" {
		method := h.Method
		if method == "ANY" {
			method = "*"
		}
		route = "/" + method + h.Path
	}
	return apiARN(apiID, route)
}

// apiARN is a route of the API in any of its stages.
func apiARN(apiID, route string) string {
	return cfn.Sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${" + apiID + "}/*" + cfn.Literal(route))
}
