package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator"
)

// revisions are the two sides that a command compares.
type revisions struct {
	before string
	after  string // empty: the working tree
}

// defaultRevision is what the working tree is compared with.
const defaultRevision = "HEAD"

// revisionsOf reads REV, A..B or A...B as git diff does: a side that is left out is HEAD,
// and three dots begin where B left A.
//
// https://git-scm.com/docs/git-diff#_description
func (r repository) revisionsOf(ctx context.Context, args []string) (revisions, error) {
	rev := defaultRevision
	if len(args) > 0 {
		rev = args[0]
	}
	orHead := func(side string) string {
		if side == "" {
			return defaultRevision
		}
		return side
	}
	if a, b, ok := strings.Cut(rev, "..."); ok {
		base, err := r.git(ctx, nil, "merge-base", "--end-of-options", orHead(a), orHead(b))
		if err != nil {
			return revisions{}, unknownRevision(rev)
		}
		return revisions{strings.TrimSpace(base), orHead(b)}, nil
	}
	if a, b, ok := strings.Cut(rev, ".."); ok {
		return revisions{orHead(a), orHead(b)}, nil
	}
	return revisions{before: rev}, nil
}

// repository is the Git repository that a project lies in.
type repository struct {
	project string // the project's folder
	folder  string // the same from the root of the repository; empty where it is the root
	gitDir  string // where Git keeps what it knows
}

func repositoryOf(ctx context.Context, project string) (repository, error) {
	folder, inside := inRepository(project)
	if !inside {
		return repository{}, hinted{
			fmt.Errorf("%s lies in no Git repository, and revisions are read from one", project),
			"`foldstack generate --check` compares with what was generated last, and needs none",
		}
	}
	r := repository{project: project, folder: folder}
	gitDir, err := r.git(ctx, nil, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return repository{}, fmt.Errorf("opening the repository of %s: %w", project, err)
	}
	r.gitDir = strings.TrimSpace(gitDir)
	return r, nil
}

// git runs git in the project's folder and returns what it prints.
func (r repository) git(ctx context.Context, env []string, args ...string) (string, error) {
	return r.feed(ctx, env, "", args...)
}

func (r repository) feed(ctx context.Context, env []string, input string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.project
	cmd.Stdin = strings.NewReader(input)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), placesGit), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", hinted{errors.New("git is not installed, and revisions are read by it"), "install it: https://git-scm.com/downloads"}
	case err != nil:
		failure := fmt.Errorf("git %s: %s", args[0], firstLine(stderr.String(), err))
		if trust := trusting.FindString(stderr.String()); trust != "" {
			return "", hinted{failure, "if you trust whoever it belongs to: `" + trust + "`"}
		}
		return "", failure
	}
	return stdout.String(), nil
}

// trusting is the command by which Git reads a repository that belongs to somebody else.
//
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
var trusting = regexp.MustCompile(`git config --global --add safe\.directory \S.*`)

// placesGit reports a variable by which Git tells its hooks where they run: another
// index or another tree than the project's.
//
// https://git-scm.com/docs/githooks#_description
func placesGit(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"}, name)
}

// firstLine is what a program said went wrong.
func firstLine(said string, err error) string {
	line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	if line == "" {
		return err.Error()
	}
	return strings.TrimPrefix(line, "fatal: ")
}

func unknownRevision(rev string) error {
	if rev == defaultRevision {
		return hinted{errors.New("nothing is committed yet, so that there is nothing to compare with"), "`git add . && git commit`, then run it again"}
	}
	return hinted{
		fmt.Errorf("there is no revision %q here", rev),
		"`git log --oneline` shows revisions; a shallow clone has few, and `git fetch --unshallow` gets the others",
	}
}

// checkout is a revision in a folder of its own.
type checkout struct {
	commit string // its full name
	root   string // the project's folder in it
	remove func()
}

// checkout writes the project as it was in a revision to a temporary folder, by an index
// of its own: the bytes are those that a checkout on this machine has, and neither the
// working tree nor the index of the repository is touched.
func (r repository) checkout(ctx context.Context, rev string) (_ *checkout, err error) {
	commit, err := r.git(ctx, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return nil, unknownRevision(rev)
	}
	dir, err := os.MkdirTemp("", "foldstack-revision-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the revision %s: %w", rev, err)
	}
	remove := func() { _ = os.RemoveAll(dir) }
	defer func() {
		if err != nil {
			remove()
		}
	}()
	c := &checkout{commit: strings.TrimSpace(commit), remove: remove}
	tree := filepath.Join(dir, "tree")
	c.root = filepath.Join(tree, filepath.FromSlash(r.folder))
	if err := os.MkdirAll(filepath.Join(tree, ".git", "info"), 0o755); err != nil {
		return nil, fmt.Errorf("making a folder for the revision %s: %w", rev, err)
	}
	if err := r.write(ctx, c.commit, dir, tree); err != nil {
		return nil, fmt.Errorf("writing the revision %s to a temporary folder: %w", rev, err)
	}
	return c, nil
}

// write fills the tree.
func (r repository) write(ctx context.Context, commit, dir, tree string) error {
	env := []string{"GIT_DIR=" + r.gitDir, "GIT_WORK_TREE=" + tree, "GIT_INDEX_FILE=" + filepath.Join(dir, "index")}
	if _, err := r.git(ctx, env, "read-tree", commit); err != nil {
		return err
	}
	in := repository{project: tree}
	files, err := in.git(ctx, env, append([]string{"ls-files", "-z", "--"}, pathspecs(r.folder)...)...)
	if err != nil {
		return err
	}
	if _, err := in.feed(ctx, env, files, "checkout-index", "-z", "--stdin"); err != nil {
		return err
	}
	return r.copyExclude(tree)
}

// pathspecs are the project's folder and what rules it from above: ignore files, and the
// attributes that say how lines end.
//
// https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-pathspec
func pathspecs(folder string) []string {
	if folder == "" {
		return []string{":(top)"}
	}
	const literal = ":(top,literal)"
	list := []string{literal + folder}
	for folder != "." {
		folder = path.Dir(folder)
		list = append(list, literal+path.Join(folder, ".gitignore"), literal+path.Join(folder, ".gitattributes"))
	}
	return list
}

// copyExclude gives the tree the repository's own list of what it ignores.
func (r repository) copyExclude(tree string) error {
	data, err := os.ReadFile(filepath.Join(r.gitDir, "info", "exclude"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading what the repository ignores: %w", err)
	}
	return os.WriteFile(filepath.Join(tree, ".git", "info", "exclude"), data, 0o644)
}

// side is a project as it is or was.
type side struct {
	Name   string // the revision as it was asked for; "the working tree"
	Commit string // empty for the working tree

	repository repository
	result     *generator.Result
}

// sides reads the two sides of a comparison by a function of the generator. What has
// problems is told by tell.
func (s *session) sides(ctx context.Context, f *projectFlags, args []string, read func(context.Context, generator.Options) (*generator.Result, error)) (before, after side, err error) {
	options, err := f.options()
	if err != nil {
		return side{}, side{}, err
	}
	repository, err := repositoryOf(ctx, options.Root)
	if err != nil {
		return side{}, side{}, err
	}
	revs, err := repository.revisionsOf(ctx, args)
	if err != nil {
		return side{}, side{}, err
	}
	if before, err = s.side(ctx, repository, options, revs.before, read); err == nil {
		after, err = s.side(ctx, repository, options, revs.after, read)
	}
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	return before, after, err
}

func (s *session) side(ctx context.Context, r repository, options generator.Options, rev string, read func(context.Context, generator.Options) (*generator.Result, error)) (side, error) {
	if rev == "" {
		done := s.progress("generating the working tree")
		defer done()
		result, err := read(ctx, options)
		return side{Name: "the working tree", repository: r, result: result}, err
	}
	done := s.progress("generating " + rev)
	defer done()
	c, err := r.checkout(ctx, rev)
	if err != nil {
		return side{}, err
	}
	defer c.remove()
	options.Root, options.Config = c.root, filepath.Join(c.root, filepath.Base(options.Config))
	if _, err := os.Lstat(options.Config); err != nil {
		return side{}, hinted{
			fmt.Errorf("the revision %s has no %s", rev, path.Join(r.folder, filepath.Base(options.Config))),
			"name a later revision: there was no project yet, or it lay elsewhere",
		}
	}
	result, err := read(ctx, options)
	if err != nil {
		return side{}, fmt.Errorf("generating the revision %s: %w", rev, err)
	}
	return side{Name: rev, Commit: c.commit, repository: r, result: result}, nil
}

// broken tells what is wrong with a side, if anything is.
func (s *session) broken(sides ...side) error {
	wrong := 0
	for _, side := range sides {
		if n := len(side.result.Problems); n > 0 {
			s.say("%s in %s:", count(n, "problem"), side.Name)
			if err := s.problems(side.result.Problems, side.result.Sources); err != nil {
				return err
			}
			wrong++
		}
	}
	if wrong == 0 {
		return nil
	}
	s.say("nothing was compared: both sides have to be free of problems")
	return told(exitProblems)
}
