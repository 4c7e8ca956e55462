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
// in; empty where it is the root itself or lies in none.
func inRepository(dir string) string {
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
			if rel, err := filepath.Rel(root, dir); err == nil && rel != "." {
				return filepath.ToSlash(rel)
			}
			return ""
		}
		if root == filepath.Dir(root) {
			return ""
		}
	}
}

// belowRoot warns of a pipeline that would not find what is generated: it looks for
// the output folder at the root of what its source gives it. Git is not asked in
// the pipeline, where there is none, so that this is no rule.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
func (s *session) belowRoot(p *model.Project, root string) {
	folder := inRepository(root)
	if folder == "" || p.Source.Provider == model.S3 {
		return
	}
	s.say("this project is the folder %s of its repository, and its pipeline would look for %s at the root", folder, p.Output)
	s.advise("give it a repository of its own, or upload archives of this folder to `source: {provider: s3}`")
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
