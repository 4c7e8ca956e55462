package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// errNobody says that nobody is there who could answer.
var errNobody = errors.New("nobody is there to answer")

// ask reads a person's answer to a question, a line. Who interrupts answers too.
func (s *session) ask(ctx context.Context, question string) (string, error) {
	if !s.interactive || !s.answers {
		return "", errNobody
	}
	fmt.Fprintf(s.stderr, "foldstack: %s ", question)
	var line string
	var err error
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		line, err = bufio.NewReader(s.stdin).ReadString('\n')
	}()
	select {
	case <-answered:
	case <-ctx.Done():
		fmt.Fprintln(s.stderr)
		return "", context.Cause(ctx)
	}
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
func (s *session) confirm(ctx context.Context, question string) (bool, error) {
	answer, err := s.ask(ctx, question+" [y/N]")
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes", err
}
