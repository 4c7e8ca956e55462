package judge

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"

	"github.com/foldstack/foldstack/generator/authz"
)

// Answer is what the judge says of a case.
type Answer struct {
	Verdict  authz.Verdict // empty where it says none
	Unlisted string        // why its list of actions has no such request; then Verdict is that of the policies alone
}

var verdicts = map[string]authz.Verdict{
	"Allowed": authz.Allowed, "ExplicitlyDenied": authz.ExplicitDeny, "ImplicitlyDenied": authz.ImplicitDeny,
}

// Ask hands cases to the judge and returns its answers. The script is
// .ci/conformance/iam.mjs, the folder the one in which the simulator is installed.
func Ask(script, folder string, cases []*authz.Case) ([]Answer, error) {
	input, lines := io.Pipe()
	go func() { lines.CloseWithError(write(lines, cases)) }()
	defer input.Close()
	var talk bytes.Buffer
	command := exec.Command("node", script, folder)
	command.Stdin, command.Stderr = input, &talk
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("asking the judge: %w\n%s", err, talk.String())
	}
	return read(output, len(cases))
}

func write(to io.Writer, cases []*authz.Case) error {
	lines := json.NewEncoder(to)
	for i, c := range cases {
		s, err := simulationOf(c)
		if err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
		if err := lines.Encode(s); err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
	}
	return nil
}

func read(output []byte, n int) ([]Answer, error) {
	all := make([]Answer, 0, n)
	for lines := bufio.NewScanner(bytes.NewReader(output)); lines.Scan(); {
		var said struct{ Verdict, Unlisted, Error string }
		if err := json.Unmarshal(lines.Bytes(), &said); err != nil {
			return nil, fmt.Errorf("reading the judge: %w", err)
		}
		verdict, ok := verdicts[said.Verdict]
		if !ok && (said.Verdict != "" || said.Unlisted == "") {
			return nil, fmt.Errorf("the judge refuses case %d: %s%s", len(all), said.Verdict, said.Error)
		}
		all = append(all, Answer{verdict, said.Unlisted})
	}
	if len(all) != n {
		return nil, fmt.Errorf("the judge answers %d of %d cases", len(all), n)
	}
	return all, nil
}
