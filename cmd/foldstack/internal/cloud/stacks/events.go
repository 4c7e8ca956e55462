package stacks

import (
	"cmp"
	"context"
	"errors"
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
// something else had failed: Resource creation cancelled.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
func cancelled(reason string) bool {
	return strings.HasPrefix(reason, "Resource ") && (strings.HasSuffix(reason, "cancelled") || strings.HasSuffix(reason, "canceled"))
}

// follow tells of the events of a stack that come after one, until nobody is at work on
// it any more, and returns them.
func (p *Place) follow(ctx context.Context, id, after string, tell func(Event)) (*Stack, []Event, error) {
	var all []Event
	for looks := 0; ; looks++ {
		stack, err := p.Stack(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		events, err := p.events(ctx, id, func(e Event) bool { return e.ID == after })
		if err != nil {
			return nil, nil, err
		}
		for _, e := range events {
			tell(e)
			after = e.ID
		}
		all = append(all, events...)
		if stack == nil || !stack.InProgress() {
			return stack, all, nil
		}
		if err := p.session.Pause(ctx, looks); err != nil {
			return nil, nil, err
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

// told is an event with its reason, which may have several lines, in one.
func told(e *types.StackEvent) Event {
	return Event{
		ID: aws.ToString(e.EventId), Time: aws.ToTime(e.Timestamp), Stack: aws.ToString(e.StackName),
		LogicalID: aws.ToString(e.LogicalResourceId), PhysicalID: aws.ToString(e.PhysicalResourceId),
		Type: aws.ToString(e.ResourceType), Status: string(e.ResourceStatus), Reason: strings.Join(strings.Fields(aws.ToString(e.ResourceStatusReason)), " "),
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
	stack, events, err := p.follow(ctx, id, after, tell)
	switch {
	case err != nil:
		return err
	case stack == nil && wanted == types.StackStatusDeleteComplete:
		return nil
	case stack == nil:
		return fmt.Errorf("the stack %s in account %s, %s, is there no more", nameIn(id), p.Account, p.Region)
	case stack.Status == string(wanted):
		return nil
	}
	text := fmt.Sprintf("the stack %s in account %s, %s, ended as %s", stack.Name, p.Account, p.Region, stack.Status)
	failure, err := p.first(ctx, events)
	switch {
	case err != nil:
		return err
	case failure == nil:
		return cloud.Hinted(errors.New(strings.TrimSuffix(text+": "+stack.Reason, ": ")), Advice(Event{Reason: stack.Reason}))
	}
	return cloud.Hinted(fmt.Errorf("%s: %s (%s): %s", text, failure.LogicalID, failure.Type, failure.Reason), Advice(*failure))
}

const stackType = "AWS::CloudFormation::Stack"

// FirstFailure is what failed first in the last operation on a stack and made all else
// fail: of a nested stack, what failed in that. It is nil where nothing did.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (p *Place) FirstFailure(ctx context.Context, id string) (*Event, error) {
	events, err := p.last(ctx, id)
	if err != nil {
		return nil, err
	}
	return p.first(ctx, events)
}

// last are the events of the last operation on a stack.
func (p *Place) last(ctx context.Context, id string) ([]Event, error) {
	begun := false
	return p.events(ctx, id, func(e Event) bool {
		over := begun
		begun = begun || e.begins()
		return over
	})
}

// Left is what the last update of a stack took out of it and could not delete, without the
// nested stacks that are gone by now. Of a nested stack the reason is that of what failed
// in it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-monitor-stack.html
func (p *Place) Left(ctx context.Context, id string) ([]Event, error) {
	events, err := p.last(ctx, id)
	if err != nil {
		return nil, err
	}
	var left []Event
	for _, e := range undeleted(events) {
		if e.Nests() {
			there, err := p.Stack(ctx, e.PhysicalID)
			if err != nil {
				return nil, err
			}
			if there == nil || there.Status == string(types.StackStatusDeleteComplete) {
				continue
			}
			if err := p.trace(ctx, &e, events[0].Time); err != nil {
				return nil, err
			}
		}
		left = append(left, e)
	}
	return left, nil
}

// undeleted are the last of those attempts to delete something that failed.
// CloudFormation makes three.
//
// https://repost.aws/knowledge-center/cloudformation-stack-cleanup-stuck
func undeleted(events []Event) []Event {
	var list []Event
	for i, e := range events {
		again := func(later Event) bool { return later.PhysicalID == e.PhysicalID }
		if !e.own() && e.Status == string(types.ResourceStatusDeleteFailed) && !slices.ContainsFunc(events[i+1:], again) {
			list = append(list, e)
		}
	}
	return list
}

// trace gives an event of a nested stack the reason of what failed first in that.
func (p *Place) trace(ctx context.Context, e *Event, begin time.Time) error {
	inside, err := p.since(ctx, e.PhysicalID, begin)
	if inside != nil {
		e.Reason = fmt.Sprintf("%s (%s): %s", inside.LogicalID, inside.Type, inside.Reason)
	}
	return err
}

// first is what failed first among the events of an operation, with those of the nested
// stacks since it began: what the parent undoes it deletes, which is an operation of the
// nested stack's own. Where all that failed in a nested stack was cancelled, that did
// not fail by itself.
func (p *Place) first(ctx context.Context, events []Event) (*Event, error) {
	var whole *Event
	for i := range events {
		e := &events[i]
		switch {
		case e.own():
			if whole == nil && e.reasoned() {
				whole = e
			}
		case !e.Failed():
		case !e.Nests():
			return e, nil
		default:
			inside, err := p.since(ctx, e.PhysicalID, events[0].Time)
			if err != nil || inside != nil {
				return inside, err
			}
			if !strings.HasPrefix(e.Reason, "Embedded stack ") {
				return e, nil
			}
		}
	}
	return whole, nil
}

// since is what failed first in a nested stack from a time on.
func (p *Place) since(ctx context.Context, id string, begin time.Time) (*Event, error) {
	events, err := p.events(ctx, id, func(e Event) bool { return e.Time.Before(begin) })
	if err != nil {
		return nil, err
	}
	return p.first(ctx, events)
}

// own reports an event of the stack itself: it is its own resource.
func (e Event) own() bool { return e.Type == stackType && e.LogicalID == e.Stack }

// Nests reports an event of a nested stack, as far as that came to be.
func (e Event) Nests() bool {
	return e.Type == stackType && !e.own() && strings.HasPrefix(e.PhysicalID, "arn:")
}

// Name is how people find what the event is about.
func (e Event) Name() string {
	if e.Nests() {
		return nameIn(e.PhysicalID)
	}
	return cmp.Or(e.PhysicalID, e.LogicalID)
}

// begins reports the first event of an operation.
func (e Event) begins() bool {
	if !e.own() {
		return false
	}
	switch types.ResourceStatus(e.Status) {
	case types.ResourceStatusCreateInProgress, types.ResourceStatusUpdateInProgress, types.ResourceStatusDeleteInProgress:
		return true
	}
	return false
}

// reasoned reports an event of a stack that says why it failed as a whole, where no
// resource did: an export that is missing or in use has no event but this.
//
// https://github.com/aws/aws-cdk/issues/604
func (e Event) reasoned() bool {
	return e.Reason != "" && !e.begins() && !strings.HasPrefix(e.Reason, "The following resource(s) failed to ")
}
