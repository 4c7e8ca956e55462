//go:build !unix

package build

import "os/exec"

// endTogether leaves it at what os/exec does: it ends the program alone.
func endTogether(*exec.Cmd) {}

func endRest(*exec.Cmd) {}
