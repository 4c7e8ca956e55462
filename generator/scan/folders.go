package scan

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/scan/detect"
	"github.com/foldstack/foldstack/generator/scan/tree"
)

// FunctionFile and ResourcesFile are what a user may write beside the code.
const (
	FunctionFile  = "function.yaml"
	ResourcesFile = "resources.yaml"
)

// folder is a folder that is a function.
type folder struct {
	root  string // the functions folder
	group string
	dir   string
	name  string
	files []*tree.File // what git would track, by path
}

// sorted is what became of the entries of one or more folders.
type sorted struct {
	functions []folder
	skipped   []model.Skipped
	excluded  bool // something was skipped because the user said so
}

func (s *sorted) skip(path, reason string) {
	s.skipped = append(s.skipped, model.Skipped{Path: path, Reason: reason})
	s.excluded = s.excluded || strings.HasPrefix(reason, excludedBy)
}

// leave skips a folder for what package detect found in it.
func (s *sorted) leave(path string, code detect.Code) {
	s.skipped = append(s.skipped, model.Skipped{Path: path, Reason: code.Reason, Code: code.Sources})
}

func (s *sorted) add(other sorted) {
	s.functions = append(s.functions, other.functions...)
	s.skipped = append(s.skipped, other.skipped...)
	s.excluded = s.excluded || other.excluded
}

// sortFolders sorts everything in the functions folders into functions and what
// was skipped.
func (s *scanner) sortFolders(roots []string) ([]folder, []model.Skipped, error) {
	var exclude []string
	for _, written := range s.project.Exclude {
		if p, ok := s.pattern(written, "exclude"); ok {
			exclude = append(exclude, p)
		}
	}
	var all sorted
	var candidates []folder
	for _, root := range roots {
		f := s.tree.Folder(root)
		for _, e := range f.Entries {
			path := tree.Join(root, e.Name)
			_, isRoot := slices.BinarySearch(roots, path)
			reason := s.refuse(e, exclude, root, path)
			switch {
			case isRoot: // its own functions are found there
			case reason != "":
				all.skip(path, reason)
			default:
				candidates = append(candidates, folder{root: root, dir: path, name: e.Name})
			}
		}
	}
	results := make([]sorted, len(candidates))
	err := s.parallel(len(candidates), func(i int) { results[i] = s.sortFolder(candidates[i], exclude) })
	for _, r := range results {
		all.add(r)
	}
	return all.functions, all.skipped, err
}

const excludedBy = "excluded by "

// refuse says why an entry cannot be a function or a group, before its content is
// looked at.
func (s *scanner) refuse(e tree.Entry, exclude []string, root, path string) string {
	switch {
	case e.Skip != "":
		return e.Skip
	case e.Kind == tree.Link:
		return "a link: links are not followed"
	case e.Kind == tree.Regular:
		return "a file beside the functions' folders"
	case strings.HasPrefix(e.Name, "_"), strings.HasPrefix(e.Name, "."):
		return "its name begins with " + e.Name[:1]
	}
	if p, ok := s.excluded(exclude, root, path); ok {
		return excludedBy + p
	}
	return ""
}

// sortFolder decides whether a folder is a function, a group or neither.
func (s *scanner) sortFolder(c folder, exclude []string) sorted {
	var result sorted
	c.files = s.files(c.dir, &result)
	code := s.look(c)
	if code.Found {
		s.reportNested(c)
		result.functions = append(result.functions, c)
		return result
	}
	children := s.sortChildren(c, exclude)
	if len(children.functions) == 0 && !children.excluded {
		result.leave(c.dir, code)
		return result
	}
	result.add(children)
	return result
}

// sortChildren looks for the functions of a group.
func (s *scanner) sortChildren(group folder, exclude []string) sorted {
	var result sorted
	entries := s.tree.Folder(group.dir).Entries
	results := make([]sorted, len(entries))
	// A cancelled scan is noticed by whoever asked for the groups.
	_ = s.parallel(len(entries), func(i int) {
		e, r := entries[i], &results[i]
		path := tree.Join(group.dir, e.Name)
		reason := s.refuse(e, exclude, group.root, path)
		if reason == "" {
			child := folder{root: group.root, group: group.name, dir: path, name: e.Name, files: below(group.files, path)}
			code := s.look(child)
			switch {
			case code.Found && holdsTests[e.Name] && !s.hasFunctionFile(path):
				reason = "holds tests, by its name"
			case code.Found:
				s.reportNested(child)
				r.functions = append(r.functions, child)
				return
			default:
				s.reportNested(child)
				r.leave(path, code)
				return
			}
		}
		r.skip(path, reason)
	})
	for _, r := range results {
		result.add(r)
	}
	return result
}

// holdsTests are names of folders in a group that hold tests, in any language.
var holdsTests = map[string]bool{
	"test": true, "tests": true, "__tests__": true, "spec": true, "specs": true, "e2e": true,
	"fixtures": true, "__fixtures__": true, "testdata": true, "mocks": true, "__mocks__": true,
}

// files reads all files of a folder that git would track; what can never be read
// is noted as skipped.
func (s *scanner) files(dir string, result *sorted) []*tree.File {
	var paths []string
	s.tree.Walk(dir, func(path string, e tree.Entry) {
		switch {
		case e.Skip == "":
			paths = append(paths, path)
		case e.Kind == tree.Special:
			result.skip(path, e.Skip)
		}
	})
	slices.Sort(paths)
	files := make([]*tree.File, len(paths))
	const together = 64 // one task reads so many files: handing out fewer costs more than it gains
	_ = s.parallel((len(paths)+together-1)/together, func(n int) {
		for i := n * together; i < min((n+1)*together, len(paths)); i++ {
			files[i] = s.tree.Read(paths[i])
		}
	})
	if s.context.Err() != nil {
		return nil
	}
	return files
}

// below are the files in a folder out of a sorted list.
func below(files []*tree.File, dir string) []*tree.File {
	prefix := dir + "/"
	from, _ := slices.BinarySearchFunc(files, prefix, func(f *tree.File, p string) int { return strings.Compare(f.Path, p) })
	to := from
	for to < len(files) && strings.HasPrefix(files[to].Path, prefix) {
		to++
	}
	return files[from:to]
}

// look asks whether a folder holds a function's code.
func (s *scanner) look(f folder) detect.Code {
	if s.hasFunctionFile(f.dir) {
		return detect.Code{Found: true}
	}
	if len(f.files) == 0 {
		return detect.Code{Reason: "an empty folder"}
	}
	return detect.Look(s.detectFolder(f), detect.Said{})
}

// hasFunctionFile reports whether something of that name is there, usable or not
// and well spelt or not: the folder is meant to be a function.
func (s *scanner) hasFunctionFile(dir string) bool {
	f := s.tree.Folder(dir)
	return f.Entry(FunctionFile) != nil || f.Entry(misnamed[FunctionFile]) != nil
}

// reportNested reports a function.yaml one folder below a function, and one below a
// folder of a group: its author expected a function where there is none.
func (s *scanner) reportNested(f folder) {
	for _, e := range s.tree.Folder(f.dir).Entries {
		sub := tree.Join(f.dir, e.Name)
		if e.Kind != tree.Dir || e.Skip != "" || strings.HasPrefix(e.Name, "_") || strings.HasPrefix(e.Name, ".") || holdsTests[e.Name] {
			continue
		}
		if s.tree.Folder(sub).Entry(FunctionFile) == nil {
			continue
		}
		s.Problems.Add(diag.Problem{
			Rule: "nested-function", Place: diag.Place{File: tree.Join(sub, FunctionFile)},
			Text: sub + " lies too deep to be a function",
			Hint: "a function lies directly in " + f.root + ", or in a group that holds no code of its own; move the folder up",
		})
	}
}

// detectFolder shows a folder to package detect.
func (s *scanner) detectFolder(f folder) detect.Folder {
	files := make([]detect.File, 0, len(f.files))
	for _, file := range f.files {
		data := file.Data
		if file.Link != "" {
			if target := s.linked(file); target != nil {
				data = target.Data
			}
		}
		files = append(files, detect.File{Path: file.Path[len(f.dir)+1:], Executable: file.Executable, Data: data})
	}
	return detect.Folder{Dir: f.dir, Files: files, Above: func(name string) (string, []byte, bool) {
		file := s.above(f.dir, name)
		if file == nil {
			return "", nil, false
		}
		return file.Path, file.Data, true
	}}
}

// above is the nearest file of that name in the folders above dir.
func (s *scanner) above(dir, name string) *tree.File {
	for dir != "." {
		dir = parent(dir)
		path := tree.Join(dir, name)
		if e := s.tree.Entry(path); e != nil && e.Kind == tree.Regular {
			return s.tree.Read(path)
		}
	}
	return nil
}

// parent is the folder above a folder of the project.
func parent(dir string) string {
	if i := strings.LastIndexByte(dir, '/'); i >= 0 {
		return dir[:i]
	}
	return "."
}
