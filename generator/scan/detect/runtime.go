package detect

import (
	"fmt"
	"path"
	"regexp"
	"slices"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

// family is the managed runtimes of one language that a version in a user's files
// may choose: the default first, then the others, newest first. Runtimes that are
// past their deprecation date are left out: a file that still names one gets the
// default, and whoever needs the old one says so in function.yaml. dotnet8 stays
// because a net8.0 assembly runs nowhere else.
//
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-supported
type family struct {
	format   string // of the identifier
	minor    bool   // the identifier carries a minor version
	versions []version
}

var (
	nodeFamily   = family{format: "nodejs%d.x", versions: []version{{24}, {22}}}
	pythonFamily = family{format: "python%d.%d", minor: true, versions: []version{{3, 14}, {3, 13}, {3, 12}}}
	javaFamily   = family{format: "java%d", versions: []version{{25}, {21}}}
	dotnetFamily = family{format: "dotnet%d", versions: []version{{10}, {8}}}
	rubyFamily   = family{format: "ruby%d.%d", minor: true, versions: []version{{3, 4}, {4, 0}, {3, 3}}}
)

// osOnly runs what brings its own bootstrap: Go, Rust and anything else.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-provided.html
const osOnly = "provided.al2023"

// bootstrapHandler is the handler of a function on an OS-only runtime. Lambda
// starts the file bootstrap whatever the handler says.
const bootstrapHandler = "bootstrap"

func (f family) id(v version) string {
	if f.minor {
		return fmt.Sprintf(f.format, v[0], v[1])
	}
	return fmt.Sprintf(f.format, v[0])
}

// end is the first version that the runtime of v does not run.
func (f family) end(v version) version {
	if f.minor {
		return version{v[0], v[1] + 1}
	}
	return version{v[0] + 1}
}

func (f family) admits(r versionRange, v version) bool { return r.overlaps(v, f.end(v)) }

// pin is a version that a file asks for.
type pin struct {
	place diag.Place
	what  string // ".nvmrc", "package.json: engines.node"
	text  string // as written
	allow versionRange
}

// choose takes the first runtime that every pin admits, the default before any
// other. Where the pins contradict each other, the first that can be met counts.
func (f family) choose(pins []pin, seen model.Choice) model.Choice {
	pins = slices.DeleteFunc(pins, func(p pin) bool { return p.allow == nil })
	if v, ok := f.common(pins); ok {
		return f.explain(v, pins, seen)
	}
	for _, p := range pins {
		if v, ok := f.common([]pin{p}); ok {
			return f.explain(v, []pin{p}, seen)
		}
	}
	p := pins[0]
	return model.Choice{
		Value:    f.id(f.versions[0]),
		Origin:   model.Detected,
		Evidence: fmt.Sprintf("%s says %s, which is no current runtime", p.what, p.text),
		Place:    p.place,
	}
}

func (f family) common(pins []pin) (version, bool) {
	for _, v := range f.versions {
		if !slices.ContainsFunc(pins, func(p pin) bool { return !f.admits(p.allow, v) }) {
			return v, true
		}
	}
	return version{}, false
}

// explain names the pin that moved the choice away from the default, else the
// first pin, else what showed the language.
func (f family) explain(v version, pins []pin, seen model.Choice) model.Choice {
	seen.Value, seen.Origin = f.id(v), model.Detected
	if len(pins) == 0 {
		return seen
	}
	p := pins[0]
	for _, q := range pins {
		if !f.admits(q.allow, f.versions[0]) {
			p = q
			break
		}
	}
	seen.Evidence, seen.Place = p.what+" "+p.text, p.place
	return seen
}

// seen is evidence for a language: its manifest at the folder's top if there is
// one, else the entry file.
func (t *tree) seen(entry *file, manifests ...string) model.Choice {
	for _, name := range manifests {
		if f := t.file(name); f != nil {
			return model.Choice{Evidence: name, Place: diag.Place{File: path.Join(t.folder.Dir, name)}}
		}
	}
	if entry == nil {
		return model.Choice{Place: t.here()}
	}
	return model.Choice{Evidence: entry.Path, Place: diag.Place{File: path.Join(t.folder.Dir, entry.Path)}}
}

// onlyOS is the runtime of the languages that are compiled to a bootstrap.
func onlyOS(t *tree, entry *file, manifests ...string) (model.Choice, *mismatch) {
	c := t.seen(entry, manifests...)
	c.Value, c.Origin = osOnly, model.Detected
	return c, nil
}

// Shapes of runtime identifiers. A version that this program does not know yet
// is taken; whether Lambda still creates functions with it is checked elsewhere.
var runtimeShape = regexp.MustCompile(`^(nodejs\d+\.x|python\d\.\d+|java\d+(\.al2)?|dotnet(core)?\d+(\.\d)?|ruby\d\.\d+|provided(\.al\d+)?)$`)

func knownRuntime(runtime string) bool { return runtimeShape.MatchString(runtime) }

func currentRuntimes() []string {
	ids := []string{osOnly}
	for _, f := range []family{nodeFamily, pythonFamily, javaFamily, dotnetFamily, rubyFamily} {
		for _, v := range f.versions {
			ids = append(ids, f.id(v))
		}
	}
	return ids
}
