package scan

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/scan/tree"
	"github.com/foldstack/foldstack/generator/source"
)

// ConfigFile is the name of the project's file.
const ConfigFile = "foldstack.yaml"

// Options say what to scan.
type Options struct {
	Root      string   // the project's folder on this machine; empty: that of Config
	Config    string   // foldstack.yaml on this machine; empty: Root/foldstack.yaml
	Functions []string // patterns in place of those in foldstack.yaml
	Output    string   // output folder in place of that in foldstack.yaml, relative to Root

	Problems *diag.Problems
	Sources  *diag.Sources // receives the files that problems may point into; may be nil
}

// Scan reads a project. What is wrong with its files is added to
// options.Problems, and the project is returned as far as it could be read; it is
// nil only where foldstack.yaml cannot be used at all. An error is the machine's.
func Scan(ctx context.Context, options Options) (*model.Project, error) {
	s := &scanner{Options: options, context: ctx}
	if s.Problems == nil {
		return nil, diag.Bugf("a scan without a collector of problems")
	}
	if s.readConfig(); s.project == nil {
		return nil, nil
	}
	t, err := tree.Open(s.Root, tree.Options{Output: s.project.Output, Keep: keep}, s.Problems)
	if err != nil {
		return nil, err
	}
	s.tree, s.golang = t, newGolang(t, s.Problems)
	s.readStacks()
	if err := s.readFunctions(); err != nil {
		return nil, err
	}
	return s.project, nil
}

// scanner is one scan.
type scanner struct {
	Options
	context context.Context
	node    *source.Node // of foldstack.yaml
	project *model.Project
	tree    *tree.Tree
	golang  *golang

	included   tree.Memo[[]string]          // files by pattern
	referred   tree.Memo[[]string]          // paths by file
	members    tree.Memo[[]string]          // folders of packages in the workspace, by manifest
	workspaces tree.Memo[map[string]string] // folders of packages, by the folder of the workspace
}

func (s *scanner) addSource(file string, data []byte) {
	if s.Sources != nil {
		s.Sources.Add(file, data)
	}
}

// document reads and parses one of our YAML files; present tells whether there is
// one, usable or not.
func (s *scanner) document(file string) (node *source.Node, present bool) {
	data, present := s.tree.Document(file)
	if data == nil {
		return nil, present
	}
	s.addSource(file, data)
	return source.Parse(file, data, s.Problems), true
}

// readStacks reads the templates that foldstack.yaml names.
func (s *scanner) readStacks() {
	for i := range s.project.Stacks {
		stack := &s.project.Stacks[i]
		if stack.File == "" {
			continue // reported as missing
		}
		file, ok := inProject(stack.File)
		if !ok {
			s.Problems.Addf("outside-project", stack.FilePlace, "copy the template into the project", "the template %s of the stack %s lies outside of the project", stack.File, stack.Name)
			continue
		}
		stack.File = file
		data, present := s.tree.Document(file)
		switch {
		case !present:
			s.Problems.Addf("no-such-file", stack.FilePlace, "write the template's path relative to "+ConfigFile, "the template %s of the stack %s does not exist%s", file, stack.Name, s.whyNotThere(file))
		case data != nil:
			s.addSource(file, data)
			// The template is published as it stands, and CloudFormation takes no mark.
			stack.Data, stack.Template = bytes.TrimPrefix(data, []byte("\ufeff")), source.Parse(file, data, s.Problems)
		}
	}
}

// whyNotThere explains it where something else is there.
func (s *scanner) whyNotThere(file string) string {
	if why := s.tree.Why(file); !strings.HasPrefix(why, "there is no ") {
		return ": " + why
	}
	return ""
}

// inProject cleans a path that a user wrote; ok is false where it leads out of the
// project.
func inProject(file string) (clean string, ok bool) {
	file = filepath.ToSlash(file)
	clean = path.Clean(file)
	return clean, !path.IsAbs(file) && filepath.VolumeName(file) == "" && clean != ".." && !strings.HasPrefix(clean, "../")
}

// readFunctions fills the project's functions and what was skipped.
func (s *scanner) readFunctions() error {
	roots := s.functionFolders()
	folders, skipped, err := s.sortFolders(roots)
	if err != nil {
		return err
	}
	slices.SortFunc(skipped, func(a, b model.Skipped) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	s.project.Skipped = slices.Compact(skipped)
	functions := make([]model.Function, len(folders))
	if err := s.parallel(len(folders), func(i int) { functions[i] = s.function(folders[i]) }); err != nil {
		return err
	}
	slices.SortFunc(functions, func(a, b model.Function) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Dir, b.Dir))
	})
	s.project.Functions = s.distinct(functions)
	if len(functions) == 0 && len(s.project.Stacks) == 0 && len(roots) > 0 {
		s.Problems.Addf("no-functions", s.project.Place, "put each function's code into a folder of its own, such as "+tree.Join(roots[0], "hello/index.mjs")+"; `foldstack list --verbose` says why a folder was not taken",
			"there is no function in %s", strings.Join(roots, ", "))
	}
	return nil
}

// distinct keeps the first of the functions that bear one name and reports the
// others.
func (s *scanner) distinct(functions []model.Function) []model.Function {
	kept := functions[:0] // never ahead of what is still to be read
	for i := 0; i < len(functions); {
		first := functions[i]
		kept = append(kept, first)
		var others []diag.Note
		for i++; i < len(functions) && functions[i].Name == first.Name; i++ {
			others = append(others, diag.Note{Place: diag.Place{File: functions[i].Dir}, Text: "the same name again"})
		}
		if len(others) > 0 {
			s.Problems.Add(diag.Problem{
				Rule: "duplicate-name", Place: diag.Place{File: first.Dir}, Notes: others,
				Text: fmt.Sprintf("%d functions are called %s", len(others)+1, first.Name),
				Hint: "rename one of the folders, as a group enters no name; if the folder around one is the function, put a function.yaml there",
			})
		}
	}
	return kept
}
