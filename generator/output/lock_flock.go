//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package output

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock keeps a second foldstack from writing to the folder at the same time. The
// system lifts it when the process ends, however it ends. On a file system that
// knows no locks there is none: two runs then write the same bytes twice.
func lock(root *os.Root, dir string) (unlock func(), err error) {
	file, err := root.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder %s: %w", dir, err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		file.Close()
		return nil, fmt.Errorf("another foldstack is writing to %s; try again when it is done", dir)
	}
	return func() { file.Close() }, nil
}
