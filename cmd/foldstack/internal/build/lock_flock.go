//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package build

import (
	"os"
	"syscall"
)

// locks tells that a lock says whether a process is at work.
const locks = true

// lock takes a folder for this process until the file is closed. The system lifts the
// lock when the process ends, however it ends.
func lock(dir string) (*os.File, error) {
	file, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
