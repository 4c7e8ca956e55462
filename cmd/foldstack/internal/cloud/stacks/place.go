package stacks

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
)

// Place is CloudFormation in one region of one account.
type Place struct {
	Account, Region string

	session *cloud.Session
	client  *cloudformation.Client
}

// In is CloudFormation in a region of the account that a session is of.
func In(s *cloud.Session, region string) *Place {
	return &Place{
		Account: s.Account, Region: region, session: s,
		client: cloudformation.NewFromConfig(s.Config(region)),
	}
}

// Stack is a stack as CloudFormation describes it.
type Stack struct {
	Name, ID   string
	Status     string // as CloudFormation writes it, CREATE_COMPLETE
	Reason     string // of the status, or empty
	Outputs    map[string]string
	Parameters map[string]string
	Root       string    // the id of the stack at the top, where this one is nested
	Changed    time.Time // when it was last created, updated or deleted
	Drift      string    // IN_SYNC, DRIFTED, or UNKNOWN and NOT_CHECKED where nobody has looked
}

// Stack is the stack of a name or an id, and nil where there is none. By its id it
// is found for ninety days after it was deleted.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
func (p *Place) Stack(ctx context.Context, name string) (*Stack, error) {
	answer, err := p.client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	switch {
	case absent(err):
		return nil, nil
	case err != nil:
		return nil, p.explain(ctx, err, "cloudformation:DescribeStacks", name)
	case len(answer.Stacks) == 0:
		return nil, nil
	}
	return described(&answer.Stacks[0]), nil
}

// All are the stacks of the place, nested ones among them.
func (p *Place) All(ctx context.Context) ([]*Stack, error) {
	var all []*Stack
	pages := cloudformation.NewDescribeStacksPaginator(p.client, &cloudformation.DescribeStacksInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, p.explain(ctx, err, "cloudformation:DescribeStacks", "*")
		}
		for i := range page.Stacks {
			all = append(all, described(&page.Stacks[i]))
		}
	}
	return all, nil
}

// Set is the stack set that made the stack, by whose name that is known, or empty.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html
func (s *Stack) Set() string {
	if m := ofSet.FindStringSubmatch(s.Name); m != nil {
		return m[1]
	}
	return ""
}

var ofSet = regexp.MustCompile(`^StackSet-(.+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// absent reports the answer about a stack that there is not, for which CloudFormation
// has no code of its own.
func absent(err error) bool {
	return cloud.IsCode(err, "ValidationError") && strings.Contains(err.Error(), "does not exist")
}

func described(s *types.Stack) *Stack {
	stack := &Stack{
		Name: aws.ToString(s.StackName), ID: aws.ToString(s.StackId), Root: aws.ToString(s.RootId),
		Status: string(s.StackStatus), Reason: aws.ToString(s.StackStatusReason),
		Outputs: map[string]string{}, Parameters: map[string]string{},
		Changed: latest(s.CreationTime, s.LastUpdatedTime, s.DeletionTime),
	}
	for _, o := range s.Outputs {
		stack.Outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	for _, parameter := range s.Parameters {
		stack.Parameters[aws.ToString(parameter.ParameterKey)] = aws.ToString(parameter.ParameterValue)
	}
	if s.DriftInformation != nil {
		stack.Drift = string(s.DriftInformation.StackDriftStatus)
	}
	return stack
}

func latest(times ...*time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t != nil && t.After(last) {
			last = *t
		}
	}
	return last
}

// Resource is a resource of a stack.
type Resource struct {
	LogicalID, PhysicalID, Type, Status, Reason string
	Changed                                     time.Time
}

// Resources are those of a stack, by its name or id.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
func (p *Place) Resources(ctx context.Context, name string) ([]Resource, error) {
	var all []Resource
	pages := cloudformation.NewListStackResourcesPaginator(p.client, &cloudformation.ListStackResourcesInput{StackName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, p.explain(ctx, err, "cloudformation:ListStackResources", name)
		}
		for i := range page.StackResourceSummaries {
			r := &page.StackResourceSummaries[i]
			all = append(all, Resource{
				aws.ToString(r.LogicalResourceId), aws.ToString(r.PhysicalResourceId), aws.ToString(r.ResourceType),
				string(r.ResourceStatus), aws.ToString(r.ResourceStatusReason), latest(r.LastUpdatedTimestamp),
			})
		}
	}
	return all, nil
}

// Template is the template of a stack as it was deployed, as far as CloudFormation tells.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html
func (p *Place) Template(ctx context.Context, name string) (string, error) {
	answer, err := p.client.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &name, TemplateStage: types.TemplateStageOriginal})
	if err != nil {
		return "", p.explain(ctx, err, "cloudformation:GetTemplate", name)
	}
	return legible(answer.TemplateBody), nil
}

// legible is a template that CloudFormation has given back. A question mark stands there
// for every character beyond ASCII, and where that is a whole word of a value, no reader
// of YAML would take the template: it introduces a key.
//
// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1220
// https://yaml.org/spec/1.2.2/#53-indicator-characters
func legible(body *string) string { return strings.ReplaceAll(aws.ToString(body), "?", "_") }

// explain says what failed and what to do. What is wrong with a template is said in the
// words that the reasons of events have.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func (p *Place) explain(ctx context.Context, err error, action, stack string) error {
	known, _ := advised(err.Error())
	return cloud.Interrupted(ctx, p.session.Explain(err, cloud.Call{
		Action: action, Region: p.Region, Resource: "the stack " + nameIn(stack),
		Hints: map[string]string{
			"ValidationError":        known,
			"InvalidClientTokenId":   disabled, // STS knew the credentials
			"AlreadyExistsException": "somebody else is at work on that stack: run it again",
			"LimitExceededException": quota,
		},
	}))
}

// nameIn is the name in the id of a stack, or what is a name already.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-view-stack-data-resources.html
func nameIn(id string) string {
	if parts := strings.Split(id, "/"); len(parts) == 3 {
		return parts[1]
	}
	return id
}
