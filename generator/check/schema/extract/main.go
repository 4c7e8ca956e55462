// Command extract takes CloudFormation's schemas out of an installed cfn-lint and
// writes the data that package schema embeds.
//
//	go run ./generator/check/schema/extract .conformance/python/lib/python3*/site-packages/cfnlint
//
// `make conformance` installs the version that is pinned in .ci/conformance. Equal
// input gives equal bytes. What the data holds and how it lies in the file is
// told in package schema.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("extract", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "generator/check/schema", "folder to write schemas.bin and LICENSE-cfn-lint to")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: extract [-out FOLDER] PACKAGE\n\nPACKAGE is the folder cfnlint of an installed cfn-lint.")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return 2
	}
	if err := extract(flags.Arg(0), *out, stdout); err != nil {
		fmt.Fprintln(stderr, "extract:", err)
		return 1
	}
	return 0
}

func extract(dir, out string, stdout io.Writer) error {
	linter, err := open(dir)
	if err != nil {
		return err
	}
	types, err := linter.types()
	if err != nil {
		return err
	}
	if len(types) == 0 {
		return errors.New("no type was found")
	}
	data, err := pack(linter, types)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "schemas.bin"), data, 0o644); err != nil {
		return fmt.Errorf("writing the data: %w", err)
	}
	if err := os.WriteFile(filepath.Join(out, "LICENSE-cfn-lint"), linter.licence, 0o644); err != nil {
		return fmt.Errorf("writing the licence: %w", err)
	}
	fmt.Fprintf(stdout, "cfn-lint %s, schemas of %s: %d types in %d regions, %d bytes\n",
		linter.version, linter.date, len(types), len(linter.regions), len(data))
	return nil
}
