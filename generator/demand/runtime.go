package demand

import (
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
)

// RunTime are the calls that the resources of an estate make once they are deployed: by
// functions and by Lambda for them, by the services that call functions, and between
// queues, topics, rules and buckets. Who calls is read from the callers, a route or a
// subscription, and never from what a permission says.
func RunTime(e *estate.Estate) []Demand {
	r := &running{estate: e, groups: map[group]map[string][]*estate.Resource{}, seen: map[request]bool{}}
	for _, stack := range e.Stacks {
		for _, resource := range stack.Resources {
			if calls, ok := runs[resource.Type]; ok {
				calls(r, resource)
			}
		}
	}
	return r.demands
}

// runs are the types whose resources call others, or are called.
var runs = map[string]func(*running, *estate.Resource){
	"AWS::Lambda::Function":                    (*running).function,
	"AWS::Lambda::EventInvokeConfig":           (*running).destinations,
	"AWS::Lambda::EventSourceMapping":          (*running).eventSource,
	"AWS::ApiGatewayV2::Integration":           (*running).integration,
	"AWS::ApiGatewayV2::Authorizer":            (*running).authorizer,
	"AWS::ApiGateway::Method":                  (*running).method,
	"AWS::ApiGateway::Authorizer":              (*running).authorizer,
	"AWS::ApiGateway::Account":                 (*running).apiAccount,
	"AWS::SNS::Subscription":                   (*running).subscription,
	"AWS::SNS::Topic":                          (*running).topic,
	"AWS::Events::Rule":                        (*running).trigger,
	"AWS::Scheduler::Schedule":                 (*running).schedule,
	"AWS::S3::Bucket":                          (*running).notifications,
	"AWS::Config::ConfigRule":                  (*running).configRule,
	"AWS::Logs::SubscriptionFilter":            (*running).subscriptionFilter,
	"AWS::Cognito::UserPool":                   (*running).userPool,
	"AWS::IoT::TopicRule":                      (*running).topicRule,
	"AWS::SES::ReceiptRule":                    (*running).receiptRule,
	"AWS::SecretsManager::RotationSchedule":    (*running).rotation,
	"AWS::ElasticLoadBalancingV2::TargetGroup": (*running).targetGroup,
	"AWS::StepFunctions::StateMachine":         (*running).stateMachine,
	"AWS::CloudWatch::Alarm":                   (*running).alarm,
}

// running gathers what runs in an estate.
type running struct {
	estate  *estate.Estate
	groups  map[group]map[string][]*estate.Resource
	demands []Demand
	seen    map[request]bool
}

// group is a type of resource and the property that its members are looked up by; an
// empty one is what !Ref gives.
type group struct{ resourceType, property string }

// whose are the resources of a type that have a value in a property.
func (r *running) whose(resourceType, property, value string) []*estate.Resource {
	key := group{resourceType, property}
	if r.groups[key] == nil {
		r.groups[key] = map[string][]*estate.Resource{}
		for _, resource := range r.estate.OfType(resourceType) {
			v := resource.Ref
			if property != "" {
				v = textAt(resource.Properties, property)
			}
			r.groups[key][v] = append(r.groups[key][v], resource)
		}
	}
	return r.groups[key][value]
}

// here is the first of some resources that lies in the account and region of another.
func here(resources []*estate.Resource, other *estate.Resource) *estate.Resource {
	for _, resource := range resources {
		if resource.Stack.Account == other.Stack.Account && resource.Stack.Region == other.Stack.Region {
			return resource
		}
	}
	return nil
}

// add keeps demands that were not made before: ten schedules of a function are one
// reason to assume their role.
func (r *running) add(demands ...Demand) {
	for i := range demands {
		if key := requestOf(&demands[i].Request); !r.seen[key] {
			r.seen[key] = true
			r.demands = added(r.demands, &demands[i])
		}
	}
}

// atRunTime is the moment at which something runs.
func atRunTime(what string) Step { return Step{Stage: "Run time", Action: what} }

// acting is a resource that calls with a role. path leads to the property that makes it.
func acting(resource *estate.Resource, role, page string, path ...string) caller {
	return caller{
		principal: authz.Principal{ARN: role}, account: accountOf(role, resource.Stack.Account),
		step: atRunTime(title(resource)), cause: resource.At(path...), page: page,
	}
}

// serving is a service that calls for a resource.
func serving(resource *estate.Resource, service, page string, path ...string) caller {
	return caller{
		principal: authz.Principal{Service: service, Account: resource.Stack.Account}, account: resource.Stack.Account,
		step: atRunTime(title(resource)), cause: resource.At(path...), page: page,
	}
}

// title is what people know a resource by: a function by its name, others by their ids
// in the template.
func title(resource *estate.Resource) string {
	if resource.Type == functionType {
		return resource.Ref
	}
	return resource.ID
}

// assumed adds that a service assumes a role for a resource.
func (r *running) assumed(c caller, role thing) {
	r.add(c.calls(c.principal.Service+" assumes the role of "+c.step.Action, role, assumeRole)...)
}
