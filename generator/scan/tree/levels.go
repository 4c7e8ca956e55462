package tree

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/scan/ignore"
)

// A level is an ignore file and the folder whose files it rules.
type level struct {
	file   string // its path, for people
	rules  *ignore.Rules
	prefix string // what to put before a path of the project: the folder lies above it
	strip  int    // how much to cut off a path of the project: the folder lies within
}

// ignored says which rule ignores a path; the innermost ignore file with a rule for
// it decides.
//
// https://git-scm.com/docs/gitignore#_description
func ignored(levels []level, path string, dir bool) string {
	for i := len(levels) - 1; i >= 0; i-- {
		l := &levels[i]
		if rule := l.rules.Match(l.prefix+path[l.strip:], dir); rule != nil {
			if rule.Negated {
				return ""
			}
			return fmt.Sprintf("ignored by %s:%d (%s)", l.file, rule.Line, rule.Text)
		}
	}
	return ""
}

// withOwn adds the folder's own ignore file to those above it.
func (t *Tree) withOwn(levels []level, dir string, names siblings) []level {
	if !names.has(".gitignore") {
		return levels
	}
	path := Join(dir, ".gitignore")
	info, err := os.Lstat(t.onDisk(path))
	if err != nil || !info.Mode().IsRegular() {
		return levels // git follows no links here either
	}
	file := t.read(path, MaxKept)
	if file.Data == nil && !file.Failed {
		t.problems.Addf("unusable-file", diag.Place{File: path}, "split it", "the ignore file has %d bytes; more than %d are not read", file.Size, MaxKept)
	}
	own := level{file: path, rules: ignore.Parse(file.Data)}
	if dir != "." {
		own.strip = len(dir) + 1
	}
	return append(levels[:len(levels):len(levels)], own)
}

// outerLevels finds the ignore files that rule the project from above: up to the
// folder that holds .git. A project that an outer repository ignores as a whole is
// no part of it, and its rules do not count.
func outerLevels(root string) []level {
	for prefix, dir := "", root; ; {
		if info, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			levels := repositoryLevels(dir, prefix, info)
			if prefix != "" && isIgnored(levels, prefix) {
				return nil
			}
			return levels
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil
		}
		prefix = filepath.Base(dir) + "/" + prefix
		dir = parent
	}
}

// isIgnored reports whether any folder on the way to the project is ignored.
func isIgnored(levels []level, prefix string) bool {
	for i := range prefix {
		if prefix[i] != '/' {
			continue
		}
		for at := len(levels) - 1; at >= 0; at-- {
			base := prefix[:len(prefix)-len(levels[at].prefix)]
			if len(base) > i {
				continue // the file lies in or below that folder
			}
			if rule := levels[at].rules.Match(prefix[len(base):i], true); rule != nil {
				if !rule.Negated {
					return true
				}
				break
			}
		}
	}
	return false
}

// repositoryLevels reads the ignore files from the repository's root down to the
// folder above the project's.
func repositoryLevels(dir, prefix string, git fs.FileInfo) []level {
	var levels []level
	add := func(name, path, prefix string) {
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() || info.Size() > MaxKept {
			return
		}
		if data, err := os.ReadFile(path); err == nil {
			levels = append(levels, level{file: name, rules: ignore.Parse(data), prefix: prefix})
		}
	}
	if git.IsDir() {
		add(".git/info/exclude", filepath.Join(dir, ".git", "info", "exclude"), prefix)
	}
	for up := strings.Count(prefix, "/"); prefix != ""; up-- {
		add(strings.Repeat("../", up)+".gitignore", filepath.Join(dir, ".gitignore"), prefix)
		name, rest, _ := strings.Cut(prefix, "/")
		dir, prefix = filepath.Join(dir, name), rest
	}
	return levels
}
