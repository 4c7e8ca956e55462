package build

import (
	"context"
	"path"
	"path/filepath"
)

// golang compiles the program to a file called bootstrap. Neither a path nor a build id
// of this machine enters it; without cgo it needs no C library. The tag leaves out the
// server of the retired runtime go1.x.
//
// https://docs.aws.amazon.com/lambda/latest/dg/golang-package.html
// https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
func golang(ctx context.Context, s *site) error {
	_, err := s.run(ctx, program{
		name: "go",
		args: []string{
			"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=", "-tags", "lambda.norpc",
			"-o", filepath.Join(s.out.Name(), "bootstrap"), "./" + path.Dir(s.fn.Entry),
		},
		dir: s.folder(),
		// Flags, experiments and instruction sets of this machine's own are not the project's.
		env: []string{
			"CGO_ENABLED=0", "GOOS=linux", "GOARCH=" + architectures[s.fn.Architecture.Value].golang,
			"GOFLAGS=", "GOEXPERIMENT=", "GOARM64=", "GOAMD64=",
		},
		hints: map[string]string{
			"missing go.sum entry": "run `go mod tidy` and commit go.mod and go.sum",
			"updates to go.mod":    "run `go mod tidy` and commit go.mod and go.sum",
		},
	})
	return err
}
