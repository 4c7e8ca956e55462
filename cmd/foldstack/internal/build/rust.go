package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// rust compiles the program for musl, which needs no C library of the runtime, and
// names it bootstrap.
//
// https://docs.aws.amazon.com/lambda/latest/dg/rust-package.html
// https://doc.rust-lang.org/cargo/commands/cargo-build.html
func rust(ctx context.Context, s *site) error {
	machine := architectures[s.fn.Architecture.Value].rust
	target := machine + "-unknown-linux-musl"
	args := []string{"build", "--release", "--target", target, "--message-format", "json-render-diagnostics", "--target-dir", filepath.Join(s.dir, "target")}
	if _, _, locked := s.nearest("Cargo.lock"); locked {
		args = append(args, "--locked")
	} else {
		return s.failure("no Cargo.lock says which versions", "run `cargo generate-lockfile` and commit Cargo.lock")
	}
	out, err := s.run(ctx, program{name: "cargo", args: args, dir: s.folder(), env: s.cargoEnvironment(target), data: true, hints: map[string]string{
		"target may not be installed": "run `rustup target add " + target + "`",
		"can't find crate for `core`": "run `rustup target add " + target + "`",
		"can't find crate for `std`":  "run `rustup target add " + target + "`",
		"linker `":                    "code in C needs a compiler for " + target + "; write its steps under `build` in function.yaml, such as with cargo-lambda, or make the function a container image",
	}})
	if err != nil {
		return err
	}
	built, err := s.executable(out)
	if err != nil {
		return err
	}
	return s.copyIn(built, "bootstrap", true)
}

// cargoEnvironment makes that no path of this machine enters the program, unless the
// project has flags of its own, which these would replace; and that Rust's own linker
// links for another architecture.
//
// https://doc.rust-lang.org/cargo/reference/environment-variables.html
func (s *site) cargoEnvironment(target string) []string {
	env := []string{"CARGO_PROFILE_RELEASE_STRIP=symbols", "CARGO_INCREMENTAL=0"}
	if _, _, own := s.nearest(".cargo/config.toml", ".cargo/config"); own {
		return env
	}
	home := os.Getenv("CARGO_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err == nil {
			home = filepath.Join(user, ".cargo")
		}
	}
	flags := []string{"--remap-path-prefix=" + s.dir + "=/build", "--remap-path-prefix=" + home + "=/cargo"}
	env = append(env, "CARGO_ENCODED_RUSTFLAGS="+strings.Join(flags, "\x1f"))
	linker := "CARGO_TARGET_" + strings.ToUpper(strings.ReplaceAll(target, "-", "_")) + "_LINKER"
	if runtime.GOARCH != architectures[s.fn.Architecture.Value].golang && os.Getenv(linker) == "" {
		env = append(env, linker+"=rust-lld")
	}
	return env
}

// executable is the program that Cargo made of the entry, or its only one.
//
// https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages
func (s *site) executable(messages []byte) (string, error) {
	entry := s.on(path.Join(s.fn.Dir, s.fn.Entry))
	var found []string
	for decoder := json.NewDecoder(bytes.NewReader(messages)); ; {
		var m struct {
			Executable string `json:"executable"`
			Target     struct {
				SrcPath string `json:"src_path"`
			} `json:"target"`
		}
		if err := decoder.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", fmt.Errorf("reading what cargo built: %w", err)
		}
		switch {
		case m.Executable == "":
		case m.Target.SrcPath == entry:
			return m.Executable, nil
		default:
			found = append(found, m.Executable)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var names []string
	for _, f := range found {
		names = append(names, filepath.Base(f))
	}
	return "", s.failure(fmt.Sprintf("cargo made %d programs: %s", len(found), strings.Join(names, ", ")),
		"keep one program to a function, or write the steps under `build` in function.yaml")
}
