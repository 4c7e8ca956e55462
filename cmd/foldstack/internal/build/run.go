package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build/archive"
	"github.com/foldstack/foldstack/generator/asset"
	"github.com/foldstack/foldstack/generator/model"
)

// Runner builds what a plan says.
type Runner struct {
	Root string // the project's folder
	Jobs int    // how many functions at a time
	// Started and Done are called when a build begins and ends, never two at once.
	// Either may be nil.
	Started func(*model.Function)
	Done    func(Outcome)
}

// Outcome is what became of one item.
type Outcome struct {
	Item
	Files    int      // in the archive or image
	Unzipped int64    // bytes
	Packed   int64    // bytes of the archive
	Failure  *Failure // nil: built
}

// shared is what the builds of one run have in common.
type shared struct {
	root  string
	mutex sync.Mutex
	alone map[string]*sync.Mutex // by what runs once at a time
}

// exclusive keeps others from running a program that does not share its caches.
func (s *shared) exclusive(name string) (unlock func()) {
	s.mutex.Lock()
	m := s.alone[name]
	if m == nil {
		m = &sync.Mutex{}
		s.alone[name] = m
	}
	s.mutex.Unlock()
	m.Lock()
	return m.Unlock
}

// Run builds every item of the plan that is to be built, and returns their outcomes in
// the plan's order. A function that could not be built does not end the others; an error
// does: it tells that the machine failed or that the context is done.
func (r Runner) Run(ctx context.Context, plan Plan) ([]Outcome, error) {
	var outcomes []Outcome
	for _, item := range plan {
		if item.Builds() {
			outcomes = append(outcomes, Outcome{Item: item})
		}
	}
	if len(outcomes) == 0 {
		return nil, nil
	}
	root, err := filepath.Abs(r.Root)
	if err != nil {
		return nil, fmt.Errorf("finding the project's folder: %w", err)
	}
	store, err := openStore(root)
	if err != nil {
		return nil, err
	}
	defer store.close()
	return outcomes, r.each(ctx, store, &shared{root: root, alone: map[string]*sync.Mutex{}}, outcomes)
}

func (r Runner) each(ctx context.Context, store *store, shared *shared, outcomes []Outcome) error {
	var mutex sync.Mutex
	tell := func(call func()) {
		mutex.Lock()
		defer mutex.Unlock()
		call()
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(r.Jobs, 1))
	for i := range outcomes {
		group.Go(func() error {
			o := &outcomes[i]
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("building %s: %w", o.Function.Name, context.Cause(ctx))
			}
			if r.Started != nil {
				tell(func() { r.Started(o.Function) })
			}
			err := o.build(ctx, store, shared)
			if err != nil && !errors.As(err, &o.Failure) {
				return err
			}
			if r.Done != nil {
				tell(func() { r.Done(*o) })
			}
			return nil
		})
	}
	return group.Wait()
}

// build builds one function and stores what it made.
func (o *Outcome) build(ctx context.Context, store *store, shared *shared) error {
	outDir, err := "", error(nil)
	if o.Function.Package == model.Image {
		if outDir, err = store.imageDir(); err != nil {
			return err
		}
	}
	s, err := newSite(shared, o.Function, outDir)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.build(ctx); err != nil {
		return err
	}
	return s.refused(o.keep(store, s))
}

func (o *Outcome) keep(store *store, s *site) error {
	var size archive.Size
	var err error
	if o.Function.Package == model.Image {
		size, err = store.image(o.Function.Digest, s.out.Name())
	} else {
		size, o.Packed, err = store.archive(o.Function.Digest, s.out)
	}
	o.Files, o.Unzipped = size.Files, size.Unzipped
	return err
}

// build runs the steps.
func (s *site) build(ctx context.Context) error {
	steps := s.fn.Steps
	if err := s.shell(ctx, "before", steps.Before, s.folder()); err != nil {
		return err
	}
	build := toolchains[asset.Toolchain(s.fn.Toolchain)]
	if steps.Command != "" {
		build = func(ctx context.Context, s *site) error { return s.shell(ctx, "command", steps.Command, s.folder()) }
	}
	if build == nil {
		return fmt.Errorf("nothing builds the toolchain %q of %s", s.fn.Toolchain, s.fn.Name)
	}
	if err := build(ctx, s); err != nil {
		return err
	}
	if s.fn.Package == model.Zip {
		if err := s.include(); err != nil {
			return err
		}
	}
	if err := s.shell(ctx, "after", steps.After, s.out.Name()); err != nil {
		return err
	}
	return s.check()
}

// shell runs a step of the user's own.
func (s *site) shell(ctx context.Context, step, script, dir string) error {
	if strings.TrimSpace(script) == "" {
		return nil
	}
	_, err := s.run(ctx, program{
		name: "sh", step: step, args: []string{"-e", "-c", script}, dir: dir,
		env: []string{
			"FOLDSTACK_OUT=" + s.out.Name(), "FOLDSTACK_FUNCTION=" + s.fn.Name,
			"FOLDSTACK_RUNTIME=" + s.fn.Runtime.Value, "FOLDSTACK_ARCHITECTURE=" + s.fn.Architecture.Value,
		},
		hints: map[string]string{"No such file": "a step sees the function's inputs and nothing else of the project: `include` names further files"},
	})
	return err
}

// check finds what Lambda could not start.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-provided.html
// https://github.com/opencontainers/image-spec/blob/main/image-layout.md
func (s *site) check() error {
	switch {
	case s.fn.Package == model.Image:
		if _, err := s.out.Stat("index.json"); err != nil {
			return s.failure("the build left no OCI image layout", "write one to the folder $FOLDSTACK_OUT")
		}
	case strings.HasPrefix(s.fn.Runtime.Value, "provided"):
		info, err := s.out.Stat("bootstrap")
		if err != nil || info.Mode()&0o100 == 0 {
			return s.failure("the build left no executable file bootstrap, which "+s.fn.Runtime.Value+" starts", "name the program bootstrap, and put it at the top of the archive")
		}
	default:
		entries, err := os.ReadDir(s.out.Name())
		if err != nil {
			return fmt.Errorf("reading what was built: %w", err)
		}
		if len(entries) == 0 {
			return s.failure("the build left no files", "write them to the folder $FOLDSTACK_OUT")
		}
	}
	return nil
}
