package teardown

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// shape is what of a template counts for what it leaves behind.
type shape struct {
	nested map[string]string // the digests of the templates of nested stacks, by logical id
	kept   map[string]bool   // the logical ids of what outlives the stack
}

// library knows the shapes of templates, each of which is read once: targets share them.
type library struct {
	lock   sync.Mutex
	shapes map[string]*shape // by digest
}

// rootsAtOnce is how many orchestrations are looked at side by side.
const rootsAtOnce = 8

// kept lists what the templates of users retain in the stacks that go.
func kept(ctx context.Context, chosen []*live.Stack, tree []generator.Asset) ([]Resource, error) {
	l := &library{shapes: map[string]*shape{}}
	for _, a := range tree {
		l.shapes[store.Digests(a.Key)[0]] = shapeOf(string(a.Data))
	}
	lists := make([][]Resource, len(chosen))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(rootsAtOnce)
	for i, s := range chosen {
		if s.Kind != live.Orchestration || s.Deployed == "" {
			continue
		}
		group.Go(func() (err error) {
			lists[i], err = l.keptBy(ctx, s.Place, s.Name, s.ID, shapeOf(s.Deployed))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b Resource) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// keptBy lists what a stack retains and what those retain that it nests.
func (l *library) keptBy(ctx context.Context, place *stacks.Place, root, id string, s *shape) ([]Resource, error) {
	if len(s.nested) == 0 && len(s.kept) == 0 {
		return nil, nil
	}
	resources, err := place.Resources(ctx, id)
	if err != nil {
		return nil, err
	}
	var all []Resource
	for _, r := range resources {
		digest, nested := s.nested[r.LogicalID]
		switch {
		case r.PhysicalID == "":
		case nested:
			child, err := l.shape(ctx, place, digest, r.PhysicalID)
			if err != nil {
				return nil, err
			}
			below, err := l.keptBy(ctx, place, root, r.PhysicalID, child)
			if err != nil {
				return nil, err
			}
			all = append(all, below...)
		case s.kept[r.LogicalID]:
			all = append(all, Resource{root, r.Type, r.PhysicalID, place.Account, place.Region})
		}
	}
	return all, nil
}

// shape is that of a nested stack's template.
func (l *library) shape(ctx context.Context, place *stacks.Place, digest, id string) (*shape, error) {
	l.lock.Lock()
	known := l.shapes[digest]
	l.lock.Unlock()
	if known != nil && digest != "" {
		return known, nil
	}
	text, err := place.Template(ctx, id)
	if err != nil {
		return nil, err
	}
	s := shapeOf(text)
	l.lock.Lock()
	defer l.lock.Unlock()
	l.shapes[digest] = s
	return s, nil
}

// policies are those by which something is left of a resource when its stack goes.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
var policies = map[string]bool{"Retain": true, "RetainExceptOnCreate": true, "Snapshot": true}

// version is a type that outlives its stack by its policy, and goes with its function.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
const version = "AWS::Lambda::Version"

func shapeOf(text string) *shape {
	s := &shape{nested: map[string]string{}, kept: map[string]bool{}}
	resources := source.Parse("template", []byte(text), &diag.Problems{}).Get("Resources")
	if resources == nil {
		return s
	}
	for _, pair := range resources.Pairs {
		id, resource := pair.Key.Text, pair.Value
		switch kind := textOf(resource, "Type"); {
		case kind == "AWS::CloudFormation::Stack":
			url := textOf(resource.Get("Properties"), "TemplateURL")
			s.nested[id] = cmp.Or(append(store.Digests(url), "")...)
		case kind != version && policies[textOf(resource, "DeletionPolicy")]:
			s.kept[id] = true
		}
	}
	return s
}

func textOf(n *source.Node, key string) string {
	if value := n.Get(key); value != nil {
		return value.Text
	}
	return ""
}
