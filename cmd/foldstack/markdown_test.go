package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// root is the repository's folder.
var root = filepath.Join("..", "..")

// pages are the pages that people read, relative to the repository.
func pages(t *testing.T) []string {
	t.Helper()
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	list := []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md"}
	for _, page := range docs {
		list = append(list, filepath.Join("docs", filepath.Base(page)))
	}
	require.Greater(t, len(list), 5, "the search found too few pages")
	return list
}

func read(t *testing.T, page string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, page))
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// fence is a block of code in a page.
type fence struct {
	chapter  string // the heading of the second level above it
	heading  string // the nearest heading above it
	language string
	first    int // index of its first line, behind the opening fence
	lines    []string
}

// A row of a table is its cells.
type row struct {
	heading string
	cells   []string
}

// fencesAndRows reads the blocks and the tables' bodies of a page.
func fencesAndRows(t *testing.T, lines []string) (fences []fence, rows []row) {
	t.Helper()
	var open *fence
	chapter, heading, header := "", "", true
	for i, line := range lines {
		switch {
		case open != nil && line == "```":
			fences, open = append(fences, *open), nil
		case open != nil:
			open.lines = append(open.lines, line)
		case strings.HasPrefix(line, "```"):
			open = &fence{chapter: chapter, heading: heading, language: line[3:], first: i + 1}
		case strings.HasPrefix(line, "#"):
			heading = strings.TrimLeft(line, "# ")
			if strings.HasPrefix(line, "## ") {
				chapter = heading
			}
		case !strings.HasPrefix(line, "|"):
			header = true
		case strings.HasPrefix(line, "|--"):
			header = false
		case !header:
			rows = append(rows, row{heading, cells(line)})
		}
	}
	require.Nil(t, open, "a block is not closed")
	return fences, rows
}

// cells splits a line of a table; a bar behind a backslash is text.
func cells(line string) []string {
	const bar = "\x00"
	list := strings.Split(strings.Trim(strings.ReplaceAll(line, `\|`, bar), "|"), "|")
	for i, cell := range list {
		list[i] = strings.TrimSpace(strings.ReplaceAll(cell, bar, "|"))
	}
	return list
}

// written are the pages that a person writes. Those that begin with a comment are
// generated, and held by the tests that generate them.
func written(t *testing.T) []string {
	t.Helper()
	list := slices.DeleteFunc(pages(t), func(page string) bool { return strings.HasPrefix(read(t, page)[0], "<!-- ") })
	require.Contains(t, list, "README.md")
	return list
}

// Blocks are run, decoded or looked at by the tests of this package; a block of
// another language would be one that nobody keeps true.
func TestNoBlockOfCodeIsLeftUntested(t *testing.T) {
	tested := []string{"console", "sh", "yaml", "python", "javascript", "dockerfile", "text"}
	for _, page := range written(t) {
		fences, _ := fencesAndRows(t, read(t, page))
		for _, f := range fences {
			assert.Contains(t, tested, f.language, "%s:%d", page, f.first)
		}
	}
}

func TestEveryLinkInsideTheRepositoryLeadsSomewhere(t *testing.T) {
	for _, page := range pages(t) {
		for i, line := range read(t, page) {
			for _, target := range links(line) {
				if strings.Contains(target, "://") {
					continue
				}
				file, anchor, _ := strings.Cut(target, "#")
				path := filepath.Join(filepath.Dir(page), file)
				if file == "" {
					path = page
				}
				if !assert.FileExists(t, filepath.Join(root, path), "%s:%d", page, i+1) || anchor == "" {
					continue
				}
				assert.True(t, slices.ContainsFunc(read(t, path), func(l string) bool {
					return strings.HasPrefix(l, "#") && anchorOf(l) == anchor
				}), "%s:%d: %s has no heading #%s", page, i+1, path, anchor)
			}
		}
	}
}

// links are the targets of the links in a line that are no folders.
func links(line string) (targets []string) {
	for _, part := range strings.Split(line, "](")[1:] {
		target, _, ok := strings.Cut(part, ")")
		if ok && !strings.HasSuffix(target, "/") {
			targets = append(targets, target)
		}
	}
	return targets
}

// anchorOf is how GitHub names a heading.
func anchorOf(heading string) string {
	text := strings.ToLower(strings.TrimLeft(heading, "# "))
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, text)
}
