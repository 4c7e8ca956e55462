//go:build unix

package build

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// alive reports whether a process runs. One that has ended stays until its parent, or
// whoever takes its place, asks for its end.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || !strings.Contains(string(status), ") Z ")
}
