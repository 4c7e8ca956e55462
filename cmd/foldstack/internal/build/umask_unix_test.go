//go:build unix

package build

import (
	"syscall"
	"testing"
)

func withUmask(t *testing.T, mask int) {
	before := syscall.Umask(mask)
	t.Cleanup(func() { syscall.Umask(before) })
}
