package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// errNobody says that nobody is there who could answer.
var errNobody = errors.New("nobody is there to answer")

// ask reads a person's answer to a question, a line.
func (s *session) ask(question string) (string, error) {
	if !s.interactive || !s.answers {
		return "", errNobody
	}
	fmt.Fprintf(s.stderr, "foldstack: %s ", question)
	line, err := bufio.NewReader(s.stdin).ReadString('\n')
	switch {
	case errors.Is(err, io.EOF) && line == "":
		fmt.Fprintln(s.stderr)
		return "", errNobody
	case err != nil && !errors.Is(err, io.EOF):
		return "", fmt.Errorf("reading the answer: %w", err)
	}
	return strings.TrimSpace(line), nil
}

// confirm asks a question that takes a yes. Everything else is a no.
func (s *session) confirm(question string) (bool, error) {
	answer, err := s.ask(question + " [y/N]")
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes", err
}
