package judge

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"

	"github.com/foldstack/foldstack/generator/authz"
)

var verdicts = map[string]authz.Verdict{
	"Allowed": authz.Allowed, "ExplicitlyDenied": authz.ExplicitDeny, "ImplicitlyDenied": authz.ImplicitDeny,
}

// Ask hands cases to the judge and returns its verdicts. The script is
// .ci/conformance/iam.mjs, the folder the one in which the simulator is installed.
func Ask(script, folder string, cases []*authz.Case) ([]authz.Verdict, error) {
	var input bytes.Buffer
	lines := json.NewEncoder(&input)
	for i, c := range cases {
		s, err := simulationOf(c)
		if err != nil {
			return nil, fmt.Errorf("case %d: %w", i, err)
		}
		if err := lines.Encode(s); err != nil {
			return nil, fmt.Errorf("case %d: %w", i, err)
		}
	}
	var talk bytes.Buffer
	command := exec.Command("node", script, folder)
	command.Stdin, command.Stderr = &input, &talk
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("asking the judge: %w\n%s", err, talk.String())
	}
	return read(output, len(cases))
}

func read(output []byte, n int) ([]authz.Verdict, error) {
	all := make([]authz.Verdict, 0, n)
	for lines := bufio.NewScanner(bytes.NewReader(output)); lines.Scan(); {
		var answer struct{ Verdict, Error string }
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			return nil, fmt.Errorf("reading the judge: %w", err)
		}
		verdict, ok := verdicts[answer.Verdict]
		if !ok {
			return nil, fmt.Errorf("the judge refuses case %d: %s%s", len(all), answer.Verdict, answer.Error)
		}
		all = append(all, verdict)
	}
	if len(all) != n {
		return nil, fmt.Errorf("the judge answers %d of %d cases", len(all), n)
	}
	return all, nil
}
