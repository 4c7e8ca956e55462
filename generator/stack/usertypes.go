package stack

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/check/schema"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/policy/handler"
	"github.com/foldstack/foldstack/generator/source"
)

// cdkMetadata is the type of a note in every template that CDK makes. It stands for
// nothing that exists.
//
// https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html
const cdkMetadata = "AWS::CDK::Metadata"

// userResource is one resource of a user's template.
type userResource struct {
	id    string
	typ   string
	place diag.Place   // of its type
	node  *source.Node // the whole entry
}

// userResources lists what users wrote in resources.yaml and in their stacks, in
// the order of functions, stacks and files.
func userResources(p *model.Project) []userResource {
	var all []userResource
	for i := range p.Functions {
		if r := p.Functions[i].Resources; r != nil {
			all = appendResources(all, r.Root.Get("Resources"))
		}
	}
	for i := range p.Stacks {
		all = appendResources(all, p.Stacks[i].Template.Get("Resources"))
	}
	return all
}

// appendResources reads a Resources section, or what a loop in one repeats.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
func appendResources(all []userResource, section *source.Node) []userResource {
	if section == nil {
		return all
	}
	for _, pair := range section.Pairs {
		if strings.HasPrefix(pair.Key.Text, "Fn::ForEach::") && len(pair.Value.Items) == 3 {
			all = appendResources(all, pair.Value.Items[2])
			continue
		}
		if typ := pair.Value.Get("Type"); typ != nil && typ.Kind == source.Scalar {
			all = append(all, userResource{pair.Key.Text, typ.Text, typ.Place, pair.Value})
		}
	}
	return all
}

// userTypes lists the types of users' resources, sorted, and reports those whose
// handlers' permissions nobody knows and those that need a name to be told apart. A
// service that `deployment:` opens is the user's own affair.
func userTypes(p *model.Project, problems *diag.Problems) []string {
	known := handler.Known()
	var types []string
	for _, r := range userResources(p) {
		if r.typ == cdkMetadata {
			continue
		}
		opened := openedByHand(p.Deployment, r.typ)
		custom := strings.HasPrefix(r.typ, "Custom::")
		if _, ok := slices.BinarySearch(known, r.typ); !ok && !custom {
			if !opened && (schema.Exists(r.typ) || slices.Contains(p.Unchecked, r.typ)) { // another rule reports the others
				problems.Addf("unknown-type-permissions", r.place,
					"allow the actions under `deployment:` in "+p.Place.File+", such as `- allow: ["+iamPrefixes(r.typ)[0]+":Create…]`",
					"foldstack does not know which permissions CloudFormation needs for %s", r.typ)
			}
			continue
		}
		types = append(types, r.typ)
		if !opened {
			checkName(p, r, problems)
		}
		if property := handler.Naming(r.typ); property != "" && !opened && r.node.Get("Properties").Get(property) == nil {
			problems.Addf("unnamed-resource", r.place,
				"write `"+property+": !Sub "+p.Name+"-${Environment}-…` in its properties, or allow its actions under `deployment:` in "+p.Place.File,
				"%s has no %s: the name that CloudFormation would give it does not tell whose it is, so no role of this project may make it", r.id, property)
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// UserTypes lists the types of users' resources that a deployment may make without an
// entry under `deployment:`, sorted.
func UserTypes(p *model.Project) []string { return userTypes(p, &diag.Problems{}) }

// checkName reports a name under which no role of a deployment may make the resource.
func checkName(p *model.Project, r userResource, problems *diag.Problems) {
	property := handler.NameProperty(r.typ)
	name := r.node.Get("Properties").Get(property)
	if name == nil || name.Kind != source.Scalar || name.Tag != "" && name.Tag != "!Sub" {
		return // what other functions make of it is not known
	}
	if namesOf(p).Begins(r.typ, name.Text) {
		return
	}
	unnamed := ", leave it to CloudFormation"
	if handler.Naming(r.typ) != "" {
		unnamed = ""
	}
	problems.Addf("foreign-name", name.Place,
		"write `"+property+": !Sub "+p.Name+"-${Environment}-…`"+unnamed+", or allow the actions under `deployment:` in "+p.Place.File,
		"the name %q does not begin with those of this project and its environment, so no role of a deployment may make %s", name.Text, r.id)
}

// openedByHand reports whether `deployment:` allows some action of the type's
// service.
func openedByHand(deployment []model.Allowance, typ string) bool {
	for _, prefix := range iamPrefixes(typ) {
		for _, a := range deployment {
			for _, action := range a.Allow {
				if service, _, ok := strings.Cut(action.Value, ":"); ok && strings.EqualFold(service, prefix) {
					return true
				}
			}
		}
	}
	return false
}

// irregular are the services whose IAM prefix is not their name in CloudFormation
// in lower case.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
var irregular = map[string][]string{
	"AmazonMQ":               {"mq"},
	"ApiGatewayV2":           {"apigateway"},
	"ApplicationAutoScaling": {"application-autoscaling"},
	"AutoScalingPlans":       {"autoscaling-plans"},
	"CertificateManager":     {"acm"},
	"CodeStarConnections":    {"codestar-connections", "codeconnections"},
	"CodeStarNotifications":  {"codestar-notifications"},
	"Cognito":                {"cognito-idp", "cognito-identity"},
	"DocDB":                  {"rds"},
	"EFS":                    {"elasticfilesystem"},
	"EMR":                    {"elasticmapreduce"},
	"EMRServerless":          {"emr-serverless"},
	"ElasticLoadBalancingV2": {"elasticloadbalancing"},
	"Elasticsearch":          {"es"},
	"EventSchemas":           {"schemas"},
	"InspectorV2":            {"inspector2"},
	"KinesisAnalyticsV2":     {"kinesisanalytics"},
	"KinesisFirehose":        {"firehose"},
	"Location":               {"geo"},
	"MSK":                    {"kafka"},
	"Neptune":                {"rds"},
	"NetworkFirewall":        {"network-firewall"},
	"OpenSearchServerless":   {"aoss"},
	"OpenSearchService":      {"es"},
	"ResourceGroups":         {"resource-groups"},
	"S3Outposts":             {"s3-outposts"},
	"SSMContacts":            {"ssm-contacts"},
	"SSMIncidents":           {"ssm-incidents"},
	"Serverless":             {"lambda", "apigateway", "dynamodb", "states"}, // of what SAM makes of its types
	"StepFunctions":          {"states"},
	"VpcLattice":             {"vpc-lattice"},
	"WAFRegional":            {"waf-regional"},
}

// iamPrefixes are the IAM prefixes of a type's service; the first is the likeliest.
func iamPrefixes(typ string) []string {
	parts := strings.Split(typ, "::")
	if len(parts) < 2 {
		return []string{strings.ToLower(typ)}
	}
	if prefixes, ok := irregular[parts[1]]; ok {
		return prefixes
	}
	return []string{strings.ToLower(parts[1])}
}
