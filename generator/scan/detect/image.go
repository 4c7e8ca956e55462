package detect

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// image is a folder whose Dockerfile builds the function.
//
// A Dockerfile at the folder's top makes an image function where its last stage
// can be run by Lambda: it is built from one of AWS's base images for Lambda, or
// holds the runtime interface client or the Lambda Web Adapter, and says what to
// start. Any other Dockerfile may be a box to build or test in, and is one as long
// as the folder holds code that a runtime could take: only where there is none,
// because the language is not one of Lambda's, does its command make it a function.
// A stage that ends in a shell or a package tool is a box in any case. A runtime or
// handler in function.yaml makes a function of the code, whatever the Dockerfile.
//
// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
type image struct {
	dockerfile string
	choice     model.Choice
}

func (i *image) result() Result {
	return Result{Package: model.Image, Runtime: i.choice, Dockerfile: i.dockerfile, Entry: i.dockerfile}
}

func (t *tree) image() *image {
	f := t.file("Dockerfile")
	if f == nil || t.said.Runtime != "" || t.said.Handler != "" {
		return nil
	}
	last := lastStage(f.Data)
	if last == nil {
		return nil
	}
	evidence := ""
	switch marker := last.marker(); {
	case last.box():
		t.box = &remark{f.Path, t.place(f, last.offset), "the last stage is a box to build in, not a function"}
		return nil
	case lambdaBase.MatchString(last.base):
		evidence = "FROM " + last.base
	case marker != "":
		evidence = marker
	case !t.holdsSources():
		evidence = "its command, and no code for a runtime"
	default:
		t.box = &remark{f.Path, t.place(f, last.offset), "the last stage is no Lambda image"}
		return nil
	}
	return &image{"Dockerfile", model.Choice{
		Origin:   model.Detected,
		Evidence: "Dockerfile: " + evidence,
		Place:    t.place(f, last.offset),
	}}
}

// holdsSources reports whether there is code in a language that has a runtime.
func (t *tree) holdsSources() bool {
	for i := range t.files {
		f := &t.files[i]
		if f.test || f.junk {
			continue
		}
		if slices.ContainsFunc(languages, func(l language) bool { return l.source(f) }) {
			return true
		}
	}
	return false
}

// lambdaBase is the repositories of AWS's base images, there and in mirrors.
//
// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#runtimes-images-lp
var lambdaBase = regexp.MustCompile(`(^|/)(lambda/|aws-lambda-)(nodejs|python|java|dotnet|ruby|provided|go)([:@]|$)`)

// imageMarkers are what makes other images talk to Lambda: the runtime interface
// clients and the Lambda Web Adapter.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-open-source.html
var imageMarkers = []string{
	"awslambdaric", "aws-lambda-ric", "aws_lambda_ric", "com.amazonaws.services.lambda.runtime.api.client",
	"aws-lambda-adapter", "/lambda-adapter", "aws-lambda-rie",
}

// boxCommands are what a box starts.
var boxCommands = map[string]bool{
	"sh": true, "bash": true, "ash": true, "zsh": true, "pip": true, "pip3": true, "npm": true, "npx": true,
	"yarn": true, "pnpm": true, "zip": true, "make": true, "mvn": true, "gradle": true, "cargo": true, "pytest": true,
	"sleep": true, "tail": true, "true": true, "cat": true,
}

// stage is one FROM of a Dockerfile. It inherits from the stage of the same file
// that it is built on, if there is one.
type stage struct {
	parent     *stage
	base       string // image, arguments filled in
	offset     int
	entrypoint string // first word
	command    string
	lines      []string // its own instructions
}

// box reports whether a container of this stage does something else than wait
// for events: a client that is started by a shell is seen by its marker.
func (s *stage) box() bool {
	start := s.entrypoint
	if start == "" {
		start = s.command
	}
	return start == "" || boxCommands[path.Base(start)] && s.marker() == ""
}

// marker is what in the stage, or in those that it is built on, talks to Lambda.
func (s *stage) marker() string {
	for ; s != nil; s = s.parent {
		for _, line := range s.lines {
			for _, m := range imageMarkers {
				if strings.Contains(line, m) {
					return m
				}
			}
		}
	}
	return ""
}

// lastStage reads a Dockerfile as far as its last stage needs.
func lastStage(src []byte) *stage {
	arguments := map[string]string{}
	named := map[string]*stage{}
	var last *stage
	for _, in := range instructions(src) {
		rest := strings.Join(in.rest, " ")
		switch {
		case in.name == "FROM":
			last = newStage(in.offset, rest, arguments, named)
		case last != nil:
			last.add(in.name, rest)
		case in.name == "ARG":
			if name, value, ok := strings.Cut(rest, "="); ok {
				arguments[name] = strings.Trim(value, `"'`)
			}
		}
	}
	return last
}

func newStage(offset int, rest string, arguments map[string]string, named map[string]*stage) *stage {
	fields := slices.DeleteFunc(strings.Fields(rest), func(s string) bool { return strings.HasPrefix(s, "--") })
	s := &stage{offset: offset}
	if len(fields) > 0 {
		s.base = fillIn(fields[0], arguments)
	}
	if p := named[strings.ToLower(s.base)]; p != nil {
		s.parent, s.base, s.entrypoint, s.command = p, p.base, p.entrypoint, p.command
	}
	if len(fields) > 2 && strings.EqualFold(fields[1], "AS") {
		named[strings.ToLower(fields[2])] = s
	}
	return s
}

func (s *stage) add(name, rest string) {
	switch name {
	case "ENTRYPOINT":
		s.entrypoint, s.command = firstArgument(rest), ""
	case "CMD":
		s.command = firstArgument(rest)
	}
	s.lines = append(s.lines, rest)
}

// firstArgument is the program of an instruction in its exec or shell form.
func firstArgument(rest string) string {
	var list []string
	if json.Unmarshal([]byte(rest), &list) == nil {
		if len(list) == 0 {
			return ""
		}
		return list[0]
	}
	for _, word := range strings.Fields(rest) {
		if word != "exec" {
			return word
		}
	}
	return ""
}

var argument = regexp.MustCompile(`\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})`)

// fillIn replaces the arguments of an image name by their defaults.
func fillIn(name string, arguments map[string]string) string {
	return argument.ReplaceAllStringFunc(name, func(use string) string {
		m := argument.FindStringSubmatch(use)
		if value, ok := arguments[m[1]+m[2]]; ok {
			return value
		}
		return m[3]
	})
}

// instruction is one instruction of a Dockerfile, its continuations joined.
type instruction struct {
	name   string   // in upper case
	rest   []string // line by line
	offset int
}

// instructions cuts a Dockerfile up; the bodies of here-documents are left out.
func instructions(src []byte) []instruction {
	var list []instruction
	escape := byte('\\')
	at, continued, heredoc := 0, false, ""
	for line := range bytes.Lines(src) {
		offset := at
		at += len(line)
		trimmed := strings.TrimSpace(string(line))
		if heredoc != "" {
			if trimmed == heredoc {
				heredoc = ""
			}
			continue
		}
		if strings.HasPrefix(trimmed, "#") || trimmed == "" {
			if directive := strings.ReplaceAll(trimmed, " ", ""); len(list) == 0 && directive == "#escape=`" {
				escape = '`'
			}
			continue
		}
		more := trimmed[len(trimmed)-1] == escape
		body := strings.TrimSpace(strings.TrimSuffix(trimmed, string(escape)))
		if continued {
			last := &list[len(list)-1]
			last.rest = append(last.rest, body)
		} else {
			name, rest, _ := strings.Cut(body, " ")
			list = append(list, instruction{strings.ToUpper(name), []string{strings.TrimSpace(rest)}, offset})
		}
		continued = more
		if name := list[len(list)-1].name; !more && (name == "RUN" || name == "COPY") {
			heredoc = heredocEnd([]byte(body))
		}
	}
	return list
}
