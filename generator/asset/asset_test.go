package asset

import (
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/model"
)

func input(path, content string) model.Input {
	return model.Input{Path: path, Sum: sha256.Sum256([]byte(content))}
}

var recipe = Recipe{Dir: "functions/orders/list", Group: "orders", Toolchain: Python, Runtime: "python3.14", Architecture: "arm64"}

var files = []model.Input{
	input("functions/orders/list/app.py", "a"),
	input("functions/orders/list/lib/b.py", "b"),
	input("functions/orders/poetry.lock", "c"),
	input("schemas/d.json", "d"),
}

// A published archive is found by its digest, so a digest that moves without need
// makes every user build everything again.
func TestDigestsStayWhatTheyWere(t *testing.T) {
	assert.Equal(t, "63bd762cf53219ec5b491f7d2b866a3329908416e5d9de90e5e53c839a20be89", Digest(recipe, files))
	assert.Equal(t, "b20c8fe084de96c560b1d362f8b5fb4d5b925b4d9c7e7477c6cc5ec717a71d9f", Digest(Recipe{}, nil))
}

func TestADigestDependsOnEveryPartOfItsInputs(t *testing.T) {
	seen := map[string]string{Digest(recipe, files): "nothing"}
	try := func(what string, r Recipe, in []model.Input) {
		digest := Digest(r, in)
		assert.NotContains(t, seen, digest, "%s gives the digest of %s", what, seen[digest])
		seen[digest] = what
	}
	r := recipe
	r.Toolchain = Custom
	try("the toolchain", r, files)
	r = recipe
	r.Runtime = "python3.13"
	try("the runtime", r, files)
	r = recipe
	r.Architecture = "x86_64"
	try("the architecture", r, files)
	r.Runtime, r.Architecture = "python3.14arm", "64"
	try("a border between two texts", r, files)
	for _, steps := range []model.Steps{{Before: "make"}, {Command: "make"}, {After: "make"}, {Before: "make", After: "make"}} {
		r = recipe
		r.Steps = steps
		try("a step of the user's own", r, files)
	}
	try("no files", recipe, nil)
	for i := range files {
		try("a file less", recipe, slices.Delete(slices.Clone(files), i, i+1))
		in := slices.Clone(files)
		in[i].Path += "x"
		try("a path", recipe, in)
		in = slices.Clone(files)
		in[i].Executable = true
		try("an executable bit", recipe, in)
		in = slices.Clone(files)
		in[i].Sum[31] ^= 1
		try("a sum", recipe, in)
	}
	in := slices.Clone(files)
	in[0].Sum, in[1].Sum = in[1].Sum, in[0].Sum
	try("contents that change places", recipe, in)
	in = slices.Clone(files)
	in[3].Path = "functions/orders/list/schemas/d.json"
	try("a file that moves into the folder", recipe, in)
	in[3].Path = "functions/orders/schemas/d.json"
	try("a file that moves into the group", recipe, in)
}

func TestADigestDependsOnNoOrderAndNoRepetition(t *testing.T) {
	want := Digest(recipe, files)
	in := slices.Clone(files)
	slices.Reverse(in)
	assert.Equal(t, want, Digest(recipe, in))
	assert.Equal(t, want, Digest(recipe, append(in, files...)))
}

func TestADigestDoesNotDependOnWhereTheFolderLies(t *testing.T) {
	moved := []model.Input{
		input("a/zz/list/app.py", "a"), input("a/zz/list/lib/b.py", "b"), input("a/zz/poetry.lock", "c"), input("schemas/d.json", "d"),
	}
	r := recipe
	r.Dir, r.Group = "a/zz/list", "zz"
	assert.Equal(t, Digest(recipe, files), Digest(r, moved))

	// Without a group the folder above is the project's.
	r.Group = ""
	assert.NotEqual(t, Digest(recipe, files), Digest(r, moved))
	r.Dir = "list"
	alone := []model.Input{input("list/app.py", "a"), input("schemas/d.json", "d")}
	grouped := []model.Input{files[0], files[3]}
	assert.Equal(t, Digest(recipe, grouped), Digest(r, alone))
}

func TestTheEntryCountsOnlyForToolchainsThatStartFromIt(t *testing.T) {
	for toolchain, row := range toolchains {
		a, b := recipe, recipe
		a.Toolchain, b.Toolchain = toolchain, toolchain
		a.Entry, b.Entry = "a", "b"
		assert.Equal(t, row.compiled, Digest(a, files) != Digest(b, files), toolchain)
	}
}

func TestEveryToolchainHasARevision(t *testing.T) {
	for _, toolchain := range []Toolchain{Node, TypeScript, Bundle, Python, Go, Java, DotNet, Ruby, Rust, Custom, Docker} {
		assert.Positive(t, toolchains[toolchain].revision, toolchain)
	}
	assert.Len(t, toolchains, 11)
}

func TestTheToolchainFollowsFromRuntimeAndEntry(t *testing.T) {
	for _, c := range []struct {
		packageType    model.PackageType
		runtime, entry string
		top            []string // files at the folder's top
		want           Toolchain
	}{
		{model.Image, "", "Dockerfile", []string{"go.mod"}, Docker},
		{model.Zip, "nodejs24.x", "index.mjs", []string{"tsconfig.json"}, Node},
		{model.Zip, "nodejs24.x", "src/index.ts", nil, TypeScript},
		{model.Zip, "nodejs24.x", "src/index.tsx", nil, TypeScript},
		{model.Zip, "nodejs24.x", "", []string{"tsconfig.json"}, TypeScript},
		{model.Zip, "nodejs24.x", "", nil, Node},
		{model.Zip, "python3.14", "app.py", nil, Python},
		{model.Zip, "java25", "", nil, Java},
		{model.Zip, "java8.al2", "", nil, Java},
		{model.Zip, "dotnet10", "F.csproj", nil, DotNet},
		{model.Zip, "ruby3.4", "app.rb", nil, Ruby},
		{model.Zip, "provided.al2023", "main.go", nil, Go},
		{model.Zip, "provided.al2023", "cmd/main.go", []string{"Cargo.toml"}, Go},
		{model.Zip, "provided.al2023", "src/main.rs", nil, Rust},
		{model.Zip, "provided.al2023", "Cargo.toml", nil, Rust},
		{model.Zip, "provided.al2023", "bootstrap", []string{"go.mod"}, Custom},
		{model.Zip, "provided.al2023", "F.csproj", nil, DotNet},
		{model.Zip, "provided.al2023", "", []string{"Cargo.toml"}, Rust},
		{model.Zip, "provided.al2023", "", []string{"main.go"}, Go},
		{model.Zip, "provided.al2023", "", nil, Custom},
		{model.Zip, "", "", nil, Custom},
	} {
		got := ToolchainOf(c.packageType, c.runtime, c.entry, func(name string) bool { return slices.Contains(c.top, name) })
		assert.Equal(t, c.want, got, "%+v", c)
	}
}

func BenchmarkDigest(b *testing.B) {
	for b.Loop() {
		Digest(recipe, files)
	}
}
