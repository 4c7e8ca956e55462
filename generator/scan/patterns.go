package scan

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/scan/tree"
)

// functionFolders finds the folders that hold functions, in order.
func (s *scanner) functionFolders() []string {
	var found []string
	for _, written := range s.project.Patterns {
		pattern, ok := s.pattern(written, "functions")
		if !ok {
			continue
		}
		folders := s.matchingFolders(pattern)
		if len(folders) == 0 {
			s.Problems.Addf("no-functions-folder", s.patternPlace("functions", written), "make the folder, or name another one with functions: in "+ConfigFile,
				"functions: %s matches no folder that git would track%s", written, s.whyNoFolder(pattern))
		}
		found = append(found, folders...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// pattern cleans a doublestar pattern that a user wrote and reports one that cannot
// be used.
func (s *scanner) pattern(written, key string) (string, bool) {
	pattern, inside := inProject(written)
	place := s.patternPlace(key, written)
	switch {
	case !inside:
		s.Problems.Addf("outside-project", place, "write it relative to "+ConfigFile, "%s: %s leads out of the project", key, written)
	case !doublestar.ValidatePattern(pattern):
		s.Problems.Addf("malformed-pattern", place, "see https://github.com/bmatcuk/doublestar#patterns", "%s: %s is no pattern", key, written)
	default:
		return pattern, true
	}
	return "", false
}

// whyNoFolder explains it for a pattern that is a path.
func (s *scanner) whyNoFolder(pattern string) string {
	base, rest := splitPattern(pattern)
	if why := s.tree.Why(base); why != "" {
		return ": " + why
	}
	if e := s.tree.Entry(base); rest == "" && e != nil {
		return ": " + base + " is " + e.Kind.String()
	}
	return ""
}

// patternPlace is where a pattern was written, if it was.
func (s *scanner) patternPlace(key, written string) diag.Place {
	if key == "functions" && len(s.Functions) > 0 {
		return s.project.Place
	}
	return placeOf(s.node, key, written, s.project.Place)
}

// matchingFolders looks only as deep as the pattern can match, and not into the
// folders that it found: what lies there is for the rules of functions.
func (s *scanner) matchingFolders(pattern string) []string {
	base, rest := splitPattern(pattern)
	if rest == "" {
		if s.tree.Folder(base) == nil {
			return nil
		}
		return []string{base}
	}
	depth := strings.Count(rest, "/") + 1
	if strings.Contains(rest, "**") {
		depth = -1
	}
	var found []string
	var descend func(dir string, depth int)
	descend = func(dir string, depth int) {
		f := s.tree.Folder(dir)
		if f == nil || depth == 0 {
			return
		}
		for _, e := range f.Entries {
			path := tree.Join(dir, e.Name)
			switch {
			case e.Kind != tree.Dir || e.Skip != "":
			case doublestar.MatchUnvalidated(pattern, path):
				found = append(found, path)
			case !strings.HasPrefix(e.Name, "."):
				descend(path, depth-1)
			}
		}
	}
	descend(base, depth)
	return found
}

// splitPattern is the folder that a pattern begins with, and what follows it.
func splitPattern(pattern string) (base, rest string) {
	if !strings.ContainsAny(pattern, `*?[{\`) {
		return pattern, ""
	}
	base, rest = doublestar.SplitPattern(pattern)
	return base, rest
}

// excluded returns the pattern of exclude: that matches a folder. A pattern is
// compared with the path from the project's root and with that from the functions
// folder.
func (s *scanner) excluded(patterns []string, root, dir string) (string, bool) {
	within := dir
	if root != "." {
		within = strings.TrimPrefix(dir, root+"/")
	}
	for _, p := range patterns {
		if doublestar.MatchUnvalidated(p, dir) || doublestar.MatchUnvalidated(p, within) {
			return p, true
		}
	}
	return "", false
}
