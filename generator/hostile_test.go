package generator_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator"
)

// plainProject is the project that the tests of this file spoil. Each file that
// foldstack reads by itself is in it.
var plainProject = tree{
	"foldstack.yaml":             "project: p\ntooling: {account: \"111111111111\", region: eu-central-1}\nenvironments:\n  dev: {accounts: [\"222222222222\"]}\nstacks: {data: tables/data.yaml}\n",
	"foldstack.lock":             "version: 1\norchestrations: {}\n",
	"tables/data.yaml":           "Resources: {Topic: {Type: \"AWS::SNS::Topic\"}}\n",
	"functions/f/index.mjs":      code[0]["index.mjs"],
	"functions/f/function.yaml":  "memory: 512\n",
	"functions/f/resources.yaml": "Resources: {Own: {Type: \"AWS::SNS::Topic\"}}\n",
}

// ours are the files of plainProject that foldstack reads as YAML.
var ours = []string{"foldstack.yaml", "foldstack.lock", "tables/data.yaml", "functions/f/function.yaml", "functions/f/resources.yaml"}

// theirs are files of the languages' tools, of which foldstack reads a little.
var theirs = []string{
	".gitignore", "functions/f/.gitignore", "functions/f/.dockerignore", "functions/f/Dockerfile", "functions/f/package.json", "functions/f/tsconfig.json",
	"functions/f/requirements.txt", "functions/f/pyproject.toml", "functions/f/.python-version", "functions/f/app.py", "functions/f/go.mod", "functions/f/main.go",
	"functions/f/pom.xml", "functions/f/build.gradle", "functions/f/A.java", "functions/f/A.kt", "functions/f/f.csproj", "functions/f/A.cs", "functions/f/A.fs",
	"functions/f/Gemfile", "functions/f/app.rb", "functions/f/Cargo.toml", "functions/f/bootstrap", "functions/f/index.ts", "functions/f/.tool-versions", "functions/f/global.json",
}

// within is what generating says, after time enough for the slowest machine. What
// needs longer needs for ever, or too long for a file of that size.
func within(t *testing.T, root string) []string {
	t.Helper()
	type outcome struct {
		result *generator.Result
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		result, err := generator.Generate(t.Context(), generator.Options{Root: root})
		done <- outcome{result, err}
	}()
	select {
	case o := <-done:
		require.NoError(t, o.err)
		said := make([]string, 0, len(o.result.Problems))
		for _, p := range o.result.Problems {
			said = append(said, p.Place.File+": "+p.Text+" ["+p.Rule+"]")
		}
		return said
	case <-time.After(time.Minute):
		t.Fatal("no end in sight")
		return nil
	}
}

func TestAHostileFileIsAnsweredInTime(t *testing.T) {
	const size = 400_000 // bytes, which is read
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 12 {
		bomb += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	merges := "a: &a {" + strings.Repeat("k", 100) + ": 1}\n"
	for i := range 100 {
		merges += fmt.Sprintf("m%d: {<<: [%s*a]}\n", i, strings.Repeat("*a, ", 1000))
	}
	for name, c := range map[string]struct {
		text string
		rule string // for each of ours, unless empty
	}{
		"aliases of aliases":     {bomb, "yaml-too-large"},
		"merges of merges":       {merges, "yaml-too-large"},
		"brackets":               {"a: " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "yaml-too-deep"},
		"braces":                 {strings.Repeat("{a: ", 10_000) + strings.Repeat("}", 10_000), "yaml-too-deep"},
		"dashes":                 {strings.Repeat("- ", 10_000) + "x\n", "yaml-too-deep"},
		"a huge text":            {"a: " + strings.Repeat("x", 5<<20), "unusable-file"},
		"a large text":           {"a: " + strings.Repeat("x", size), ""},
		"a large key":            {strings.Repeat("x", size) + ": a", "yaml-too-large"},
		"a large tag":            {"a: !" + strings.Repeat("x", size) + " b", "yaml-too-large"},
		"texts in one line":      {"a: [" + strings.Repeat("a,", size/2) + "]", ""},
		"keys in one line":       {"{" + strings.Repeat("a,", size/2) + "}", "yaml-too-large"},
		"lists in one line":      {"a: [" + strings.Repeat("[],", size/3) + "]", ""},
		"one key again":          {strings.Repeat("a: b\n", 8000), "duplicate-key"},
		"too many keys":          {strings.Repeat("a: b\n", size/5), "yaml-too-large"},
		"nothing in a list":      {strings.Repeat("-\n", size/2), ""},
		"quotes":                 {strings.Repeat(`"`, size), "yaml-syntax"},
		"colons":                 {strings.Repeat(":", size), ""},
		"escapes":                {`a: "` + strings.Repeat(`\u0041`, size/6) + `"`, ""},
		"empty lines":            {strings.Repeat("\n", size), ""},
		"comments":               {strings.Repeat("#\n", size/2), ""},
		"UTF-16":                 {string(bytesOfUTF16("memory: 512\n")), "yaml-encoding"},
		"a program":              {"\x7fELF\x02\x01\x01" + strings.Repeat("\x00\x03", 100), ""},
		"a picture":              {"\x89PNG\r\n\x1a\n\x00\x00", "yaml-encoding"},
		"Latin-1":                {"a: caf\xe9\n", "yaml-encoding"},
		"NUL":                    {"a: b\x00c\n", "yaml-control-character"},
		"a terminal's commands":  {"a: \x1b[2J\n", "yaml-control-character"},
		"lines of CR":            {"a: b\rc: d\r", "yaml-control-character"},
		"two documents":          {"a: b\n---\nc: d\n", "yaml-unsupported"},
		"code in a tag":          {"a: !!python/object/apply:os.system [\"exit 1\"]\n", "yaml-unsupported"},
		"an alias of itself":     {"a: &a [*a]\n", "yaml-unknown-alias"},
		"an alias of nothing":    {"a: *b\n", "yaml-unknown-alias"},
		"a file of another size": {strings.Repeat("a", 1<<20+1), "unusable-file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			project := plainProject
			for _, file := range theirs {
				project = project.with(tree{file: c.text})
			}
			within(t, project.create(t, t.TempDir(), 1))
			files := ours
			if len(c.text) > size/2 {
				files = []string{"functions/f/function.yaml"} // one reader reads them all
			}
			for _, file := range files {
				said := within(t, plainProject.with(tree{file: c.text}).create(t, t.TempDir(), 1))
				assert.LessOrEqual(t, len(said), 500, file)
				for _, s := range said {
					assert.LessOrEqual(t, len(s), 5000, file)
				}
				if c.rule != "" {
					assert.Contains(t, strings.Join(said, "\n"), "["+c.rule+"]", file)
				}
			}
		})
	}
}

func bytesOfUTF16(text string) []byte {
	data := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(text)) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return data
}

func TestAByteOrderMarkChangesNothing(t *testing.T) {
	marked := tree{}
	for _, name := range ours {
		marked[name] = "\ufeff" + plainProject[name]
	}
	assert.Equal(t, plainProject.rendered(t), plainProject.with(marked).rendered(t))
}

// A template of stacks is published as it was written, line ends and all.
func TestWindowsLineEndsChangeNothing(t *testing.T) {
	windows := tree{}
	for _, name := range ours {
		if name != "tables/data.yaml" {
			windows[name] = strings.ReplaceAll(plainProject[name], "\n", "\r\n")
		}
	}
	assert.Equal(t, plainProject.rendered(t), plainProject.with(windows).rendered(t))
}

// CodePipeline hands over the orchestrations and the pipeline; what CloudFormation reads
// by itself stays as people write it.
func TestWhatThePipelineHandsOverIsASCII(t *testing.T) {
	rendered := plainProject.with(tree{
		"foldstack.yaml": "project: p\ntooling: {account: \"111111111111\", region: eu-central-1}\nsource: {provider: github, repository: a/b, branch: größe}\n" +
			"environments:\n  dev: {accounts: [\"222222222222\"]}\nstacks: {data: {template: tables/data.yaml, parameters: {Currency: €}}}\n",
		"tables/data.yaml":          "Parameters: {Currency: {Type: String}}\nResources: {Topic: {Type: \"AWS::SNS::Topic\", Properties: {DisplayName: Grüße}}}\n",
		"functions/f/function.yaml": "description: Grüßt\n",
	}).rendered(t)
	for _, name := range []string{"out/orchestration.yaml", "out/pipeline.yaml"} {
		assert.False(t, strings.ContainsFunc(string(rendered[name]), func(r rune) bool { return r >= utf8.RuneSelf }), name)
	}
	assert.Contains(t, string(rendered["out/orchestration.yaml"]), `Currency: "\u20AC"`)
	assert.Contains(t, string(rendered["out/pipeline.yaml"]), `BranchName: "gr\xF6\xDFe"`)
	assert.Contains(t, string(rendered["out/functions/f.yaml"]), "Description: Grüßt (")
	assert.Contains(t, string(rendered["out/stacks/data.yaml"]), "Grüße")
}

// A file that is none is neither opened nor followed.
func TestAHostileThingInTheFilesPlaceIsRefused(t *testing.T) {
	outside := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(outside, "secret"), []byte("secret: 1\n"), 0o600))
	for name, c := range map[string]struct {
		put  func(at string) error
		want string
	}{
		"a folder":                    {func(at string) error { return os.Mkdir(at, 0o755) }, "is a folder [unusable-file]"},
		"a link in circles":           {func(at string) error { return os.Symlink(filepath.Base(at), at) }, "is a link, and links are not followed [unusable-file]"},
		"a link to nothing":           {func(at string) error { return os.Symlink("nothing", at) }, "is a link, and links are not followed [unusable-file]"},
		"a link out of the project":   {func(at string) error { return os.Symlink(filepath.Join(outside, "secret"), at) }, "is a link, and links are not followed [unusable-file]"},
		"a link to what has no end":   {func(at string) error { return os.Symlink("/dev/zero", at) }, "is a link, and links are not followed [unusable-file]"},
		"a file of 300 MB":            {func(at string) error { return sparse(at, 300<<20) }, "has 314572800 bytes; more than 1048576 are not read [unusable-file]"},
		"a file of one byte too many": {func(at string) error { return sparse(at, 1<<20+1) }, "has 1048577 bytes; more than 1048576 are not read [unusable-file]"},
	} {
		for _, file := range ours {
			t.Run(name+" as "+filepath.Base(file), func(t *testing.T) {
				root := plainProject.create(t, t.TempDir(), 1)
				at := filepath.Join(root, filepath.FromSlash(file))
				require.NoError(t, os.Remove(at))
				require.NoError(t, c.put(at))
				said := strings.Join(within(t, root), "\n")
				assert.Contains(t, said, file+": "+filepath.Base(file)+" "+c.want)
				assert.NotContains(t, said, "secret: 1")
			})
		}
		for _, file := range theirs {
			t.Run(name+" as "+filepath.Base(file), func(t *testing.T) {
				root := plainProject.create(t, t.TempDir(), 1)
				require.NoError(t, c.put(filepath.Join(root, filepath.FromSlash(file))))
				assert.NotContains(t, strings.Join(within(t, root), "\n"), "secret: 1")
			})
		}
	}
}

// sparse makes a file that takes no room on the disk.
func sparse(at string, size int64) error {
	if err := os.WriteFile(at, nil, 0o600); err != nil {
		return err
	}
	return os.Truncate(at, size)
}

func TestALinkThatLeavesTheProjectIsNeverPacked(t *testing.T) {
	around := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(around, "secret"), []byte("s"), 0o600))
	for name, c := range map[string]struct {
		links map[string]string
		want  string // the link that is reported; none where empty
	}{
		"by an absolute path":         {map[string]string{"functions/f/l": "/etc/passwd"}, "functions/f/l"},
		"by an absolute path to here": {map[string]string{"functions/f/l": filepath.Join(around, "p", "tables")}, "functions/f/l"},
		"by dots":                     {map[string]string{"functions/f/l": "../../../secret"}, "functions/f/l"},
		"to the folder around":        {map[string]string{"functions/f/l": "../../.."}, "functions/f/l"},
		"there and back":              {map[string]string{"functions/f/l": "../../../p/tables/data.yaml"}, "functions/f/l"},
		"by another link":             {map[string]string{"functions/f/l": "../../shared", "shared": "../secret"}, "functions/f/l"},
		"by a link to a folder":       {map[string]string{"functions/f/l": "../../shared/secret", "shared": ".."}, "functions/f/l"},
		"by dots behind a link":       {map[string]string{"functions/f/l": "up/../secret", "functions/f/up": "../.."}, "functions/f/l"},
		"by a link that git ignores":  {map[string]string{"functions/f/l": "../../ignored/secret", "ignored": ".."}, "functions/f/l"},
		"by a chain that git ignores": {map[string]string{"functions/f/l": "../../ignored/x", "ignored": "tables/y", "tables/y": "../.."}, "functions/f/l"},
		"not: to a file":              {map[string]string{"functions/f/l": "../../tables/data.yaml"}, ""},
		"not: to nothing":             {map[string]string{"functions/f/l": "../../nothing/../there"}, ""},
		"not: in circles":             {map[string]string{"functions/f/l": "m", "functions/f/m": "l/x"}, ""},
		"not: to a folder around it":  {map[string]string{"functions/f/l": "../..", "functions/f/m": "."}, ""},
		"not: dots behind a link":     {map[string]string{"functions/f/l": "m/../data.yaml", "functions/f/m": "../../tables/deep"}, ""},
		"not: by slashes that say so": {map[string]string{"functions/f/l": "..//..//tables//./data.yaml"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), "p")
			if strings.Contains(name, "to here") {
				root = filepath.Join(around, "p")
			}
			plainProject.with(tree{".gitignore": "/ignored\n", "tables/deep/file": ""}).create(t, root, 1)
			for at, text := range c.links {
				require.NoError(t, os.Symlink(filepath.FromSlash(text), filepath.Join(root, filepath.FromSlash(at))))
			}
			said := within(t, root)
			if c.want == "" {
				assert.Empty(t, said)
				return
			}
			require.NotEmpty(t, said)
			for _, s := range said {
				assert.Contains(t, s, "outside of the project: the pipeline would not have it [link-leaves-project]")
			}
			assert.Contains(t, strings.Join(said, "\n"), c.want+": the link points at")
		})
	}
}

func TestAFileOfTheOutputThatFoldstackCannotHaveWrittenIsNotRead(t *testing.T) {
	const most = 8 << 20
	for _, file := range []string{"out/pipeline.yaml", "out/manifest.json", "out/functions/f.yaml"} {
		for size, want := range map[int64]string{
			most + 1:  fmt.Sprintf("%s: %s has %d bytes; more than %d are not read [unusable-file]", file, filepath.Base(file), most+1, most),
			300 << 20: fmt.Sprintf("%s: %s has %d bytes; more than %d are not read [unusable-file]", file, filepath.Base(file), 300<<20, most),
		} {
			root := plainProject.create(t, t.TempDir(), 1)
			apply(t, root)
			require.NoError(t, os.Truncate(filepath.Join(root, filepath.FromSlash(file)), size))
			assert.Equal(t, []string{want}, within(t, root))
		}
	}
	root := plainProject.create(t, t.TempDir(), 1)
	apply(t, root)
	require.NoError(t, os.Truncate(filepath.Join(root, "out", "pipeline.yaml"), most))
	assert.Empty(t, within(t, root), "it was edited by hand")
}

func TestATemplateBehindALinkedFolderIsNotRead(t *testing.T) {
	root := plainProject.with(tree{"foldstack.yaml": strings.Replace(plainProject["foldstack.yaml"], "tables/data.yaml", "linked/data.yaml", 1)}).create(t, t.TempDir(), 1)
	require.NoError(t, os.Symlink("tables", filepath.Join(root, "linked")))
	assert.Equal(t, []string{"foldstack.yaml: the template linked/data.yaml of the stack data does not exist: linked is a link [no-such-file]"}, within(t, root))
}
