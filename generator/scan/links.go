package scan

import (
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/scan/tree"
)

// link adds what a link of the function points at: whoever packs the folder puts
// that in the link's place. A link that leaves the project is a problem.
func (in *inputs) link(file *tree.File) {
	target, ok := target(file)
	end, inside := in.scan.tree.Follow(parent(file.Path), file.Link)
	if !ok || !inside {
		in.scan.Problems.Addf("link-leaves-project", diag.Place{File: file.Path},
			"put a copy in its place, or move what it points at into the project",
			"the link points at %s, outside of the project: the pipeline would not have it", file.Link)
		return
	}
	for _, path := range []string{target, end} {
		if !strings.HasPrefix(file.Path, path+"/") { // a link to a folder around it has no end
			in.path(path)
		}
	}
}

// linkOnTheWay adds the link that a path leads through, and with it all that the
// link stands for.
func (in *inputs) linkOnTheWay(path string) {
	for path != "." {
		path = parent(path)
		if e := in.scan.tree.Entry(path); e != nil {
			if e.Kind == tree.Link {
				in.file(in.scan.tree.Read(path))
			}
			return
		}
	}
}

// target is the path in the project that a link's text names; ok is false where
// it leaves the project, as every absolute one does. Where the text leads through
// another link and back, Follow finds another path than it names.
func target(file *tree.File) (string, bool) {
	return joinInProject(parent(file.Path), file.Link)
}

// linked is the file at the end of a link, or of a chain of links; nil where there
// is none.
func (s *scanner) linked(file *tree.File) *tree.File {
	for range 40 { // as many as Linux follows
		t, ok := target(file)
		e := s.tree.Entry(t)
		switch {
		case !ok || e == nil:
			return nil
		case e.Kind == tree.Regular:
			return s.tree.Read(t)
		case e.Kind != tree.Link:
			return nil
		}
		file = s.tree.Read(t)
	}
	return nil
}
