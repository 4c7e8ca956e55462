package bootstrap

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// Sets make the target stacks by stack sets, one for each environment, in every account
// of organizational units: in those that are there and in those that join them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
type Sets struct {
	Account string              // the organization's management account or a delegated administrator
	Units   map[string][]string // ids, by environment; those of "" are for every other one
}

// Of are the units of an environment; nil where no set makes its stacks.
func (s Sets) Of(environment string) []string {
	if environment == "" {
		return nil
	}
	if units, ok := s.Units[environment]; ok {
		return units
	}
	return s.Units[""]
}

// set is the stack set of an environment. CloudFormation's own roles deploy it.
type set struct {
	session  *cloud.Session
	client   *cloudformation.Client
	home     string // the region that the set lies in
	step     *Step
	accounts []string // that need the stack
	as       types.CallAs
}

func newSet(session *cloud.Session, step *Step, project *model.Project) *set {
	s := &set{session: session, home: project.Tooling.Region, step: step}
	s.client = cloudformation.NewFromConfig(session.Config(s.home))
	for _, account := range project.Environment(step.Environment).Accounts {
		s.accounts = append(s.accounts, account.Value)
	}
	return s
}

// Stack is the set in the words of a stack. It has the digest of the template when it
// has the template and every instance is there.
func (s *set) Stack(ctx context.Context, name string) (*stacks.Stack, error) {
	if err := s.identify(ctx); err != nil {
		return nil, err
	}
	found, err := s.describe(ctx, name)
	if err != nil || found == nil {
		return nil, err
	}
	stack := &stacks.Stack{Name: name, ID: aws.ToString(found.StackSetId), Status: string(found.Status), Parameters: parametersOf(found), Outputs: map[string]string{}}
	missing, err := s.missing(ctx, name)
	if err != nil {
		return nil, err
	}
	// The template has its digest in it. As a whole it may come back with other signs:
	// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1220
	if strings.Contains(aws.ToString(found.TemplateBody), s.step.Digest) && len(s.newUnits(found)) == 0 && len(missing) == 0 {
		stack.Outputs[generator.BaseDigest] = s.step.Digest
	}
	return stack, nil
}

// Stuck is never: a set that is there can be updated.
func (s *set) Stuck(*stacks.Stack) error { return nil }

// identify finds out whether the account is the organization's or an administrator
// that it has delegated to.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeOrganizationsAccess.html
func (s *set) identify(ctx context.Context) error {
	if s.as != "" {
		return nil
	}
	closed := false
	var refused error
	for _, as := range []types.CallAs{types.CallAsSelf, types.CallAsDelegatedAdmin} {
		answer, err := s.client.DescribeOrganizationsAccess(ctx, &cloudformation.DescribeOrganizationsAccessInput{CallAs: as})
		switch {
		case err == nil && answer.Status == types.OrganizationStatusEnabled:
			s.as = as
			return nil
		case err == nil: // whether a member is told this or refused is not documented
			closed = true
		case noAdministrator(err):
			refused = err
		default:
			return s.explain(ctx, err, "cloudformation:DescribeOrganizationsAccess")
		}
	}
	if closed {
		return cloud.Hinted(fmt.Errorf("the organization does not let stack sets into its accounts, or account %s does not administer them", s.session.Account),
			"in the management account: `aws cloudformation activate-organizations-access`; or "+delegating(s.session.Account))
	}
	return cloud.Hinted(s.explain(ctx, refused, "cloudformation:DescribeOrganizationsAccess"), delegating(s.session.Account))
}

// delegating is how an account comes to administer stack sets. Without the permission to
// look for that it is told that it does not.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html
// https://github.com/hashicorp/terraform-provider-aws/pull/37069
func delegating(account string) string {
	return "name by --stackset-account the organization's management account, or one that it has delegated to: `aws organizations register-delegated-administrator --service-principal member.org.stacksets.cloudformation.amazonaws.com --account-id " + account +
		"`, with credentials that may do organizations:ListDelegatedAdministrators"
}

// noAdministrator reports the answer to an account that does not administer the stack
// sets of an organization in the way that the call says.
//
// https://github.com/hashicorp/terraform-provider-aws/pull/37069
func noAdministrator(err error) bool {
	return cloud.IsCode(err, "InvalidOperationException") || cloud.IsCode(err, "OperationNotFoundException") || cloud.IsCode(err, "ValidationError")
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackSet.html
func (s *set) describe(ctx context.Context, name string) (*types.StackSet, error) {
	answer, err := s.client.DescribeStackSet(ctx, &cloudformation.DescribeStackSetInput{StackSetName: &name, CallAs: s.as})
	switch {
	case cloud.IsCode(err, "StackSetNotFoundException"):
		return nil, nil
	case err != nil:
		return nil, s.explain(ctx, err, "cloudformation:DescribeStackSet")
	}
	return answer.StackSet, nil
}

// missing are the accounts in which the stack is not there or not up to date, each with
// what CloudFormation says about it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackInstances.html
func (s *set) missing(ctx context.Context, name string) (map[string]string, error) {
	missing := map[string]string{}
	for _, account := range s.accounts {
		missing[account] = "it is not in " + strings.Join(s.step.Units, ", ") + ", or is the management account, in which no stack set deploys"
	}
	pages := cloudformation.NewListStackInstancesPaginator(s.client, &cloudformation.ListStackInstancesInput{StackSetName: &name, CallAs: s.as})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, s.explain(ctx, err, "cloudformation:ListStackInstances")
		}
		for i := range page.Summaries {
			instance := &page.Summaries[i]
			account := aws.ToString(instance.Account)
			if _, wanted := missing[account]; !wanted || aws.ToString(instance.Region) != s.step.Region {
				continue
			}
			missing[account] = string(instance.Status) + ": " + aws.ToString(instance.StatusReason)
			if instance.Status == types.StackInstanceStatusCurrent {
				delete(missing, account)
			}
		}
	}
	return missing, nil
}

// newUnits are the units that the set does not deploy to.
func (s *set) newUnits(found *types.StackSet) []string {
	return slices.DeleteFunc(slices.Clone(s.step.Units), func(unit string) bool { return slices.Contains(found.OrganizationalUnitIds, unit) })
}

// Deploy makes the set or updates it, and lets it deploy to the units. Whoever is overtaken
// by somebody else's call waits for the end of that as well.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStackSet.html
func (s *set) Deploy(ctx context.Context, d stacks.Deployment, tell func(stacks.Event)) (stacks.Outcome, error) {
	outcome, err := s.deploy(ctx, d, tell)
	if cloud.IsCode(err, "NameAlreadyExistsException") || cloud.IsCode(err, "OperationInProgressException") {
		return s.deploy(ctx, d, tell)
	}
	return outcome, err
}

func (s *set) deploy(ctx context.Context, d stacks.Deployment, tell func(stacks.Event)) (stacks.Outcome, error) {
	if err := s.settle(ctx, d.Name, tell); err != nil {
		return "", err
	}
	found, err := s.describe(ctx, d.Name)
	if err != nil {
		return "", err
	}
	outcome := stacks.Updated
	if found == nil {
		outcome = stacks.Created
		if err := s.create(ctx, d); err != nil {
			return "", err
		}
		found = &types.StackSet{}
	} else if err := s.update(ctx, d, tell); err != nil {
		return "", err
	}
	if units := s.newUnits(found); len(units) > 0 {
		if err := s.instantiate(ctx, d.Name, units, tell); err != nil {
			return "", err
		}
	}
	return outcome, s.require(ctx, d.Name)
}

// require fails where an account of the environment has not got its stack.
func (s *set) require(ctx context.Context, name string) error {
	missing, err := s.missing(ctx, name)
	if err != nil || len(missing) == 0 {
		return err
	}
	var f []error
	for _, account := range slices.Sorted(maps.Keys(missing)) {
		f = append(f, cloud.Hinted(fmt.Errorf("the stack set %s has not made its stack in account %s: %s", name, account, missing[account]),
			"mend that, or move the account; an account that no stack set reaches is bootstrapped by `foldstack bootstrap --only "+account+"`"))
	}
	return errors.Join(f...)
}

// create makes the set, which is in no account yet. A stack stays where an account
// leaves: the functions that stand on it are still there.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html
func (s *set) create(ctx context.Context, d stacks.Deployment) error {
	body, url := d.Body()
	_, err := s.client.CreateStackSet(ctx, &cloudformation.CreateStackSetInput{
		StackSetName: &d.Name, TemplateBody: body, TemplateURL: url, Parameters: stacks.Parameters(d.Parameters), CallAs: s.as,
		Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam}, PermissionModel: types.PermissionModelsServiceManaged,
		AutoDeployment:     &types.AutoDeployment{Enabled: aws.Bool(true), RetainStacksOnAccountRemoval: aws.Bool(true)},
		ClientRequestToken: aws.String(rand.Text()),
	})
	return s.explain(ctx, err, "cloudformation:CreateStackSet")
}

// update takes the template into every account that has an instance, those whose last
// operation failed among them.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStackSet.html
func (s *set) update(ctx context.Context, d stacks.Deployment, tell func(stacks.Event)) error {
	body, url := d.Body()
	id := rand.Text()
	_, err := s.client.UpdateStackSet(ctx, &cloudformation.UpdateStackSetInput{
		StackSetName: &d.Name, TemplateBody: body, TemplateURL: url, Parameters: stacks.Parameters(d.Parameters), CallAs: s.as,
		Capabilities:         []types.Capability{types.CapabilityCapabilityNamedIam},
		OperationPreferences: everywhere, OperationId: &id,
	})
	if err != nil && !heard(err) {
		return s.explain(ctx, err, "cloudformation:UpdateStackSet")
	}
	return s.follow(ctx, d.Name, id, tell)
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html
func (s *set) instantiate(ctx context.Context, name string, units []string, tell func(stacks.Event)) error {
	id := rand.Text()
	_, err := s.client.CreateStackInstances(ctx, &cloudformation.CreateStackInstancesInput{
		StackSetName: &name, Regions: []string{s.step.Region}, CallAs: s.as,
		DeploymentTargets:    &types.DeploymentTargets{OrganizationalUnitIds: units},
		OperationPreferences: everywhere, OperationId: &id,
	})
	if err != nil && !heard(err) {
		return s.explain(ctx, err, "cloudformation:CreateStackInstances")
	}
	return s.follow(ctx, name, id, tell)
}

// heard reports the answer to a call that the SDK has made again because the answer to its
// first attempt was lost: the operation is there.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html
func heard(err error) bool { return cloud.IsCode(err, "OperationIdAlreadyExistsException") }

// everywhere lets an operation go on where one account fails. What failed is found
// afterwards.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stackset-ops-options.html
var everywhere = &types.StackSetOperationPreferences{
	MaxConcurrentPercentage: aws.Int32(100), FailureTolerancePercentage: aws.Int32(100),
}

// settle waits for what somebody else does with the set.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackSetOperations.html
func (s *set) settle(ctx context.Context, name string, tell func(stacks.Event)) error {
	answer, err := s.client.ListStackSetOperations(ctx, &cloudformation.ListStackSetOperationsInput{StackSetName: &name, CallAs: s.as})
	switch {
	case cloud.IsCode(err, "StackSetNotFoundException"):
		return nil
	case err != nil:
		return s.explain(ctx, err, "cloudformation:ListStackSetOperations")
	}
	for _, o := range answer.Summaries {
		if goesOn(o.Status) {
			if err := s.follow(ctx, name, aws.ToString(o.OperationId), tell); err != nil {
				return err
			}
		}
	}
	return nil
}

func goesOn(status types.StackSetOperationStatus) bool {
	return slices.Contains([]types.StackSetOperationStatus{
		types.StackSetOperationStatusRunning, types.StackSetOperationStatusStopping, types.StackSetOperationStatusQueued,
	}, status)
}

// follow tells of an operation until it has come to an end, good or bad.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackSetOperation.html
func (s *set) follow(ctx context.Context, name, id string, tell func(stacks.Event)) error {
	var last types.StackSetOperationStatus
	for looks := 0; ; looks++ {
		answer, err := s.client.DescribeStackSetOperation(ctx, &cloudformation.DescribeStackSetOperationInput{StackSetName: &name, OperationId: &id, CallAs: s.as})
		if err != nil {
			return s.explain(ctx, err, "cloudformation:DescribeStackSetOperation")
		}
		o := answer.StackSetOperation
		if o.Status != last {
			tell(stacks.Event{
				ID: id, Time: aws.ToTime(o.CreationTimestamp), Stack: name, LogicalID: name, PhysicalID: aws.ToString(o.StackSetId),
				Type: "AWS::CloudFormation::StackSet", Status: string(o.Action) + "_" + string(o.Status), Reason: aws.ToString(o.StatusReason),
			})
		}
		if last = o.Status; !goesOn(last) {
			return nil
		}
		if err := s.session.Pause(ctx, looks); err != nil {
			return err
		}
	}
}

func (s *set) explain(ctx context.Context, err error, action string) error {
	what := "the stack set " + s.step.Name + " of account " + s.session.Account
	return cloud.Interrupted(ctx, s.session.Explain(err, cloud.Call{Action: action, Region: s.home, Resource: what}))
}

func parametersOf(found *types.StackSet) map[string]string {
	values := map[string]string{}
	for _, p := range found.Parameters {
		values[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	return values
}
