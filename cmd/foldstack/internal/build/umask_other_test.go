//go:build !unix

package build

import "testing"

// withUmask: this system has none.
func withUmask(*testing.T, int) {}
