package main

import (
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/spf13/cobra"

	"github.com/foldstack/foldstack/generator"
)

// removalFlags are the flags of every command that removes something from AWS.
type removalFlags struct {
	projectFlags
	accessFlags
	spotFlags
	dryRun bool
	json   bool
}

func (f *removalFlags) add(cmd *cobra.Command) {
	f.projectFlags.add(cmd)
	f.accessFlags.add(cmd)
	f.spotFlags.add(cmd)
}

// given are the flags as a person would repeat them.
func (f *removalFlags) given() []string {
	return slices.Concat(f.projectFlags.given(), f.accessFlags.given(), f.spotFlags.given())
}

// subject is the project of which something is removed.
type subject struct {
	*generator.Result
	file string // the project's, as seen from here: it may lie in any folder above
}

func (s subject) String() string { return fmt.Sprintf("the project %s of %s", s.Project.Name, s.file) }

// subject finds the project of which a command removes something. One with problems is
// none: what is its own is not known. Programs are told of those by a report.
func (s *session) subject(ctx context.Context, f removalFlags, report func(*generator.Result) any) (subject, error) {
	result, root, err := s.generate(ctx, f.projectFlags)
	if err != nil {
		return subject{}, err
	}
	if len(result.Problems) > 0 {
		return subject{}, s.refuse(result, f.json, report(result), "nothing was removed")
	}
	if err := f.indispensable(result.Project.Tooling); err != nil {
		return subject{}, err
	}
	return subject{result, path.Join(elsewhere(root), result.Project.Place.File)}, nil
}

// lookingAt tells which project is looked at. The function that it returns must be called
// before anything else is printed.
func (s *session) lookingAt(about subject) (done func()) {
	s.say("looking at %s", about)
	return s.progress("looking")
}
