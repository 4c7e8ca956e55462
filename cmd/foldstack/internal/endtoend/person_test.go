package endtoend

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// foldstack is run in the project by somebody who manages all accounts. It returns what
// was printed for programs and said to people, and the exit code.
func (s *story) foldstack(args ...string) (printed, said string, code int) {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), filepath.Join(s.path, "foldstack"), args...)
	cmd.Dir = s.root
	cmd.Env = append(s.mock.manager().environment(home), "PATH="+os.Getenv("PATH"), "HOME="+s.t.TempDir())
	var out, talk strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &talk
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		require.NoError(s.t, err)
	}
	return out.String(), talk.String(), cmd.ProcessState.ExitCode()
}

// inAccounts runs foldstack with the role by which each account is entered.
func (s *story) inAccounts(args ...string) (printed, said string, code int) {
	s.t.Helper()
	return s.foldstack(append(args, "--role", administrator)...)
}

func read[T any](s *story, printed string) T {
	s.t.Helper()
	var thing T
	require.NoError(s.t, json.Unmarshal([]byte(printed), &thing), printed)
	return thing
}

// bootstrap deploys the base stacks, and returns those that it has touched.
func (s *story) bootstrap() (touched []string) {
	s.t.Helper()
	printed, said, code := s.inAccounts("bootstrap", "--yes", "--json")
	require.Zero(s.t, code, said)
	plan := read[struct {
		Stacks []struct{ Name, Account, Region, Outcome string }
	}](s, printed)
	for _, stack := range plan.Stacks {
		if stack.Outcome != "" && stack.Outcome != "unchanged" {
			touched = append(touched, place(stack.Account, stack.Region)+"/"+stack.Name)
		}
	}
	return touched
}

// teardown removes the project, after which there is nothing to remove.
func (s *story) teardown() {
	s.t.Helper()
	_, said, code := s.inAccounts("teardown", "--confirm", "shop")
	require.Zero(s.t, code, said)
	_, said, code = s.inAccounts("teardown", "--confirm", "shop")
	require.Zero(s.t, code, said)
	assert.Contains(s.t, said, "there is nothing to remove")
}

// difference is what foldstack diff says.
type difference struct {
	Functions []struct {
		Name   string
		Places []struct {
			Environment string
			Targets     []spot
			Action      string
			Version     bool
		}
	}
	Targets    struct{ Added []spot }
	BaseStacks []struct {
		spot
		Stack string
	}
}

type spot struct{ Account, Region string }

// diff compares the project with what was delivered last.
func (s *story) diff() difference {
	s.t.Helper()
	printed, said, code := s.foldstack("diff", "--json", s.delivered.commit)
	require.Zero(s.t, code, said)
	return read[difference](s, printed)
}

// becoming is what becomes of functions and of whole targets, by their places: added,
// removed or changed.
type becoming map[string]string

func (d difference) becoming() becoming {
	b := becoming{}
	for _, f := range d.Functions {
		for _, p := range f.Places {
			if p.Action == "changed" && !p.Version {
				continue // something beside the function
			}
			for _, t := range p.Targets {
				b[place(t.Account, t.Region)+"/shop-"+p.Environment+"-"+f.Name] = p.Action
			}
		}
	}
	for _, t := range d.Targets.Added {
		b[place(t.Account, t.Region)] = "added"
	}
	return b
}

// toDeploy are the base stacks that somebody has to deploy: the pipeline updates its own.
func (d difference) toDeploy() (stacks []string) {
	for _, b := range d.BaseStacks {
		if b.Stack != "shop-pipeline" {
			stacks = append(stacks, place(b.Account, b.Region)+"/"+b.Stack)
		}
	}
	return stacks
}

// explained are the files that moved a function's digest since the last commit.
func (s *story) explained(name string) (files []string) {
	s.t.Helper()
	printed, said, code := s.foldstack("explain", name, "--json")
	require.Zero(s.t, code, said)
	digest := read[struct {
		Inputs []struct{ File, Change string }
	}](s, printed)
	for _, in := range digest.Inputs {
		if in.Change != "unchanged" {
			files = append(files, in.File)
		}
	}
	return files
}

// state is what foldstack status finds.
type state struct {
	Pipeline struct{ Run struct{ ID string } }
	Targets  []struct {
		Account, Region, Run string
		Compared             bool
		Cause                struct{ Resource string }
	}
	Findings []finding
}

// finding is one of them, and a person reads more.
type finding struct {
	Kind  string
	Where []string
}

func (s *story) status() state {
	s.t.Helper()
	printed, said, code := s.inAccounts("status", "--json")
	require.LessOrEqual(s.t, code, 1, said)
	found := read[state](s, printed)
	require.Equal(s.t, len(found.Findings) > 0, code == 1, said)
	return found
}

// everywhere holds that the last run has brought to every target what is in the project.
func (s *story) everywhere() {
	s.t.Helper()
	found := s.status()
	assert.Empty(s.t, found.Findings)
	require.NotEmpty(s.t, found.Targets)
	for _, t := range found.Targets {
		assert.True(s.t, t.Compared, "%s %s", t.Account, t.Region)
		assert.Equal(s.t, found.Pipeline.Run.ID, t.Run, "%s %s", t.Account, t.Region)
	}
}

// finds holds that status finds something, and nothing else.
func (s *story) finds(want ...string) {
	s.t.Helper()
	var found []string
	for _, f := range s.status().Findings {
		found = append(found, f.Kind+": "+strings.Join(f.Where, ", "))
	}
	assert.Equal(s.t, want, found)
}

// unused is what foldstack gc finds.
type unused struct {
	Summary struct{ Unused int }
	Assets  []struct{ Kind, Name string }
}

func (s *story) gc(args ...string) unused {
	s.t.Helper()
	printed, said, code := s.inAccounts(append([]string{"gc", "--json"}, args...)...)
	require.Zero(s.t, code, said)
	return read[unused](s, printed)
}

// names are what nothing uses, and what it was published for.
func (u unused) names() (names []string) {
	for _, a := range u.Assets {
		names = append(names, a.Kind+" "+a.Name)
	}
	slices.Sort(names)
	return names
}
