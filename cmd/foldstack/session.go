package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator/diag"
)

// session is what every subcommand prints with.
type session struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	answers        bool // a person writes stdin
	watched        bool // a person watches stdout
	paint          bool // stdout takes colours
	paintTalk      bool // stderr takes colours
	interactive    bool // a person watches stderr
	quiet          bool // --quiet

	waiting cloud.Options // for AWS

	lock  sync.Mutex // of stderr, while work goes on
	drawn bool       // a line that changes stands there
}

func newSession(stdout, stderr io.Writer, env func(string) string) *session {
	colors := env("NO_COLOR") == "" && env("TERM") != "dumb" // https://no-color.org
	return &session{
		stdin: os.Stdin, stdout: stdout, stderr: stderr,
		answers:     isTerminal(os.Stdin),
		watched:     isTerminal(stdout),
		paint:       colors && isTerminal(stdout),
		paintTalk:   colors && isTerminal(stderr),
		interactive: isTerminal(stderr) && env("TERM") != "dumb",
	}
}

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// The colours, as ANSI escape sequences.
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
	dim    = "\x1b[2m"
	plain  = "\x1b[0m"
)

func painted(on bool, color, text string) string {
	if !on || text == "" {
		return text
	}
	return color + text + plain
}

// say tells a person what happened or what comes next, unless they asked for quiet.
func (s *session) say(format string, args ...any) {
	if s.quiet {
		return
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	fmt.Fprintf(s.stderr, "%sfoldstack: %s\n", s.erased(), diag.Visible(fmt.Sprintf(format, args...)))
}

// error tells what went wrong.
func (s *session) error(text string) {
	fmt.Fprintf(s.stderr, "foldstack: %s %s\n", painted(s.paintTalk, red, "error:"), diag.Visible(text))
}

// advise is a hint that a person who asked for quiet does not need.
func (s *session) advise(text string) {
	if !s.quiet {
		s.hint(text)
	}
}

// hint tells what to do about what went wrong.
func (s *session) hint(text string) {
	fmt.Fprintf(s.stderr, "foldstack: %s %s\n", painted(s.paintTalk, cyan, "hint:"), diag.Visible(text))
}

// problems prints what is wrong with the project's files.
func (s *session) problems(list []diag.Problem, sources *diag.Sources) error {
	if err := diag.WriteText(s.stderr, list, sources, s.paintTalk); err != nil {
		return fmt.Errorf("printing the problems: %w", err)
	}
	return nil
}

// object prints a value as JSON.
func (s *session) object(v any) error {
	enc := json.NewEncoder(s.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("printing JSON: %w", err)
	}
	return nil
}

// count is "1 file", "2 files".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
