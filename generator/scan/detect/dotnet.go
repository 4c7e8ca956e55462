package detect

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// dotnet reads C# and F# projects: a project file at the top, in src/ or in a
// folder of src/, and the sources below it.
//
// A class library's handler is Assembly::Namespace.Class::Method, that of an
// executable which starts the runtime itself is the name of its assembly.
//
// https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html
type dotnet struct{}

func (dotnet) name() string { return ".NET" }

func (dotnet) runs(runtime string) bool { return strings.HasPrefix(runtime, "dotnet") }

func (dotnet) sought() string {
	return "a public method that takes an ILambdaContext, or a LambdaBootstrapBuilder"
}

func (dotnet) source(f *file) bool { return f.ext == ".cs" || f.ext == ".fs" }

func projectFile(f *file) bool { return f.ext == ".csproj" || f.ext == ".fsproj" }

// project is a project file with its sources.
type project struct {
	file     *file
	assembly string
	sources  []*file
}

func (d dotnet) find(t *tree) []candidate {
	var found []candidate
	for _, p := range t.projects() {
		inProject := d.inProject(p)
		found = append(found, inProject...)
		if len(inProject) == 0 {
			t.remark(p.file, 0, "no public method takes an ILambdaContext")
		}
	}
	return found
}

// inProject prefers what is written in attributes and signatures over names.
func (d dotnet) inProject(p project) []candidate {
	var found []candidate
	for _, f := range p.sources {
		if f.ext == ".fs" {
			found = append(found, d.candidates(p, f, readFSharp(f.Data))...)
		} else {
			found = append(found, d.candidates(p, f, readCSharp(f.Data))...)
		}
	}
	for _, c := range found {
		if c.rank == rankProgram { // the assembly is the handler, wherever it is started
			return []candidate{c}
		}
	}
	return found
}

const (
	rankProgram = iota
	rankSigned  // annotated, or takes an ILambdaContext
	rankNamed   // called FunctionHandler
)

func (d dotnet) candidates(p project, f *file, methods []clrMethod) []candidate {
	var found []candidate
	for _, m := range methods {
		c := candidate{language: d, file: f, offset: m.offset, rank: m.rank, entry: p.file}
		if m.rank == rankProgram {
			c.handler, c.evidence = p.assembly, f.Path+": "+m.name
		} else {
			c.handler = p.assembly + "::" + m.class + "::" + m.name
			c.evidence = f.Path + ": " + m.name
		}
		found = append(found, c)
	}
	return found
}

// projects is every project of the folder that is no test project.
func (t *tree) projects() []project {
	var list []project
	for i := range t.files {
		f := &t.files[i]
		if !projectFile(f) || f.test || f.junk || !t.holdsProject(f) || testProject(f) {
			continue
		}
		list = append(list, project{file: f, assembly: assemblyName(f)})
	}
	if len(list) == 0 {
		return nil
	}
	for i := range t.files {
		f := &t.files[i]
		if (f.ext != ".cs" && f.ext != ".fs") || f.test || f.junk {
			continue
		}
		if p := owner(list, f); p != nil {
			p.sources = append(p.sources, f)
		}
	}
	return list
}

func (t *tree) holdsProject(f *file) bool {
	return f.tier <= src || f.tier == deep && strings.Count(f.dir, "/") == 1 || t.explicit
}

func testProject(f *file) bool {
	return strings.HasSuffix(f.stem, "Tests") || strings.HasSuffix(f.stem, ".Test") ||
		bytes.Contains(f.Data, []byte("Microsoft.NET.Test.Sdk"))
}

// owner is the project whose folder is the nearest above the file.
func owner(list []project, f *file) *project {
	var best *project
	for i := range list {
		dir := list[i].file.dir
		inside := dir == "" || f.dir == dir || strings.HasPrefix(f.dir, dir+"/")
		if inside && (best == nil || len(dir) > len(best.file.dir)) {
			best = &list[i]
		}
	}
	return best
}

var (
	assemblyTag  = regexp.MustCompile(`<AssemblyName>\s*([^<$\s]+)\s*</AssemblyName>`)
	frameworkTag = regexp.MustCompile(`<TargetFrameworks?>\s*([^<]*?)\s*</TargetFrameworks?>`)
)

func assemblyName(f *file) string {
	if m := assemblyTag.FindSubmatch(f.Data); m != nil {
		return string(m[1])
	}
	return f.stem
}

// runtime follows the target framework: an assembly starts on the framework that
// it was built for. Of several frameworks the newest with a runtime counts.
func (d dotnet) runtime(t *tree, entry *file) (model.Choice, *mismatch) {
	if entry == nil || !projectFile(entry) {
		return dotnetFamily.choose(nil, t.seen(entry)), nil
	}
	at, what, data := t.place(entry, 0), entry.Path, entry.Data
	m := frameworkTag.FindSubmatchIndex(data)
	if m == nil {
		if p, above, ok := t.nearest("Directory.Build.props"); ok {
			if m = frameworkTag.FindSubmatchIndex(above); m != nil {
				at, what, data = position(p, above, m[2]), "Directory.Build.props", above
			}
		}
	} else {
		at = t.place(entry, m[2])
	}
	if m == nil {
		return dotnetFamily.choose(nil, t.seen(entry)), nil
	}
	frameworks := string(data[m[2]:m[3]])
	for _, v := range dotnetFamily.versions {
		for framework := range strings.SplitSeq(frameworks, ";") {
			if netVersion(framework) == v[0] {
				return model.Choice{Value: dotnetFamily.id(v), Origin: model.Detected, Evidence: what + ": " + strings.TrimSpace(framework), Place: at}, nil
			}
		}
	}
	if strings.Contains(frameworks, "$(") {
		return dotnetFamily.choose(nil, t.seen(entry)), nil
	}
	return t.seen(entry), &mismatch{
		place: at,
		text:  fmt.Sprintf("Lambda has no managed runtime for %s", frameworks),
		hint:  "set TargetFramework to net10.0, or set runtime: in function.yaml, or deploy the function as a container image",
	}
}

// netVersion is 8 for net8.0 and net8.0-windows, and 0 for anything else.
func netVersion(framework string) int {
	digits, ok := strings.CutPrefix(strings.TrimSpace(framework), "net")
	if !ok {
		return 0
	}
	major, _, ok := strings.Cut(digits, ".")
	n, err := strconv.Atoi(major)
	if !ok || err != nil {
		return 0
	}
	return n
}

// locate: a type is found by its name at run time.
func (dotnet) locate(*tree, string) (*file, string) { return nil, "" }

// malformed: one name is the assembly of an executable, three are a class library's.
//
// https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html
func (dotnet) malformed(handler string) string {
	parts := strings.Split(handler, "::")
	executable := !strings.Contains(handler, ":") && !slices.Contains(strings.Split(handler, "/"), "..")
	if executable || len(parts) == 3 && !slices.Contains(parts, "") {
		return ""
	}
	return "ASSEMBLY::NAMESPACE.CLASS::METHOD or, of an executable, the name of its assembly"
}
