package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/output"
)

// inRepository is a folder as seen from the root of the Git repository that it lies
// in, if it lies in one; empty where it is the root itself.
func inRepository(dir string) (folder string, inside bool) {
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
			rel, err := filepath.Rel(root, dir)
			if rel == "." {
				rel = ""
			}
			return filepath.ToSlash(rel), err == nil
		}
		if root == filepath.Dir(root) {
			return "", false
		}
	}
}

// misplaced warns of a pipeline that would not find the project in what its source
// gives it. Git is not asked in the pipeline, where there is none, so that this is no
// rule.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
func (s *session) misplaced(p *model.Project, root string) {
	folder, inside := inRepository(root)
	if !inside || folder == p.Source.Folder || p.Source.Provider == model.S3 {
		return
	}
	s.say("the pipeline would look for this project in %s of the repository, and it lies in %s", place(p.Source.Folder), place(folder))
	if folder == "" {
		s.advise("leave `folder` out of `source`")
	} else {
		s.advise("write `source: {folder: " + folder + ", …}`")
	}
}

func place(folder string) string {
	if folder == "" {
		return "the root"
	}
	return folder
}

// rewrittenLineEnds advises whoever has a checkout in which Git rewrote the ends of
// lines: the functions' files have other bytes there, and so other digests.
//
// https://git-scm.com/docs/gitattributes#_end_of_line_conversion
func (s *session) rewrittenLineEnds(result *generator.Result) {
	if result.Plan == nil || !slices.ContainsFunc(result.Plan.Changes(), endsInCRLF) {
		return
	}
	s.advise("the lines of " + result.Project.Output + " end in CR LF, as in a checkout with core.autocrlf, where digests differ from everybody else's; " +
		"write `* text=auto eol=lf` into .gitattributes and check out again")
}

// endsInCRLF reports a file as foldstack never writes it.
func endsInCRLF(c output.Change) bool {
	return c.Kind == output.Updated && bytes.Contains(c.Before(), []byte("\r\n"))
}
