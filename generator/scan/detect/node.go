package detect

import (
	"bytes"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// node reads JavaScript (CommonJS and modules) and TypeScript.
//
// A handler is the module's path without extension, a dot and the export:
// Lambda takes what follows the first dot of the file's name for the export and
// looks for .js, .mjs and .cjs. A module.exports that is itself a function has no
// name and cannot be called.
//
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
type node struct{}

func (node) name() string { return "Node.js" }

func (node) runs(runtime string) bool { return strings.HasPrefix(runtime, "nodejs") }

func (node) sought() string {
	return "an exported handler (exports.handler, export const handler)"
}

// nodeExtensions is in the order in which a file is preferred: TypeScript is the
// source of a JavaScript file beside it, and of several JavaScript files Lambda
// takes .js before .mjs before .cjs.
var nodeExtensions = []string{".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"}

func typescript(ext string) bool { return len(ext) > 2 && strings.Contains(ext, "ts") }

func (node) source(f *file) bool {
	if !slices.Contains(nodeExtensions, f.ext) || f.base[0] == '.' {
		return false
	}
	switch f.stem {
	case "gulpfile", "Gruntfile", "gruntfile", "Gulpfile", "jakefile":
		return false
	}
	return !strings.HasSuffix(f.stem, ".d") && !strings.HasSuffix(f.stem, ".config") && !strings.HasSuffix(f.stem, "rc")
}

func (n node) find(t *tree) []candidate {
	found := t.search(n.source, func(f *file) []candidate { return n.read(t, f) })
	found = withoutBuilt(found)
	pkg := t.packageJSON()
	if main := pkg.main(t); main != nil && len(found) == 0 && n.source(main) && !main.test {
		found = n.read(t, main)
	} else if main != nil {
		found = preferFile(found, main)
	}
	return withoutReexported(found)
}

// withoutBuilt leaves out JavaScript that was built from TypeScript: a file of
// the same name with the same handler, and of two files that are one module for
// Lambda the one that it would not take.
func withoutBuilt(found []candidate) []candidate {
	return reject(found, func(c candidate) bool {
		return slices.ContainsFunc(found, func(d candidate) bool {
			if c.file == d.file || c.file.stem != d.file.stem || exportOf(c.handler) != exportOf(d.handler) {
				return false
			}
			if c.file.dir == d.file.dir {
				return slices.Index(nodeExtensions, c.file.ext) > slices.Index(nodeExtensions, d.file.ext)
			}
			return !typescript(c.file.ext) && typescript(d.file.ext)
		})
	})
}

// preferFile keeps the candidates of the file that package.json calls the main
// one, unless another file has a better name for a handler.
func preferFile(found []candidate, main *file) []candidate {
	rank := func(only *file) int {
		best := unranked
		for _, c := range found {
			if only == nil || c.file == only {
				best = min(best, c.rank)
			}
		}
		return best
	}
	if r := rank(main); r == unranked || r > rank(nil) {
		return found
	}
	return reject(found, func(c candidate) bool { return c.file != main })
}

const unranked = 1 << 10

// withoutReexported leaves out a file whose handler another file exports again:
// the file that does so is meant as the entry.
func withoutReexported(found []candidate) []candidate {
	return reject(found, func(c candidate) bool {
		return slices.ContainsFunc(found, func(d candidate) bool { return d.file != c.file && d.from == c.file })
	})
}

func exportOf(handler string) string {
	_, export, _ := strings.Cut(handler[strings.LastIndexByte(handler, '/')+1:], ".")
	return export
}

func (n node) read(t *tree, f *file) []candidate {
	if !bytes.Contains(f.Data, []byte("export")) {
		return nil
	}
	m := readModule(f.Data)
	if m.whole >= 0 && len(m.exports) == 0 && !strings.Contains(f.stem, ".") {
		t.miss(f, m.whole, "module.exports is the function itself, and Lambda calls a named export: write exports.handler")
	}
	var found []candidate
	for _, e := range m.exports {
		rank := e.rank()
		if rank == unranked {
			continue
		}
		if strings.Contains(f.stem, ".") {
			t.miss(f, e.offset, "Lambda takes what follows the first dot of a file's name for the export: rename the file")
			return nil
		}
		found = append(found, candidate{
			language: n,
			file:     f,
			offset:   e.offset,
			handler:  path.Join(f.dir, f.stem) + "." + e.name,
			evidence: f.Path + " exports " + e.name,
			rank:     rank,
			from:     t.module(f, e.from),
		})
	}
	return found
}

// module is the file that a relative import in f means, or nil.
func (t *tree) module(f *file, from string) *file {
	if !strings.HasPrefix(from, ".") {
		return nil
	}
	base := path.Join(f.dir, from)
	for _, ext := range append([]string{""}, nodeExtensions...) {
		for _, p := range []string{base + ext, path.Join(base, "index"+ext)} {
			if m := t.file(p); m != nil {
				return m
			}
		}
	}
	if ext := path.Ext(base); ext != "" { // './a.js' means a.ts in a TypeScript module
		return t.file(strings.TrimSuffix(base, ext) + ".ts")
	}
	return nil
}

// packageJSON is what of package.json matters here.
type packageJSON struct {
	Main    string                     `json:"main"`
	Engines map[string]json.RawMessage `json:"engines"`
	Volta   map[string]json.RawMessage `json:"volta"`
	data    []byte
}

// packageJSON reads the manifest at the folder's top; what it does not
// understand is as if it were not there.
func (t *tree) packageJSON() packageJSON {
	var p packageJSON
	if f := t.file("package.json"); f != nil {
		p.data = f.Data
		_ = json.Unmarshal(f.Data, &p) // a field of another type leaves the others
	}
	return p
}

func (p packageJSON) main(t *tree) *file {
	if p.Main == "" {
		return nil
	}
	return t.module(&file{}, "./"+path.Clean(p.Main))
}

func (n node) runtime(t *tree, entry *file) (model.Choice, *mismatch) {
	p := t.packageJSON()
	pins := []pin{
		t.jsonPin(p, "engines", p.Engines["node"]),
		t.jsonPin(p, "volta", p.Volta["node"]),
		t.filePin(".nvmrc", nodeVersion),
		t.filePin(".node-version", nodeVersion),
		t.filePin(".tool-versions", toolVersion("nodejs", "node")),
	}
	return nodeFamily.choose(pins, t.seen(entry)), nil
}

func (t *tree) jsonPin(p packageJSON, section string, raw json.RawMessage) pin {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return pin{}
	}
	name := path.Join(t.folder.Dir, "package.json")
	at := max(bytes.Index(p.data, []byte(`"`+section+`"`)), 0)
	return pin{
		place: position(name, p.data, at),
		what:  "package.json: " + section + ".node",
		text:  text,
		allow: parseRange(text),
	}
}

// nodeReleases are the names under which nvm knows the releases with a runtime.
var nodeReleases = map[string]string{"lts/jod": "22", "lts/krypton": "24"}

func nodeVersion(data []byte) string {
	text := firstWord(data)
	if release, ok := nodeReleases[strings.ToLower(text)]; ok {
		return release
	}
	return text
}

// locate splits the handler as Lambda does: the module ends at the first dot
// behind the last slash. What lies in a layer or a package is not ours to check.
func (n node) locate(t *tree, handler string) (*file, string) {
	dir, base := path.Split(handler)
	stem, _, ok := strings.Cut(base, ".")
	module := path.Join(dir, stem)
	if !ok || path.IsAbs(handler) || strings.Contains(handler, "node_modules/") || wrappers[stem] {
		return nil, ""
	}
	for _, ext := range nodeExtensions {
		if f := t.file(module + ext); f != nil {
			return f, ""
		}
	}
	return nil, module + ".js, .mjs, .cjs or .ts"
}

// malformed: the export stands behind the first dot of the last name, and two dots
// in a row are refused anywhere.
func (node) malformed(handler string) string {
	_, export, _ := strings.Cut(path.Base(handler), ".")
	if export != "" && !strings.Contains(handler, "..") {
		return ""
	}
	return "the path of a file in the folder without .. and without its ending, a dot and the export, such as src/index.handler"
}

// wrappers are the modules that monitoring layers bring as a handler.
var wrappers = map[string]bool{
	"newrelic-lambda-wrapper": true, "newrelic_lambda_wrapper": true, "datadog_lambda": true,
	"lumigo-auto-instrument": true, "lumigo_tracer": true, "sentry_sdk": true,
}
