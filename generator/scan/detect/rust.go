package detect

import (
	"bytes"
	"path"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// rust reads a Cargo.toml at the folder's top that depends on the Lambda runtime
// and has a program. It is compiled to a file called bootstrap.
//
// https://docs.aws.amazon.com/lambda/latest/dg/rust-handler.html
type rust struct{}

func (rust) name() string { return "Rust" }

func (rust) runs(runtime string) bool { return strings.HasPrefix(runtime, "provided") }

func (rust) sought() string { return "a program whose Cargo.toml depends on lambda_runtime" }

func (rust) source(f *file) bool { return f.ext == ".rs" }

// rustRuntimes are the crates that talk to Lambda, the most specific first.
var rustRuntimes = []string{"lambda_http", "lambda_runtime"}

func (r rust) find(t *tree) []candidate {
	cargo := t.file("Cargo.toml")
	if cargo == nil {
		return nil
	}
	crate, offset := lambdaCrate(cargo.Data)
	if crate == "" {
		return nil
	}
	var found []candidate
	for _, f := range r.programs(t, cargo.Data) {
		found = append(found, candidate{
			language: r,
			file:     cargo,
			offset:   offset,
			handler:  bootstrapHandler,
			evidence: "Cargo.toml: " + crate,
			entry:    f,
		})
	}
	if len(found) == 0 {
		t.remark(cargo, offset, crate+", but no src/main.rs or src/bin/*.rs")
	}
	return found
}

// lambdaCrate finds a dependency on the Lambda runtime.
func lambdaCrate(data []byte) (crate string, offset int) {
	section, at := "", 0
	for line := range bytes.Lines(data) {
		trimmed := string(bytes.TrimSpace(line))
		if strings.HasPrefix(trimmed, "[") {
			section = strings.Trim(trimmed, "[] ")
		}
		for _, name := range rustRuntimes {
			named := section == "dependencies" && dependsOn(trimmed, name)
			table := strings.HasPrefix(trimmed, "[") && section == "dependencies."+name
			if named || table {
				return name, at
			}
		}
		at += len(line)
	}
	return "", 0
}

// dependsOn reads name = …, name.workspace = true and other = { package = "name" }.
func dependsOn(line, name string) bool {
	if strings.HasPrefix(line, "#") {
		return false
	}
	key, value, ok := strings.Cut(line, "=")
	key, _, _ = strings.Cut(strings.TrimSpace(key), ".")
	return ok && (strings.Trim(key, `"'`) == name || strings.Contains(value, `"`+name+`"`))
}

// programs is the files with a main function that Cargo would build: src/main.rs
// alone where there is one, because it is the one that bears the crate's name.
func (rust) programs(t *tree, cargo []byte) []*file {
	if f := t.file("src/main.rs"); f != nil {
		return []*file{f}
	}
	if p, _ := tomlValue(cargo, "bin", "path"); p != "" {
		if f := t.file(path.Clean(p)); f != nil {
			return []*file{f}
		}
	}
	var found []*file
	for i := range t.files {
		f := &t.files[i]
		if f.ext == ".rs" && (f.dir == "src/bin" || path.Dir(f.dir) == "src/bin" && f.base == "main.rs") {
			found = append(found, f)
		}
	}
	return found
}

func (rust) runtime(t *tree, entry *file) (model.Choice, *mismatch) {
	return onlyOS(t, entry, "Cargo.toml")
}

func (rust) locate(*tree, string) (*file, string) { return nil, "" }

func (rust) malformed(string) string { return "" }
