package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/gc"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator"
)

// gcFlags are the flags of gc.
type gcFlags struct {
	removalFlags
	keep, days int
	yes        bool
}

// What is kept unless somebody says otherwise. An approval waits for up to sixty days, and
// what it lets pass may be in no stack until then.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
const (
	keptNewest = 10
	keptDays   = 60
	day        = 24 * time.Hour
)

func (s *session) gcCommand() *cobra.Command {
	var f gcFlags
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "List published assets that nothing uses, and remove them",
		Long: `Gc lists the archives, images and templates in every region's bucket and repository that
nothing uses: no stack of any target, no change set that waits for an approval, and not this
working tree. Of what is left it keeps what is young and, of each function, the newest. With
--yes it removes the rest for good, with all versions.

It reads every target's stacks, and those of accounts that have left foldstack.yaml and that
the deployed stacks of the tooling account still name. Where one cannot be read, or a
deployment is at work, it removes nothing.`,
		Example: `  foldstack gc --role admin              # list what nothing uses
  foldstack gc --role admin --yes        # remove it
  foldstack gc --role admin --keep 3 --days 7`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runGC(cmd, f) },
	}
	f.removalFlags.add(cmd)
	flags := cmd.Flags()
	flags.IntVar(&f.keep, "keep", keptNewest, "how `many` unused versions of each function are kept, the newest first")
	flags.IntVar(&f.days, "days", keptDays, "below which `age` in days everything is kept; at least 1")
	flags.BoolVar(&f.yes, "yes", false, "remove what is listed")
	flags.BoolVar(&f.dryRun, "dry-run", false, "list only, which is what happens without --yes")
	flags.BoolVar(&f.json, "json", false, "print what nothing uses as JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print problems only, and the table or the JSON that was asked for")
	cmd.MarkFlagsMutuallyExclusive("yes", "dry-run")
	return cmd
}

func (f *gcFlags) check() error {
	if f.keep < 0 || f.days < 1 {
		return hinted{
			fmt.Errorf("--keep %d and --days %d: --keep is at least 0 and --days at least 1", f.keep, f.days),
			"what was published a moment ago is in no stack yet, so that a day is the least",
		}
	}
	return f.spotFlags.check()
}

func (s *session) runGC(cmd *cobra.Command, f gcFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	about, err := s.subject(cmd.Context(), f.removalFlags, func(result *generator.Result) any {
		return collectionOf(&gc.Plan{}, f, result, nil)
	})
	if err != nil {
		return err
	}
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	now := time.Now()
	plan, err := s.gcPlan(ctx, about, f, now)
	if err != nil {
		err = unbegun(err, "nothing was removed")
	} else if f.yes {
		err = leaving(s.collect(ctx, plan), "what is gone stays so; run `"+f.command()+" --yes` again to remove the rest")
	}
	if f.json {
		if err := s.object(collectionOf(cmp.Or(plan, &gc.Plan{}), f, about.Result, err)); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if err := s.showUnused(plan, f, now); err != nil {
		return err
	}
	s.collected(plan, f)
	return nil
}

func (s *session) gcPlan(ctx context.Context, about subject, f gcFlags, now time.Time) (*gc.Plan, error) {
	done := s.lookingAt(about)
	defer done()
	rules := gc.Rules{Newest: f.keep, Age: time.Duration(f.days) * day, Now: now}
	return gc.Look(ctx, s.enter(about.Project, &f.accessFlags), about.Result, f.where(), rules)
}

func (s *session) collect(ctx context.Context, plan *gc.Plan) error {
	done := s.meter(func() string { return count(int(plan.Gone()), "object") + " removed" })
	defer done()
	return plan.Remove(ctx)
}

func (s *session) showUnused(plan *gc.Plan, f gcFlags, now time.Time) error {
	if f.json || len(plan.Unused) == 0 || s.quiet && f.yes {
		return nil
	}
	rows := [][]string{{"WHAT", "NAME", "DIGEST", "SIZE", "AGE", "REGIONS"}}
	for _, a := range plan.Unused {
		age := fmt.Sprintf("%dd", int(now.Sub(a.Newest)/day))
		rows = append(rows, []string{string(a.Kind), cmp.Or(a.Name, "-"), a.Digest()[:8], size(a.Size), age, strings.Join(a.Regions, ", ")})
	}
	return writeTable(s.stdout, rows)
}

// collected tells what was done and what comes next.
func (s *session) collected(plan *gc.Plan, f gcFlags) {
	kept := fmt.Sprintf("kept: %d used, %d younger than %s, %d among the newest", plan.Kept.Used, plan.Kept.Young, count(f.days, "day"), plan.Kept.Newest)
	n, bytes := len(plan.Unused), bytesOf(plan)
	if len(f.without) > 0 {
		s.say("%s: nobody looked there, and what is used there alone is not kept", strings.Join(f.without, ", "))
	}
	switch {
	case n == 0:
		s.say("nothing to remove; %s", kept)
	case f.yes:
		s.say("%s removed, %s; %s", count(n, "asset"), size(bytes), kept)
	default:
		s.say("%s to remove, %s; %s", count(n, "asset"), size(bytes), kept)
		s.say("next: %s", f.command()+" --yes")
	}
}

// command is how a person gives the command again.
func (f *gcFlags) command() string {
	var own []string
	if f.keep != keptNewest {
		own = append(own, "--keep", fmt.Sprint(f.keep))
	}
	if f.days != keptDays {
		own = append(own, "--days", fmt.Sprint(f.days))
	}
	return again("gc", f.given(), own)
}

// bytesOf is how much the assets take in all regions.
func bytesOf(plan *gc.Plan) int64 {
	var n int64
	for _, a := range plan.Unused {
		n += a.Size * int64(len(a.Regions))
	}
	return n
}

// The shape of gc --json. Keys are only ever added to it, and lists are never null.
type (
	collection struct {
		Removed  bool              `json:"removed"` // whether what is listed was removed
		Regions  []string          `json:"regions"`
		Summary  collectionSummary `json:"summary"`
		Assets   []unusedAsset     `json:"assets"` // that nothing needs
		Failures []listedFailure   `json:"failures"`
		Problems listedProblems    `json:"problems"`
	}
	collectionSummary struct {
		Unused int   `json:"unused"`
		Bytes  int64 `json:"bytes"` // of the unused, in all regions
		Used   int   `json:"used"`
		Young  int   `json:"young"`
		Newest int   `json:"newest"`
	}
	unusedAsset struct {
		Kind    store.Kind `json:"kind"` // archive, image or template
		Key     string     `json:"key"`
		Name    string     `json:"name"` // of the function or stack; may be empty
		Size    int64      `json:"size"` // in one region
		Written time.Time  `json:"written"`
		Regions []string   `json:"regions"`
	}
)

// collectionOf is a plan and what came of it.
func collectionOf(plan *gc.Plan, f gcFlags, result *generator.Result, failed error) collection {
	c := collection{
		Removed: f.yes && failed == nil && len(result.Problems) == 0, Regions: append([]string{}, plan.Regions...), Assets: []unusedAsset{},
		Summary:  collectionSummary{len(plan.Unused), bytesOf(plan), plan.Kept.Used, plan.Kept.Young, plan.Kept.Newest},
		Failures: listedFailures(failed), Problems: result.Problems,
	}
	for _, a := range plan.Unused {
		c.Assets = append(c.Assets, unusedAsset{a.Kind, a.Key, a.Name, a.Size, a.Newest.UTC(), a.Regions})
	}
	return c
}
