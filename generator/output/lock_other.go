//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package output

import "os"

// lock does nothing where folders cannot be locked: two runs write the same bytes twice.
func lock(*os.Root, string) (unlock func(), err error) { return func() {}, nil }
