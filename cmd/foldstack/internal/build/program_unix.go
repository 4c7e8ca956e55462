//go:build unix

package build

import (
	"os/exec"
	"syscall"
)

// endTogether puts a program and all that it starts into a process group, which is told
// to end when the context is done, and is killed when it has ended without them.
func endTogether(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}

// endRest kills what a program that has ended left behind.
func endRest(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // mostly there is nobody left
	}
}
