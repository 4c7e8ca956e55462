package status

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
	"github.com/foldstack/foldstack/generator/stack"
)

// Stack is a stack as it is deployed.
type Stack struct {
	Name, Environment, Account, Region string

	Status  string         // as CloudFormation writes it; empty where there is none
	Changed time.Time      // when it was last created, updated or rolled back
	Cause   *stacks.Event  // what failed first in the last operation, where that failed
	Left    []stacks.Event // what the last update could not delete, and has taken out of the stack
	Err     error          // why it could not be read

	reason string // of the status
}

// There reports a stack that was deployed. One of which there is only a change set,
// which nobody has executed, was not.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (s *Stack) There() bool {
	return s.Status != "" && s.Status != string(types.StackStatusReviewInProgress)
}

// Failed reports a stack whose last operation failed or is being rolled back.
func (s *Stack) Failed() bool {
	return strings.HasSuffix(s.Status, "_FAILED") || strings.Contains(s.Status, "ROLLBACK")
}

// place is where a stack is, and its name.
type place struct{ account, region, stack string }

func (s *Stack) place() place { return place{s.Account, s.Region, s.Name} }

// stack reads what CloudFormation says of a stack.
func (r *Reading) stack(ctx context.Context, s *Stack) (*stacks.Place, *stacks.Stack) {
	session, err := r.accounts.Session(ctx, s.Account)
	if err != nil {
		s.Err = err
		return nil, nil
	}
	p := stacks.In(session, s.Region)
	found, err := p.Stack(ctx, s.Name)
	if err != nil || found == nil {
		s.Err = err
		return p, nil
	}
	s.Status, s.Changed, s.reason = found.Status, found.Changed, found.Reason
	switch {
	case s.Failed():
		s.Cause, s.Err = p.FirstFailure(ctx, found.ID)
	case s.Status == string(types.StackStatusUpdateComplete) && s.reason != "":
		s.Left, s.Err = p.Left(ctx, found.ID)
	}
	return p, found
}

// Base is a base stack.
type Base struct {
	Stack
	Compared bool // with this folder's; the pipeline's is not, which updates itself
	Stale    bool // it was made from another template than this folder has

	digest string // that it shall have, or empty
}

func baseOf(b generator.Base) Base {
	return Base{Stack: Stack{Name: b.Name, Environment: b.Environment, Account: b.Account, Region: b.Region}, digest: b.Digest}
}

func (r *Reading) base(ctx context.Context, b *Base) {
	if _, found := r.stack(ctx, &b.Stack); found != nil && b.There() {
		b.Compared = b.digest != ""
		b.Stale = b.Compared && found.Outputs[generator.BaseDigest] != b.digest
	}
}

// Target is an orchestration in a target.
type Target struct {
	Stack
	Run   *Run   // that deployed it last, where the pipeline's history tells
	Drift *Drift // nil where there is nothing to compare

	target        model.Target
	orchestration int
}

// Further reports an orchestration beside the first of its target.
func (t *Target) Further() bool { return t.orchestration > 1 }

func (s *Subject) targetOf(t model.Target, orchestration int) Target {
	return Target{
		Stack:  Stack{Name: stack.OrchestrationStack(s.Project, t, orchestration), Environment: t.Environment, Account: t.Account, Region: t.Region},
		target: t, orchestration: orchestration,
	}
}

// Drift is how what is nested differs from what this folder would nest. The lists are
// names, in their order; of what this folder does not know, logical ids.
type Drift struct {
	Same      int
	Different []string // they have another template
	Missing   []string
	Extra     []string
}

// None reports a target that has what this folder would deploy.
func (d *Drift) None() bool { return len(d.Different)+len(d.Missing)+len(d.Extra) == 0 }

func (r *Reading) target(ctx context.Context, t *Target) {
	p, found := r.stack(ctx, &t.Stack)
	if found == nil || !r.subject.Compared || !t.There() {
		return
	}
	resources, err := p.Resources(ctx, found.ID)
	if err != nil {
		t.Err = err
		return
	}
	template, err := p.Template(ctx, found.ID)
	if err != nil {
		t.Err = err
		return
	}
	t.Drift = r.subject.drift(t, nestedThere(resources, keysIn(template)))
}

// nestedThere are the keys of the templates of the stacks that are nested, by logical
// id. What is in the template under a condition may not be there, and what could not
// be created has no physical id.
func nestedThere(resources []stacks.Resource, keys map[string]string) map[string]string {
	there := map[string]string{}
	for _, r := range resources {
		if slices.Contains(stack.OrchestrationTypes, r.Type) && r.PhysicalID != "" && r.Status != string(types.ResourceStatusDeleteComplete) {
			there[r.LogicalID] = keys[r.LogicalID]
		}
	}
	return there
}

// keysIn are the keys of the templates that an orchestration's template names, by
// logical id.
func keysIn(template string) map[string]string {
	keys := map[string]string{}
	resources := source.Parse("the deployed template", []byte(template), &diag.Problems{}).Get("Resources")
	if resources == nil {
		return keys
	}
	for _, r := range resources.Pairs {
		if url := r.Value.Get("Properties").Get("TemplateURL"); url != nil {
			if i := strings.Index(url.Text, model.TemplatePrefix); i >= 0 {
				keys[r.Key.Text] = url.Text[i:]
			}
		}
	}
	return keys
}

// drift compares what is there, keys by logical id, with what shall be there.
func (s *Subject) drift(t *Target, there map[string]string) *Drift {
	d := &Drift{}
	for _, n := range s.nested {
		if n.Orchestration != t.orchestration || !slices.Contains(n.Targets, t.target) {
			continue
		}
		key, ok := there[n.ID]
		delete(there, n.ID)
		switch {
		case !ok:
			d.Missing = append(d.Missing, n.Name)
		case key != n.Key:
			d.Different = append(d.Different, n.Name)
		default:
			d.Same++
		}
	}
	d.Extra = slices.Sorted(maps.Keys(there))
	return d
}
