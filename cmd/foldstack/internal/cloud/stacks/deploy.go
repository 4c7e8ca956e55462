package stacks

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
)

// Deployment is what a stack shall become.
type Deployment struct {
	Name       string
	Template   []byte
	URL        string // where the template lies in S3; needed where it has more than MaxTemplate bytes
	Parameters map[string]string
}

// MaxTemplate is how many bytes a template may have that is sent with the call.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const MaxTemplate = 51200

// Body is the template in the call, or where it lies.
func (d Deployment) Body() (body, url *string) {
	if d.URL != "" {
		return nil, &d.URL
	}
	return aws.String(string(d.Template)), nil
}

// Outcome is what a deployment did.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
)

// Deploy creates a stack or updates it, tells of each event, and returns when that is
// done. A stack on which somebody is at work is followed to its end first, and one
// that holds nothing is deleted before: its creation was rolled back, or waits for a review.
// Whoever is overtaken by somebody else's call waits for the end of that as well.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (p *Place) Deploy(ctx context.Context, d Deployment, tell func(Event)) (Outcome, error) {
	if d.URL == "" && len(d.Template) > MaxTemplate {
		return "", fmt.Errorf("the template of the stack %s has %d bytes; above %d it has to lie in S3", d.Name, len(d.Template), MaxTemplate)
	}
	outcome, err := p.deploy(ctx, d, tell)
	if overtaken(err) {
		return p.deploy(ctx, d, tell)
	}
	return outcome, err
}

// Begin creates a stack as [Place.Deploy] does, and tells whether it did. One that is
// there it leaves as it is, whatever its template: it has come to the end of what
// somebody did with it.
func (p *Place) Begin(ctx context.Context, d Deployment, tell func(Event)) (begun bool, err error) {
	there, err := p.begin(ctx, d, tell)
	if overtaken(err) {
		there, err = p.begin(ctx, d, tell)
	}
	return err == nil && there == nil, err
}

// overtaken reports the answer to a call for which somebody else's came first.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func overtaken(err error) bool {
	return cloud.IsCode(err, "AlreadyExistsException") ||
		cloud.IsCode(err, "ValidationError") && strings.Contains(err.Error(), "_IN_PROGRESS state and can not be updated")
}

func (p *Place) deploy(ctx context.Context, d Deployment, tell func(Event)) (Outcome, error) {
	there, err := p.begin(ctx, d, tell)
	switch {
	case err != nil:
		return "", err
	case there == nil:
		return Created, nil
	}
	return p.update(ctx, there, d, tell)
}

// begin creates a stack, unless there is one that holds something: that takes an update.
func (p *Place) begin(ctx context.Context, d Deployment, tell func(Event)) (there *Stack, err error) {
	stack, err := p.settled(ctx, d.Name, tell)
	switch {
	case err != nil:
		return nil, err
	case stack == nil:
		return nil, p.create(ctx, d, tell)
	case stack.Empty():
		if err := p.Delete(ctx, stack.ID, tell); err != nil {
			return nil, err
		}
		return nil, p.create(ctx, d, tell)
	}
	return stack, p.Stuck(stack)
}

// settled is a stack when nobody is at work on it any more, and nil where there is none.
func (p *Place) settled(ctx context.Context, name string, tell func(Event)) (*Stack, error) {
	stack, err := p.Stack(ctx, name)
	if err != nil || stack == nil || !stack.InProgress() {
		return stack, err
	}
	last, err := p.lastEvent(ctx, stack.ID)
	if err != nil {
		return nil, err
	}
	if _, _, err := p.follow(ctx, stack.ID, last, tell); err != nil {
		return nil, err
	}
	return p.Stack(ctx, name)
}

// InProgress reports a status that changes by itself. A review waits for somebody.
func (s *Stack) InProgress() bool {
	return strings.HasSuffix(s.Status, "_IN_PROGRESS") && !s.Reviewed()
}

// Reviewed reports a stack of which there is nothing but a change set.
func (s *Stack) Reviewed() bool { return s.Status == string(types.StackStatusReviewInProgress) }

// Empty reports a stack that holds nothing and cannot be updated: its creation was rolled
// back, or waits for a review of the change set that would make it. Whoever deletes it
// destroys nothing.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (s *Stack) Empty() bool {
	return s.Reviewed() || s.Status == string(types.StackStatusRollbackComplete)
}

// hopeless are the states from which no update leads, and what does.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
var hopeless = map[string]string{
	string(types.StackStatusUpdateRollbackFailed): "mend what its events name, then continue the rollback: `aws cloudformation continue-update-rollback --stack-name %s --region %s`",
	string(types.StackStatusDeleteFailed):         "look at its events for what keeps it, then delete it: `aws cloudformation delete-stack --stack-name %s --region %s`",
	string(types.StackStatusRollbackFailed):       "look at its events for what keeps it, then delete it: `aws cloudformation delete-stack --stack-name %s --region %s`",
	string(types.StackStatusUpdateFailed):         "it was told not to roll back; do that: `aws cloudformation rollback-stack --stack-name %s --region %s`",
	string(types.StackStatusCreateFailed):         "it was told not to roll back; delete it: `aws cloudformation delete-stack --stack-name %s --region %s`",
}

// Stuck is why a stack takes no update, and what to do about it; nil where it takes one.
func (p *Place) Stuck(s *Stack) error {
	if hopeless[s.Status] == "" {
		return nil
	}
	return cloud.Hinted(
		fmt.Errorf("the stack %s in account %s, %s, is in the state %s, which takes no update", s.Name, p.Account, p.Region, s.Status),
		fmt.Sprintf(hopeless[s.Status], s.Name, p.Region),
	)
}

// heard reports the answer to a call that the SDK has made again because the answer to
// its first attempt was lost, and which that attempt has begun: its token is taken.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func heard(err error) bool { return cloud.IsCode(err, "TokenAlreadyExistsException") }

// create begins a creation. The token makes the SDK's repetition of a call whose answer
// was lost the same call.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func (p *Place) create(ctx context.Context, d Deployment, tell func(Event)) error {
	token := rand.Text()
	body, url := d.Body()
	answer, err := p.client.CreateStack(ctx, &cloudformation.CreateStackInput{
		StackName: &d.Name, TemplateBody: body, TemplateURL: url, Parameters: Parameters(d.Parameters),
		Capabilities: capabilities, ClientRequestToken: &token,
	})
	id := d.Name
	switch {
	case err == nil:
		id = aws.ToString(answer.StackId)
	case !heard(err):
		return p.explain(ctx, err, "cloudformation:CreateStack", d.Name)
	}
	return p.end(ctx, id, "", types.StackStatusCreateComplete, tell)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
func (p *Place) update(ctx context.Context, stack *Stack, d Deployment, tell func(Event)) (Outcome, error) {
	last, err := p.lastEvent(ctx, stack.ID)
	if err != nil {
		return "", err
	}
	token := rand.Text()
	body, url := d.Body()
	_, err = p.client.UpdateStack(ctx, &cloudformation.UpdateStackInput{
		StackName: &d.Name, TemplateBody: body, TemplateURL: url, Parameters: Parameters(d.Parameters),
		Capabilities: capabilities, ClientRequestToken: &token,
	})
	switch {
	case unchanged(err):
		return Unchanged, nil
	case err != nil && !heard(err):
		return "", p.explain(ctx, err, "cloudformation:UpdateStack", d.Name)
	}
	return Updated, p.end(ctx, stack.ID, last, types.StackStatusUpdateComplete, tell)
}

// unchanged reports the answer to an update that would change nothing, for which
// CloudFormation has no code of its own.
func unchanged(err error) bool {
	return cloud.IsCode(err, "ValidationError") && strings.Contains(err.Error(), "No updates are to be performed")
}

// capabilities let a template make roles with names.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
var capabilities = []types.Capability{types.CapabilityCapabilityNamedIam}

// Parameters are values as a call takes them, by name.
func Parameters(values map[string]string) []types.Parameter {
	list := make([]types.Parameter, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, types.Parameter{ParameterKey: aws.String(name), ParameterValue: aws.String(values[name])})
	}
	return list
}

// Delete deletes a stack, tells of each event, and returns when that is done. One that
// there is not is deleted.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
func (p *Place) Delete(ctx context.Context, name string, tell func(Event)) error {
	stack, err := p.settled(ctx, name, tell)
	if err != nil || stack == nil || stack.Status == string(types.StackStatusDeleteComplete) {
		return err
	}
	last, err := p.lastEvent(ctx, stack.ID)
	if err != nil {
		return err
	}
	token := rand.Text()
	_, err = p.client.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &stack.ID, ClientRequestToken: &token})
	if err != nil && !heard(err) {
		return p.explain(ctx, err, "cloudformation:DeleteStack", stack.Name)
	}
	return p.end(ctx, stack.ID, last, types.StackStatusDeleteComplete, tell)
}
