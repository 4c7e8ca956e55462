package gc

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator"
)

// Rules say what is kept of what is not used.
type Rules struct {
	Newest int           // of each function
	Age    time.Duration // below it everything is kept
	Now    time.Time
}

// Plan is what to remove.
type Plan struct {
	Regions []string
	Unused  []*Asset // in the order of their kinds and names
	Kept    Kept

	store *store.Store
	gone  atomic.Int64
}

// Asset is one that nothing needs.
type Asset struct {
	*store.Stored
	Name string // of the function or stack that it was published for, where a template tells it
}

// Kept counts assets by why they stay: the first reason that holds.
type Kept struct{ Used, Young, Newest int }

// look is what Look knows.
type look struct {
	accounts  *cloud.Accounts
	tree      *generator.Result
	where     live.Where
	rules     Rules
	published *store.Store
}

// Look finds what nothing needs. It reads every stack of the project, wherever one may
// lie, and each published template that the working tree does not hold. Whoever is
// overtaken by somebody else's removal looks once more.
func Look(ctx context.Context, accounts *cloud.Accounts, tree *generator.Result, where live.Where, rules Rules) (*Plan, error) {
	session, err := accounts.Session(ctx, tree.Project.Tooling.Account)
	if err != nil {
		return nil, err
	}
	l := &look{accounts, tree, where, rules, store.Of(session, tree.Project, store.Options{})}
	plan, err := l.plan(ctx)
	if cloud.IsCode(err, "NoSuchKey") {
		return l.plan(ctx)
	}
	return plan, err
}

func (l *look) plan(ctx context.Context) (*Plan, error) {
	stored, err := l.published.Inventory(ctx)
	if err != nil {
		return nil, err
	}
	// What was taken into use while the list was read is seen, because this comes later.
	used, err := l.inUse(ctx)
	if err != nil {
		return nil, err
	}
	for i := range l.tree.Project.Functions {
		used = append(used, l.tree.Project.Functions[i].Digest)
	}
	texts := map[string]string{}
	for _, a := range l.tree.Assets {
		texts[a.Key] = string(a.Data)
		used = append(used, a.Key)
	}
	if err := l.read(ctx, stored, texts); err != nil {
		return nil, err
	}
	plan, err := choose(stored, texts, used, l.rules)
	if err != nil {
		return nil, err
	}
	plan.Regions, plan.store = l.tree.Project.Regions(), l.published
	return plan, nil
}

// inUse are texts that name what the stacks of all spots need. Where a stack went back to
// what it was, what it nests is asked as well: that is what it went back to.
func (l *look) inUse(ctx context.Context) ([]string, error) {
	found, err := live.Find(ctx, l.accounts, l.tree.Project, l.where)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, s := range found.Stacks {
		if !s.Settled() {
			return nil, unsettled(s)
		}
		texts = append(texts, s.Templates()...)
		if !s.RolledBack() {
			continue
		}
		for _, nested := range s.Nested {
			text, err := s.Place.Template(ctx, nested.ID)
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
	}
	return texts, nil
}

func unsettled(s *live.Stack) error {
	return cloud.Hinted(
		fmt.Errorf("the stack %s in account %s, %s, is in the state %s: what it may still need is not known", s.Name, s.Place.Account, s.Place.Region, s.Status),
		"wait until it is done, or bring it to an end: `foldstack status` follows it to what failed",
	)
}

// readsAtOnce is how many templates are read at once.
const readsAtOnce = 32

// read reads the published templates that are not among the texts yet.
func (l *look) read(ctx context.Context, stored []*store.Stored, texts map[string]string) error {
	unread := slices.DeleteFunc(slices.Clone(stored), func(a *store.Stored) bool {
		_, known := texts[a.Key]
		return known || a.Hidden() || a.Kind != store.Template
	})
	found := make([]string, len(unread))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(readsAtOnce)
	for i, a := range unread {
		group.Go(func() (err error) {
			found[i], err = l.published.Text(groupCtx, a)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return cloud.Interrupted(ctx, err)
	}
	for i, a := range unread {
		texts[a.Key] = found[i]
	}
	return nil
}

// Remove removes what the plan names. What is gone stays so when it fails; the next
// plan leaves it out.
func (p *Plan) Remove(ctx context.Context) error {
	list := make([]*store.Stored, len(p.Unused))
	for i, a := range p.Unused {
		list[i] = a.Stored
	}
	return p.store.Remove(ctx, list, &p.gone)
}

// Gone is how many objects and tags are gone so far, in all regions. It may be asked for
// while Remove runs.
func (p *Plan) Gone() int64 { return p.gone.Load() }
