package build

import (
	"context"
	"fmt"
	"slices"

	"github.com/foldstack/foldstack/generator/model"
)

// Options say what to plan.
type Options struct {
	Root      string // the project's folder
	Functions []model.Function
	Only      []string // names; all functions when empty
	Force     bool     // builds what is stored, too
	// Stored tells which of the keys are stored somewhere else, such as in the asset
	// bucket of every region. Nil: nowhere.
	Stored func(ctx context.Context, keys []string) (map[string]bool, error)
}

// Plan is what to do with each function, by name.
type Plan []Item

// Item is one function of a plan.
type Item struct {
	Function *model.Function
	Key      string
	State    State
	As       string // with Shared: the function whose build serves this one, too
}

// State tells whether a function is built, and why.
type State string

// The states.
const (
	Missing   State = "missing"   // stored nowhere: it is built
	Forced    State = "forced"    // built because all was asked for
	Local     State = "local"     // in the local store
	Published State = "published" // stored elsewhere
	Shared    State = "shared"    // another function of this plan has the same digest
)

// Builds reports whether the item is built.
func (i Item) Builds() bool { return i.State == Missing || i.State == Forced }

// Key is the name under which a function's code is stored: that of an object in the
// asset bucket or, of an image, its folder in the local store.
func Key(fn *model.Function) string {
	if fn.Package == model.Image {
		return imageFolder + "/" + fn.Digest
	}
	return model.ArchiveKey(fn.Digest)
}

// NewPlan finds out what has to be built. It lists the local store once and asks
// options.Stored once, however many functions there are.
func NewPlan(ctx context.Context, options Options) (Plan, error) {
	local, err := present(options.Root)
	if err != nil {
		return nil, err
	}
	plan, first := Plan{}, map[string]string{}
	for i := range options.Functions {
		fn := &options.Functions[i]
		if len(options.Only) > 0 && !slices.Contains(options.Only, fn.Name) {
			continue
		}
		item := Item{Function: fn, Key: Key(fn), State: Missing}
		if as, again := first[item.Key]; again {
			item.State, item.As = Shared, as
		} else if options.Force {
			item.State = Forced
		} else if local[item.Key] {
			item.State = Local
		}
		if item.State != Shared {
			first[item.Key] = fn.Name
		}
		plan = append(plan, item)
	}
	return plan, plan.markPublished(ctx, options.Stored)
}

func (p Plan) markPublished(ctx context.Context, stored func(context.Context, []string) (map[string]bool, error)) error {
	missing := p.keys(Missing)
	if stored == nil || len(missing) == 0 {
		return nil
	}
	found, err := stored(ctx, missing)
	if err != nil {
		return fmt.Errorf("looking for what is published: %w", err)
	}
	for i := range p {
		if p[i].State == Missing && found[p[i].Key] {
			p[i].State = Published
		}
	}
	return nil
}

func (p Plan) keys(state State) []string {
	var keys []string
	for _, item := range p {
		if item.State == state {
			keys = append(keys, item.Key)
		}
	}
	return keys
}

// Builds is how many functions are built.
func (p Plan) Builds() int {
	n := 0
	for _, item := range p {
		if item.Builds() {
			n++
		}
	}
	return n
}
