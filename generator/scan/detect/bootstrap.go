package detect

import (
	"bytes"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// bootstrap is a custom runtime: a program or script of that name at the
// archive's top, which Lambda starts. A program may have been built from sources
// beside it, so it is only a possible candidate; a script is a sure one.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
type bootstrap struct{}

func (bootstrap) name() string { return "a custom runtime" }

func (bootstrap) runs(runtime string) bool { return strings.HasPrefix(runtime, "provided") }

func (bootstrap) sought() string { return "a program or script" }

func (bootstrap) source(f *file) bool { return f.Path == "bootstrap" }

func (b bootstrap) find(t *tree) []candidate {
	f := t.file("bootstrap")
	if f == nil {
		return nil
	}
	c := candidate{language: b, file: f, handler: bootstrapHandler, evidence: "bootstrap"}
	switch {
	case bytes.HasPrefix(f.Data, []byte("#!")):
		line, _, _ := bytes.Cut(f.Data, []byte("\n"))
		c.evidence = "bootstrap: " + strings.ToValidUTF8(strings.TrimSpace(string(line)), "�")
	case f.Data == nil || bytes.HasPrefix(f.Data, []byte("\x7fELF")):
		c.weak = true
	default:
		t.miss(f, 0, "it is neither a program for Linux nor a script that begins with #!")
		return nil
	}
	return []candidate{c}
}

func (bootstrap) runtime(t *tree, entry *file) (model.Choice, *mismatch) {
	return onlyOS(t, entry, "bootstrap")
}

func (bootstrap) locate(*tree, string) (*file, string) { return nil, "" }

func (bootstrap) malformed(string) string { return "" }
