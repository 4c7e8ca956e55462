package stacks

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
)

// Event is a change of a resource's state, or of the stack itself.
type Event struct {
	ID         string
	Time       time.Time
	Stack      string
	LogicalID  string
	PhysicalID string
	Type       string
	Status     string
	Reason     string
}

// Failed reports an event that is the cause of a failure, and not one of those that
// were cancelled because of it.
func (e Event) Failed() bool {
	return strings.HasSuffix(e.Status, "_FAILED") && !cancelled(e.Reason)
}

// cancelled reports a reason that CloudFormation gives to what it stopped because
// something else had failed.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
func cancelled(reason string) bool {
	return strings.HasPrefix(reason, "Resource ") && strings.HasSuffix(reason, "cancelled")
}

// follow tells of the events of a stack that come after one, until nobody is at work on
// it any more.
func (p *Place) follow(ctx context.Context, id, after string, tell func(Event)) (*Stack, error) {
	for looks := 0; ; looks++ {
		stack, err := p.Stack(ctx, id)
		if err != nil {
			return nil, err
		}
		events, err := p.events(ctx, id, func(e Event) bool { return e.ID == after })
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			tell(e)
			after = e.ID
		}
		if stack == nil || !stack.InProgress() {
			return stack, nil
		}
		if err := p.session.Pause(ctx, looks); err != nil {
			return nil, err
		}
	}
}

// events are those of a stack, the oldest first, back to one that is not wanted any more.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
func (p *Place) events(ctx context.Context, id string, end func(Event) bool) ([]Event, error) {
	var list []Event
	pages := cloudformation.NewDescribeStackEventsPaginator(p.client, &cloudformation.DescribeStackEventsInput{StackName: &id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, p.explain(ctx, err, "cloudformation:DescribeStackEvents", id)
		}
		for i := range page.StackEvents {
			e := told(&page.StackEvents[i])
			if end(e) {
				slices.Reverse(list)
				return list, nil
			}
			list = append(list, e)
		}
	}
	slices.Reverse(list)
	return list, nil
}

func told(e *types.StackEvent) Event {
	return Event{
		ID: aws.ToString(e.EventId), Time: aws.ToTime(e.Timestamp), Stack: aws.ToString(e.StackName),
		LogicalID: aws.ToString(e.LogicalResourceId), PhysicalID: aws.ToString(e.PhysicalResourceId),
		Type: aws.ToString(e.ResourceType), Status: string(e.ResourceStatus), Reason: aws.ToString(e.ResourceStatusReason),
	}
}

// lastEvent is the id of the newest event of a stack.
func (p *Place) lastEvent(ctx context.Context, id string) (string, error) {
	answer, err := p.client.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: &id})
	if err != nil {
		return "", p.explain(ctx, err, "cloudformation:DescribeStackEvents", id)
	}
	if len(answer.StackEvents) == 0 {
		return "", nil
	}
	return aws.ToString(answer.StackEvents[0].EventId), nil
}

// end follows an operation to its end and fails unless that is the wanted one.
func (p *Place) end(ctx context.Context, id, after string, wanted types.StackStatus, tell func(Event)) error {
	stack, err := p.follow(ctx, id, after, tell)
	switch {
	case err != nil:
		return err
	case stack == nil, stack.Status == string(wanted):
		return nil
	}
	failure, err := p.FirstFailure(ctx, id)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("the stack %s in account %s, %s, ended as %s", stack.Name, p.Account, p.Region, stack.Status)
	if failure == nil {
		return fmt.Errorf("%s: %s", text, stack.Reason)
	}
	return cloud.Hinted(fmt.Errorf("%s: %s (%s): %s", text, failure.LogicalID, failure.Type, failure.Reason), Advice(*failure))
}

const stackType = "AWS::CloudFormation::Stack"

// FirstFailure is what failed first in the last operation on a stack and made all else
// fail: of a nested stack, what failed in that. It is nil where nothing did.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (p *Place) FirstFailure(ctx context.Context, id string) (*Event, error) {
	begun := false
	events, err := p.events(ctx, id, func(e Event) bool {
		over := begun
		begun = begun || begins(e)
		return over
	})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(events, Event.Failed)
	if i < 0 {
		return nil, nil
	}
	failed := events[i]
	if failed.Type == stackType && failed.LogicalID != failed.Stack && strings.HasPrefix(failed.PhysicalID, "arn:") {
		nested, err := p.FirstFailure(ctx, failed.PhysicalID)
		if err != nil || nested != nil {
			return nested, err
		}
	}
	return &failed, nil
}

// begins reports the first event of an operation: a stack is its own resource.
func begins(e Event) bool {
	if e.Type != stackType || e.LogicalID != e.Stack {
		return false
	}
	switch types.ResourceStatus(e.Status) {
	case types.ResourceStatusCreateInProgress, types.ResourceStatusUpdateInProgress, types.ResourceStatusDeleteInProgress:
		return true
	}
	return false
}
