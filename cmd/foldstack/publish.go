package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/spf13/cobra"
)

// publishFlags are the flags of publish.
type publishFlags struct {
	projectFlags
	accessFlags
	dryRun bool
	json   bool
}

func (s *session) publishCommand() *cobra.Command {
	var f publishFlags
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "Upload archives, images and templates to every region of the project",
		Long: `Publish uploads what a deployment reads and the tooling account does not hold yet: the
archives and images that foldstack build has made, and the templates of the nested stacks.
Everything is named by what it is made from and written once. A run that was interrupted is
finished by the next, and several may run at once.

Credentials come from where the AWS SDK finds them: the environment, AWS_PROFILE, the role
of a build. Where they are not of the tooling account, --profile or --role says how to get
into that.`,
		Example: `  foldstack publish             # upload what is missing
  foldstack publish --dry-run   # print what would be uploaded, and where to
  foldstack publish --profile 111111111111=tooling`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.runPublish(cmd, f) },
	}
	f.projectFlags.add(cmd)
	f.accessFlags.add(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.dryRun, "dry-run", false, "upload nothing; print what would be uploaded")
	flags.BoolVar(&f.json, "json", false, "print what was missing where, and all problems, as JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print problems only, and the table or the JSON that was asked for")
	return cmd
}

func (s *session) runPublish(cmd *cobra.Command, f publishFlags) error {
	result, root, err := s.generate(cmd.Context(), f.projectFlags)
	if err != nil {
		return err
	}
	if len(result.Problems) > 0 {
		return s.refuse(result, f.json, publicationOf(&store.Plan{}, f, result, nil), "nothing was published")
	}
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	plan, err := s.publishPlan(ctx, result, filepath.Join(root, build.Folder), f)
	if err != nil {
		err = unbegun(err, "nothing was published")
	} else if !f.dryRun {
		err = ended(s.upload(ctx, plan), "what has arrived stays; run `"+f.command()+"` again to upload the rest")
	}
	if f.json {
		if err := s.object(publicationOf(cmp.Or(plan, &store.Plan{}), f, result, err)); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if err := s.showPlan(plan, f); err != nil {
		return err
	}
	s.published(plan, result, f)
	return nil
}

// interruptible ends when somebody interrupts. Whoever does so again waits for nothing.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

func (s *session) publishPlan(ctx context.Context, result *generator.Result, local string, f publishFlags) (*store.Plan, error) {
	done := s.progress("looking at what is published")
	defer done()
	published, err := storeOf(ctx, s.enter(result.Project, &f.accessFlags), result.Project)
	if err != nil {
		return nil, err
	}
	return published.Plan(ctx, store.Local(local), result.Assets)
}

// storeOf is what a project is published to.
func storeOf(ctx context.Context, accounts *cloud.Accounts, project *model.Project) (*store.Store, error) {
	access, err := accounts.Session(ctx, project.Tooling.Account)
	if err != nil {
		return nil, err
	}
	return store.Of(access, project, store.Options{})
}

func (s *session) upload(ctx context.Context, plan *store.Plan) error {
	done := s.meter(func() string { return uploadStatus(plan.Progress()) })
	defer done()
	return plan.Publish(ctx)
}

// uploadStatus is how far the uploads are, in a line.
func uploadStatus(p store.Progress) string {
	return fmt.Sprintf("%s  %d of %d uploads, %s of %s",
		bar(p.Bytes, p.AllBytes), p.Uploads, p.AllUploads, size(p.Bytes), size(p.AllBytes))
}

// showPlan prints what was missing, and where.
func (s *session) showPlan(plan *store.Plan, f publishFlags) error {
	if f.json || len(plan.Assets) == 0 || s.quiet && !f.dryRun {
		return nil
	}
	rows := [][]string{{"WHAT", "NAME", "SIZE", "REGIONS"}}
	for _, a := range plan.Assets {
		rows = append(rows, []string{string(a.Kind), strings.Join(a.Names, ", "), size(a.Size), strings.Join(a.Missing, ", ")})
	}
	return writeTable(s.stdout, rows)
}

// published tells what was done and what comes next.
func (s *session) published(plan *store.Plan, result *generator.Result, f publishFlags) {
	verb := "uploaded"
	if f.dryRun {
		verb = "to upload"
	}
	n := len(plan.Assets)
	if n == 0 {
		s.say("everything is published: %s in %s", count(plan.Stored, "asset"), strings.Join(plan.Regions, ", "))
	} else {
		all := plan.Progress()
		s.say("%s %s, %s in %s; %d there already", count(n, "asset"), verb, size(all.AllBytes), count(all.AllUploads, "upload"), plan.Stored)
	}
	s.say("next: %s", afterPublish(result, f, n > 0))
}

// afterPublish is what a person does next.
func afterPublish(result *generator.Result, f publishFlags, missing bool) string {
	switch {
	case f.dryRun && missing:
		return f.command()
	case result.Plan.Summary().Changed() > 0:
		return again("generate", f.projectFlags.given()) + ": " + result.Project.Output + " is stale, and names other templates than were published"
	case result.Project.Source.Provider == model.S3:
		return "upload the project to its source bucket: the pipeline finds this published, and deploys it"
	}
	return "git push: the pipeline finds this published, and deploys it"
}

// command is how a person gives the command again.
func (f *publishFlags) command() string {
	return again("publish", f.projectFlags.given(), f.accessFlags.given())
}

// The shape of publish --json. Keys are only ever added to it, and lists are never null.
type (
	publication struct {
		DryRun   bool               `json:"dryRun"`
		Regions  []string           `json:"regions"`
		Summary  publicationSummary `json:"summary"`
		Assets   []publishedAsset   `json:"assets"` // that a region lacked
		Failures []listedFailure    `json:"failures"`
		Problems listedProblems     `json:"problems"`
	}
	publicationSummary struct {
		Missing int   `json:"missing"` // assets
		Stored  int   `json:"stored"`  // assets that no region lacked
		Uploads int   `json:"uploads"`
		Bytes   int64 `json:"bytes"` // of all uploads
	}
	publishedAsset struct {
		Kind    store.Kind `json:"kind"` // archive, image or template
		Key     string     `json:"key"`
		Names   []string   `json:"names"`
		Size    int64      `json:"size"`
		Regions []string   `json:"regions"`
	}
)

// publicationOf is a plan and what came of it.
func publicationOf(plan *store.Plan, f publishFlags, result *generator.Result, failed error) publication {
	all := plan.Progress()
	p := publication{
		DryRun: f.dryRun, Regions: append([]string{}, plan.Regions...), Assets: []publishedAsset{},
		Summary:  publicationSummary{len(plan.Assets), plan.Stored, all.AllUploads, all.AllBytes},
		Failures: listedFailures(failed), Problems: result.Problems,
	}
	for _, a := range plan.Assets {
		p.Assets = append(p.Assets, publishedAsset{a.Kind, a.Key, a.Names, a.Size, a.Missing})
	}
	return p
}
