package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/estate"
)

// owner is the resource of the estate in which the thing lies that an ARN names: the
// bucket of an object, the function of a version; nil where the estate does not hold it.
func (g *register) owner(of string) *estate.Resource {
	if g.estate == nil {
		return nil
	}
	if apis := g.estate.OfType(restAPI); len(apis) > 0 && arn.Service(of) == "execute-api" {
		return calledOf(apis, of)
	}
	return g.estate.Owner(of)
}

// restAPI is the type of an API that has a policy.
const restAPI = "AWS::ApiGateway::RestApi"

// calledOf is the API that a call of it names: by its id, before the stage.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func calledOf(apis []*estate.Resource, arn string) *estate.Resource {
	for _, r := range apis {
		called := callsOf(r)
		if strings.HasPrefix(arn, called+"/") {
			return r
		}
	}
	return nil
}

// callsOf begins the ARNs of the calls of an API.
func callsOf(r *estate.Resource) string {
	return "arn:" + string(r.Stack.Partition) + ":execute-api:" + r.Stack.Region + ":" + r.Stack.Account + ":" + r.Ref
}

// taking are the actions about which a role's trust policy is asked, and no others.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
var taking = map[string]bool{
	"sts:AssumeRole": true, "sts:AssumeRoleWithWebIdentity": true, "sts:AssumeRoleWithSAML": true,
	"sts:TagSession": true, "sts:SetSourceIdentity": true,
}

// creating are the actions that make a resource with a policy of its own. The policy is
// attached to what is there already, so it has no say in them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
var creating = map[string]bool{
	"dynamodb:CreateTable": true, "ecr:CreateRepository": true, "events:CreateEventBus": true, "kinesis:CreateStream": true,
	"lambda:CreateFunction": true, "logs:CreateLogGroup": true, "s3:CreateBucket": true, "secretsmanager:CreateSecret": true,
	"sns:CreateTopic": true, "sqs:CreateQueue": true,
}

// policiesOf are the resource policies that have a say in a request.
func (g *register) policiesOf(request authz.Request, owner *estate.Resource) []*authz.Policy {
	if owner == nil || creating[request.Action] {
		return nil
	}
	if c := g.callers[owner.ARN]; c != nil {
		if taking[request.Action] {
			return c.trust
		}
		return nil
	}
	return g.attached(request.Resource, owner)
}

// attached are the policies of a resource itself, of which its owner may be the one that
// has them.
func (g *register) attached(resource string, owner *estate.Resource) []*authz.Policy {
	if owner == nil {
		return nil
	}
	list := g.policies[resource]
	if owner.ARN != resource && owner.Type != "AWS::Lambda::Function" { // a function's policy holds for the version or alias that it names
		list = g.policies[owner.ARN]
	}
	if owner.Type == "AWS::Logs::LogGroup" {
		for _, p := range g.accounts {
			if s := sourceOf(p).resource.Stack; s.Account == owner.Stack.Account && s.Region == owner.Stack.Region {
				list = append(list[:len(list):len(list)], p)
			}
		}
	}
	return list
}

// guarded reports whether nobody may use a resource but whom its own policy admits, even
// of its own account.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/control-access-overview.html
func guarded(resource string) bool {
	service := arn.Service(resource)
	return service == "kms" || service == "iam"
}
