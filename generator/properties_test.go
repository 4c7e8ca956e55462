package generator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/output"
)

// A tree is a project as text by slash path.
type tree map[string]string

// elsewhere names a project that a process of its own is to generate.
const elsewhere = "FOLDSTACK_TEST_GENERATE"

// TestMain is also such a process: one with another locale, time zone, working
// directory and number of processors than the test that starts it.
func TestMain(m *testing.M) {
	root := os.Getenv(elsewhere)
	if root == "" {
		os.Exit(m.Run())
	}
	result, err := generator.Generate(context.Background(), generator.Options{Root: root})
	if err == nil && len(result.Problems) > 0 {
		err = fmt.Errorf("problems: %v", result.Problems)
	}
	if err == nil {
		_, err = result.Plan.Apply()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// large is a golden project whose size the long tests spend most of their time on. With
// -short, of which make race makes use, they do without it.
const large = "twelve-hundred-functions"

// projects are the golden projects and the shipped one, without output.
func projects(t *testing.T) map[string]tree {
	t.Helper()
	all := map[string]tree{"shipped": shipped(t)}
	entries, err := os.ReadDir("testdata")
	require.NoError(t, err)
	for _, entry := range entries {
		if testing.Short() && entry.Name() == large {
			continue
		}
		root := inputs(t, filepath.Join("testdata", entry.Name()))
		if make := made[entry.Name()]; make != nil {
			make(t, root)
		}
		all[entry.Name()] = readTree(t, root, ".")
	}
	return all
}

func shipped(t testing.TB) tree {
	t.Helper()
	return readTree(t, "..", "foldstack.yaml", "foldstack.lock", "functions", "go.mod", "go.sum")
}

func readTree(t testing.TB, root string, paths ...string) tree {
	t.Helper()
	files := tree{}
	for _, p := range paths {
		err := filepath.WalkDir(filepath.Join(root, p), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(root, name)
			files[filepath.ToSlash(relative)] = string(data)
			return err
		})
		require.NoError(t, err)
	}
	return files
}

// with is a copy in which files are added or replaced.
func (f tree) with(more tree) tree {
	all := maps.Clone(f)
	maps.Copy(all, more)
	return all
}

// moved is a copy in which a folder lies elsewhere; "" removes it.
func (f tree) moved(from, to string) tree {
	all := tree{}
	for name, text := range f {
		switch rest, inside := strings.CutPrefix(name, from+"/"); {
		case !inside:
			all[name] = text
		case to != "":
			all[to+"/"+rest] = text
		}
	}
	return all
}

// create writes the files into a folder, in an order that the seed decides.
func (f tree) create(t testing.TB, root string, seed uint64) string {
	t.Helper()
	paths := sortedKeys(f)
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
	for _, p := range paths {
		write(t, root, p, f[p])
	}
	return root
}

// rendered is what generate would write for the files.
func (f tree) rendered(t testing.TB) map[string][]byte {
	t.Helper()
	return generated(t, f.create(t, t.TempDir(), 1))
}

// onDisk generates in a process of its own and reads what that wrote.
func onDisk(t *testing.T, dir, root, project string, env ...string) map[string][]byte {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Dir = dir
	cmd.Env = append(env, elsewhere+"="+root)
	message, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", message)
	return files(t, project)
}

func TestEqualTreesGiveEqualBytesWhereverWhenAndByWhomTheyAreGenerated(t *testing.T) {
	for name, project := range projects(t) {
		t.Run(name, func(t *testing.T) {
			want := project.rendered(t)
			root := project.create(t, filepath.Join(t.TempDir(), "an other", "plåce"), 2)
			compare(t, want, onDisk(t, t.TempDir(), root, root,
				"GOMAXPROCS=1", "LC_ALL=tr_TR.UTF-8", "TZ=Asia/Kathmandu", "HOME=/nonexistent", "USER=somebody"))
			root = project.create(t, t.TempDir(), 3)
			compare(t, want, onDisk(t, root, ".", root, "GOMAXPROCS=16", "LC_ALL=C", "TZ=UTC"))
		})
	}
}

// What the packages may ask the machine for, and why it reaches no output.
var asked = map[string]string{
	"output/writer.go math/rand/v2": "names temporary files",
}

func TestNoPackageOfTheGeneratorAsksForTheTimeTheHostTheUserOrTheEnvironment(t *testing.T) {
	forbidden := regexp.MustCompile(`^(time\.(Now|Since|Local)|os\.(Getenv|LookupEnv|Environ|ExpandEnv|Hostname|Getwd|Getpid|Getuid|UserHomeDir|UserConfigDir|TempDir|Executable))$`)
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, imported := range file.Imports {
			if p := strings.Trim(imported.Path.Value, `"`); slices.Contains([]string{"math/rand", "math/rand/v2", "crypto/rand", "os/user", "hash/maphash", "net"}, p) {
				found[filepath.ToSlash(name)+" "+p] = true
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := selector.X.(*ast.Ident); ok && forbidden.MatchString(x.Name+"."+selector.Sel.Name) {
					found[filepath.ToSlash(name)+" "+x.Name+"."+selector.Sel.Name] = true
				}
			}
			return true
		})
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, sortedKeys(asked), sortedKeys(found))
}

func TestAFunctionThatMovesToAnotherGroupChangesNothing(t *testing.T) {
	project := shipped(t)
	want := project.rendered(t)
	for from, to := range map[string]string{
		"functions/certificate-watch":        "functions/security/certificate-watch",
		"functions/compliance/required-tags": "functions/required-tags",
		"functions/media/thumbnail":          "functions/pictures/thumbnail",
		"functions/orders-api":               "functions/shop/orders-api",
		"functions/receipts":                 "functions/shop/receipts",
		"functions/compliance":               "functions/policies",
	} {
		require.NotEqual(t, project, project.moved(from, to))
		compare(t, want, project.moved(from, to).rendered(t))
	}
}

// added are functions of every kind that can be put into any project; a shared
// HTTP API is the one thing that a function can bring with it.
var added = map[string]tree{
	"plain":     {"index.mjs": "export const handler = async () => 'new';\n"},
	"scheduled": {"app.py": "def lambda_handler(event, context):\n    return 1\n", "function.yaml": "events:\n  - schedule: rate(1 day)\n"},
	"queue": {"index.mjs": "export const handler = async () => 1;\n", "function.yaml": `events:
  - sqs: {queue: brand-new, batchSize: 5}
  - sns: brand-new
  - event: {pattern: {source: [a.b]}, deadLetters: true}
  - config: {every: 24h}
environments: {}
`},
}

func TestAddingAFolderAddsOneTemplateAndOneBlock(t *testing.T) {
	for name, project := range projects(t) {
		if name == large {
			continue // its lock file names every function
		}
		t.Run(name, func(t *testing.T) {
			before := project.rendered(t)
			for kind, function := range added {
				for _, folder := range []string{"a0-first", "mm-middle", "zz-last"} {
					after := project.with(tree{}.under("functions/"+folder, function)).rendered(t)
					id := oneBlockMore(t, before, after, folder)
					assert.NotEmpty(t, id, "%s as %s", kind, folder)
				}
			}
		})
	}
}

// under is a copy with the files of a function in a folder.
func (f tree) under(dir string, function tree) tree {
	all := maps.Clone(f)
	for name, text := range function {
		all[dir+"/"+name] = text
	}
	return all
}

// oneBlockMore requires that after is before with one function more, and returns
// the logical id of its block.
func oneBlockMore(t *testing.T, before, after map[string][]byte, function string) string {
	t.Helper()
	child := "out/functions/" + function + ".yaml"
	require.Contains(t, after, child)
	require.NotContains(t, before, child)
	for _, name := range sorted(before) {
		if name != "out/orchestration.yaml" && name != "out/manifest.json" {
			require.Equal(t, string(before[name]), string(after[name]), name)
		}
	}
	require.Len(t, after, len(before)+1)
	require.Equal(t, others(before["out/manifest.json"], function), others(after["out/manifest.json"], function))
	block := insertion(t, before["out/orchestration.yaml"], after["out/orchestration.yaml"])
	m := regexp.MustCompile(`(?m)^  (\w+):$`).FindAllStringSubmatch(block, -1)
	require.Len(t, m, 1, "%s", block)
	require.Contains(t, block, digest(after[child]))
	return m[0][1]
}

// others are the manifest's lines without those of one function and of the
// orchestration that nests it.
func others(manifest []byte, function string) []string {
	return slices.DeleteFunc(strings.Split(string(manifest), "\n"), func(line string) bool {
		return strings.Contains(line, `"functions/`+function+`.yaml"`) || strings.Contains(line, `"orchestration.yaml"`)
	})
}

// insertion is the one run of lines by which a text grew.
func insertion(t *testing.T, before, after []byte) string {
	t.Helper()
	old, grown := bytes.SplitAfter(before, []byte("\n")), bytes.SplitAfter(after, []byte("\n"))
	first := 0
	for first < len(old) && bytes.Equal(old[first], grown[first]) {
		first++
	}
	last := 0
	for last < len(old)-first && bytes.Equal(old[len(old)-1-last], grown[len(grown)-1-last]) {
		last++
	}
	require.Equal(t, len(old), first+last, "it did not grow in one place alone")
	return string(bytes.Join(grown[first:len(grown)-last], nil))
}

func TestRemovingAFolderTakesAwayOneTemplateAndOneBlock(t *testing.T) {
	project := shipped(t)
	before := project.rendered(t)
	for function, dir := range map[string]string{"certificate-watch": "functions/certificate-watch", "receipts": "functions/receipts", "thumbnail": "functions/media/thumbnail"} {
		oneBlockMore(t, project.moved(dir, "").rendered(t), before, function)
	}
}

func TestARenamedFolderIsOneRemovedAndOneAdded(t *testing.T) {
	project := shipped(t)
	root := project.create(t, t.TempDir(), 1)
	apply(t, root)
	require.NoError(t, os.Rename(filepath.Join(root, "functions/receipts"), filepath.Join(root, "functions/bills")))
	assert.Equal(t, map[string]output.Kind{
		"out/functions/bills.yaml":    output.Created,
		"out/functions/receipts.yaml": output.Removed,
		"out/manifest.json":           output.Updated,
		"out/orchestration.yaml":      output.Updated,
	}, changes(t, root))

	rest := project.moved("functions/receipts", "").rendered(t)
	oneBlockMore(t, rest, generated(t, root), "bills")
}

// apply generates and writes.
func apply(t testing.TB, root string) {
	t.Helper()
	result, err := generator.Generate(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	require.Empty(t, text(result))
	_, err = result.Plan.Apply()
	require.NoError(t, err)
}

// changes is what generate would change.
func changes(t *testing.T, root string) map[string]output.Kind {
	t.Helper()
	result, err := generator.Generate(t.Context(), generator.Options{Root: root})
	require.NoError(t, err)
	require.Empty(t, text(result))
	changed := map[string]output.Kind{}
	for _, c := range result.Plan.Changes() {
		if c.Kind != output.Unchanged {
			changed[c.Path] = c.Kind
		}
	}
	return changed
}

func TestASecondRunTouchesNothing(t *testing.T) {
	root := shipped(t).create(t, t.TempDir(), 1)
	apply(t, root)
	long := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	everything(t, root, func(name string, _ fs.FileInfo) { require.NoError(t, os.Chtimes(name, long, long)) })
	require.Empty(t, changes(t, root))
	apply(t, root)
	everything(t, root, func(name string, info fs.FileInfo) { assert.True(t, info.ModTime().Equal(long), name) })
}

func everything(t *testing.T, root string, visit func(name string, info fs.FileInfo)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			defer visit(name, info) // a folder after what is in it
		}
		return err
	})
	require.NoError(t, err)
}

func TestAChangedFileOfOneFunctionChangesItsTemplateItsLineAndTheManifest(t *testing.T) {
	project := shipped(t)
	before := project.rendered(t)
	for function, file := range map[string]string{
		"orders-api":        "functions/orders-api/src/index.mjs",
		"receipts":          "functions/receipts/app.py",
		"certificate-watch": "functions/certificate-watch/main.go",
		"thumbnail":         "functions/media/thumbnail/Dockerfile",
		"required-tags":     "functions/compliance/required-tags/function.yaml",
	} {
		require.Contains(t, project, file)
		more := "\n# changed\n"
		switch path.Ext(file) {
		case ".mjs", ".go":
			more = "\n// changed\n"
		case ".yaml":
			more = "\nmemory: 2048\n"
		}
		after := project.with(tree{file: project[file] + more}).rendered(t)
		var changed []string
		for _, name := range sorted(after) {
			if !bytes.Equal(before[name], after[name]) {
				changed = append(changed, name)
			}
		}
		require.Equal(t, []string{"out/functions/" + function + ".yaml", "out/manifest.json", "out/orchestration.yaml"}, changed)
		lines := changedLines(before["out/orchestration.yaml"], after["out/orchestration.yaml"])
		require.Len(t, lines, 1)
		assert.Contains(t, lines[0], "TemplateURL: ")
		for _, line := range changedLines(before["out/manifest.json"], after["out/manifest.json"]) {
			assert.Regexp(t, `"path": "(functions/`+function+`|orchestration)\.yaml"`, line)
		}
	}
}

// changedLines are the lines of after that differ, where none came and none went.
func changedLines(before, after []byte) []string {
	old, lines := strings.Split(string(before), "\n"), strings.Split(string(after), "\n")
	if len(old) != len(lines) {
		return []string{"another number of lines"}
	}
	var changed []string
	for i := range lines {
		if lines[i] != old[i] {
			changed = append(changed, lines[i])
		}
	}
	return changed
}

var (
	partition = regexp.MustCompile(`arn:aws[a-z-]*:`)
	host      = regexp.MustCompile(`[A-Za-z0-9.${}:-]*amazonaws\.com[.a-z]*`)
	principal = regexp.MustCompile(`^((ops|kinesisreplication|contributorinsights)\.)?[a-z0-9-]+\.amazonaws\.com$`)
	date      = regexp.MustCompile(`\b[12][09][0-9]{2}-[0-9]{2}-[0-9]{2}\b`)
)

func TestOutputNamesNoPartitionHostPathOrDateThatNobodyWrote(t *testing.T) {
	for name, project := range projects(t) {
		written := project.text()
		root := project.create(t, t.TempDir(), 1)
		for file, data := range generated(t, root) {
			output := string(data)
			assert.NotContains(t, output, root, "%s: %s", name, file)
			assert.NotContains(t, output, os.TempDir(), "%s: %s", name, file)
			for _, found := range partition.FindAllString(output, -1) {
				assert.Contains(t, written, found, "%s: %s", name, file)
			}
			for _, found := range host.FindAllString(output, -1) {
				assert.True(t, principal.MatchString(found) || strings.Contains(written, found), "%s: %s has the host %s", name, file, found)
			}
			for _, found := range date.FindAllString(output, -1) {
				assert.True(t, found == "2010-09-09" || found == "2012-10-17" || strings.Contains(written, found), "%s: %s has the date %s", name, file, found)
			}
		}
	}
}

// text is everything that stands in the files.
func (f tree) text() string {
	var b strings.Builder
	for _, name := range sortedKeys(f) {
		b.WriteString(name + "\n" + f[name] + "\n")
	}
	return b.String()
}

func TestInEveryProjectWhatIsNamedIsThere(t *testing.T) {
	for name, project := range projects(t) {
		assert.Empty(t, wiring(project.rendered(t), "out", ""), name)
	}
}

// The check above finds what it is there to find.
func TestABrokenWireIsFound(t *testing.T) {
	good := shipped(t).rendered(t)
	receipts := digest(good["out/functions/receipts.yaml"])
	for _, defect := range []struct{ file, right, wrong, complaint string }{
		{"orchestration.yaml", "!GetAtt Api.Outputs.ApiId", "!GetAtt Api.Outputs.ApiID", "there is no Api.Outputs.ApiID"},
		{"orchestration.yaml", "AssetBucket: !Ref AssetBucket", "Assets: !Ref AssetBucket", "CertificateWatch passes Assets"},
		{"orchestration.yaml", "AssetBucket: !Ref AssetBucket", "Assets: !Ref AssetBucket", "CertificateWatch does not pass AssetBucket"},
		{"orchestration.yaml", "Condition: HasRequiredTags", "Condition: HasRequiredTag", `Condition names "HasRequiredTag"`},
		{"orchestration.yaml", "[!Ref Environment, prod]", "[!Ref Stage, prod]", `Ref names "Stage"`},
		{"orchestration.yaml", "OrdersOutputTableName: !GetAtt", "OrdersOutputTable: !GetAtt", "OrdersApi does not pass OrdersOutputTableName"},
		{"orchestration.yaml", receipts, strings.Repeat("0", 64), "nothing nests functions/receipts.yaml"},
		{"functions/orders-api.yaml", "!GetAtt Role.Arn", "!GetAtt Rolle.Arn", `Fn::GetAtt names "Rolle"`},
		{"functions/orders-api.yaml", "Environment, MemorySize]", "Environment, Memory]", "the row dev of the mapping Settings has no key Memory"},
		{"functions/orders-api.yaml", "${ApiOutputApiId}/*", "${Nobody}/*", `Ref names "Nobody"`},
		{"functions/orders-api.yaml", "!Ref OrdersOutputTableName", "x", "nothing uses the parameter OrdersOutputTableName"},
		{"functions/orders-api.yaml", "      Runtime: nodejs24.x", "      Handler: x\n      Runtime: nodejs24.x", "a key is there twice"},
		{"functions/receipts.yaml", "!Ref AssetBucket", "[", "cannot be read"},
		{"pipeline.yaml", "foldstack-acme-shop-ConnectionArn", "foldstack-acme-shop-Connection", "which tooling.yaml does not export"},
		{"pipeline.yaml", "Built::out/orchestration.yaml", "Built::out/orchestrations.yaml", "which is no file"},
		{"pipeline.yaml", "prod-444444444444-us-east-1.json", "prod-444444444444-eu-central-1.json", "does not deploy out/parameters/prod-444444444444-us-east-1.json"},
		{"parameters/dev-222222222222-eu-central-1.json", `"Environment"`, `"Stage"`, "gives [AssetBucket Stage]"},
		{"manifest.json", receipts, strings.Repeat("0", 64), "functions/receipts.yaml under a wrong digest"},
	} {
		broken := maps.Clone(good)
		file := "out/" + defect.file
		require.Contains(t, string(good[file]), defect.right, file)
		broken[file] = bytes.Replace(good[file], []byte(defect.right), []byte(defect.wrong), 1)
		assert.Contains(t, strings.Join(wiring(broken, "out", ""), "\n"), defect.complaint)
	}
}

// scalars visits every scalar of every YAML file of an output.
func scalars(t *testing.T, files map[string][]byte, visit func(file string, n *yaml.Node)) {
	t.Helper()
	for _, file := range sorted(files) {
		if !slices.Contains([]string{".yaml", ".yml", ".lock"}, path.Ext(file)) {
			continue
		}
		var doc yaml.Node
		require.NoError(t, yaml.Unmarshal(files[file], &doc), file)
		var walk func(n *yaml.Node)
		walk = func(n *yaml.Node) {
			if n.Kind == yaml.ScalarNode {
				visit(file, n)
			}
			for _, child := range n.Content {
				walk(child)
			}
		}
		walk(&doc)
	}
}

// letters are the characters of Lambda's names.
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

func TestEveryLegalNameOfAFunctionWorksAndStaysText(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	legal := []string{"true", "True", "no", "off", "y", "null", "Null", "0123", "1e3", "0x1F", "1_000", "12", "-1", "-", "--", "a", "Z", "0", "foo-bar", "foo_bar", "FooBar", "foobar", "e-", "Function", "Role", "Environment", "AssetBucket", "constructor", strings.Repeat("n", 64-len("p-dev-"))}
	for range 300 {
		name := make([]byte, 1+r.IntN(64-len("p-dev-")))
		for i := range name {
			name[i] = letters[r.IntN(len(letters))]
		}
		if name[0] == '_' { // such a folder is no function
			name[0] = 'u'
		}
		legal = append(legal, string(name))
	}
	slices.Sort(legal)
	legal = slices.Compact(legal)
	project := tree{"foldstack.yaml": "project: p\ntooling: {account: \"111111111111\", region: eu-central-1}\nenvironments:\n  dev: {accounts: [\"222222222222\"]}\n  no: {accounts: [\"222222222222\"]}\n"}
	for _, name := range legal {
		project["functions/"+name+"/index.mjs"] = "export const handler = async () => 1;\n"
		text := name
		if strings.EqualFold(name, "null") || name[0] == '-' { // that is no text without quotes
			text = "'" + name + "'"
		}
		project["functions/"+name+"/function.yaml"] = "description: " + text + "\nenvironment: {NAME: " + text + ", OTHER: x}\nenvironments: {no: {environment: {OTHER: " + text + "}}}\n"
	}
	files := project.rendered(t)
	assert.Empty(t, wiring(files, "out", ""))
	for _, name := range legal {
		require.Contains(t, files, "out/functions/"+name+".yaml")
	}
	named := map[string]bool{}
	for _, name := range legal {
		named[name] = true
	}
	seen := map[string]bool{}
	maps.DeleteFunc(files, func(file string, _ []byte) bool {
		return !strings.HasPrefix(file, "out/functions/") && !strings.HasPrefix(file, "out/orchestration") && file != "foldstack.lock"
	})
	scalars(t, files, func(file string, n *yaml.Node) {
		if _, _, refers := intrinsic(n); named[n.Value] && !refers {
			seen[n.Value] = true
			assert.True(t, isText(n), "%s:%d: %s is not text", file, n.Line, n.Value)
		}
	})
	assert.Len(t, seen, len(legal))
}

// numbers are the keys whose values are numbers or booleans; everything else in a
// template of ours is text.
var numbers = []string{
	"AutoDeploy", "BatchSize", "BlockPublicAcls", "BlockPublicPolicy", "BucketKeyEnabled",
	"DaysAfterInitiation", "EnableKeyRotation", "EventBridgeEnabled", "ExpirationInDays", "IgnorePublicAcls",
	"maxReceiveCount", "MemorySize", "MessageRetentionPeriod", "MultiRegion", "NoncurrentDays",
	"PrivilegedMode", "QueuedTimeoutInMinutes", "RestartExecutionOnUpdate", "RestrictPublicBuckets", "RetentionInDays",
	"RunOrder", "ScanOnPush", "SqsManagedSseEnabled", "ThrottlingBurstLimit", "ThrottlingRateLimit",
	"Timeout", "TimeoutInMinutes", "VisibilityTimeout",
	"Id", // the index of the Select that takes an id from an ARN
}

func TestOnlyNumbersAndBooleansAreReadAsSuch(t *testing.T) {
	number := regexp.MustCompile(`^(true|false|-?(0|[1-9][0-9]*))$`)
	for name, project := range projects(t) {
		written := project.text()
		for file, data := range project.rendered(t) {
			if path.Ext(file) != ".yaml" || strings.Contains(file, "/stacks/") {
				continue
			}
			var doc yaml.Node
			require.NoError(t, yaml.Unmarshal(data, &doc))
			var walk func(key string, n *yaml.Node)
			walk = func(key string, n *yaml.Node) {
				if _, _, refers := intrinsic(n); n.Kind == yaml.ScalarNode && !isText(n) && !refers {
					fine := number.MatchString(n.Value) && (slices.Contains(numbers, key) || strings.Contains(written, key))
					assert.True(t, fine, "%s: %s:%d: %s: %s", name, file, n.Line, key, n.Value)
				}
				for i, child := range n.Content {
					switch {
					case n.Kind != yaml.MappingNode:
						walk(key, child)
					case i%2 == 1:
						walk(n.Content[i-1].Value, child)
					default:
						assert.True(t, isText(child), "%s: %s:%d: the key %s", name, file, child.Line, child.Value)
					}
				}
			}
			walk("", &doc)
		}
	}
}

func TestAFunctionThatStaysNeverMovesToAnotherOrchestration(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes more functions than one orchestration holds")
	}
	root := projects(t)[large].create(t, t.TempDir(), 1)
	require.NoError(t, os.RemoveAll(filepath.Join(root, "foldstack.lock")))
	apply(t, root)
	before := homes(t, root)
	require.Len(t, before, 1200)

	add := func(name string) {
		write(t, root, "functions/"+name+"/index.mjs", "export const handler = async () => 'done';\n")
	}
	for _, step := range []struct {
		what string
		do   func()
		left int
	}{
		{"nothing", func() {}, 1200},
		{"one is added in front", func() { add("aaa") }, 1201},
		{"ten are removed", func() {
			for i := range 10 {
				require.NoError(t, os.RemoveAll(filepath.Join(root, fmt.Sprintf("functions/worker-%04d", i*113))))
			}
		}, 1191},
		{"fifty are added between the others", func() {
			for i := range 50 {
				add(fmt.Sprintf("worker-%04d-b", i*20))
			}
		}, 1241},
	} {
		step.do()
		apply(t, root)
		after := homes(t, root)
		require.Len(t, after, step.left, step.what)
		for name, home := range before {
			if now, stays := after[name]; stays {
				require.Equal(t, home, now, "%s: %s moved", step.what, name)
			}
		}
		require.Empty(t, changes(t, root), "%s: the lock file reads back as it was written", step.what)
		before = after
	}
}

var lockLine = regexp.MustCompile(`(?m)^  "([^"]+)": ([0-9]+)$`)

// homes are the orchestrations of the functions, as their templates and the lock
// file say alike.
func homes(t *testing.T, root string) map[string]string {
	t.Helper()
	locked := map[string]string{}
	written := files(t, root)
	for _, m := range lockLine.FindAllSubmatch(written["foldstack.lock"], -1) {
		locked[string(m[1])] = string(m[2])
	}
	for name, number := range locked {
		orchestration := "out/orchestration-" + number + ".yaml"
		if number == "1" {
			orchestration = "out/orchestration.yaml"
		}
		require.Contains(t, string(written[orchestration]), digest(written["out/functions/"+name+".yaml"]), name)
	}
	return locked
}

// hostile are texts that would be something else where a generator were careless.
var hostile = []string{
	"${AWS::Region}", "${Nobody}", "${!x}", "$${x}", "${", "${!AWS::Region}", "!Ref Role", "!Sub '${Role}'", `{"Ref": "Role"}`, "{Ref: Role}", `{"Fn::GetAtt": ["Role", "Arn"]}`,
	"Ref: Role", "Fn::GetAtt", "- a\n- b", "a: b\nc: d\n", "---\nResources: {}\n", "...\n", "key: value", "value # no comment", "#", "# x",
	"'", `"`, "''", `"}]`, `\`, `\n`, "|", ">", "|-\n x", "*alias", "&anchor", "%TAG", "@at", "`tick`", "? k", "- ", "[", "]", "{", "}", ", ", "<<", "=",
	" ", " lead", "trail ", "\t", "\ttab", "a\tb", "line\n", "\nline", "a\n\n\nb", "a\r\nb", " \n ", "\u00a0", "\u2028", "\ufeff",
	"null", "~", "True", "yes", "no", "0123", "1e3", "0x1f", "12:30:45", "2001-01-01", ".inf", "1_000", "-", "--- a", "é", "日本語", "😀", "arn:aws:s3:::mine",
	"{{braces}}", strings.Repeat("long ", 24) + "line", "$(id)", "`id`", "../../etc", "<script>", "%s%d%n",
	"$(rm -rf /)", "%2e%2e", "&a x", "*a", "<<: *a", "!!binary x", "\u202eabc", "a\u200bb", "\u2029", "\U000e0041", "\U0010fffd", "\ue000",
}

// carrier is a project in which one text, in double quotes at «», stands wherever
// a user may write text.
var carrier = tree{
	"foldstack.yaml": `project: p
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/p, branch: «»}
environments:
  dev: {accounts: ["222222222222"]}
  prod: {accounts: ["333333333333"]}
stacks:
  data: {template: data.yaml, parameters: {Text: «», List: [«», «»]}}
`,
	"data.yaml":             "Parameters: {Text: {Type: String}, List: {Type: CommaDelimitedList}}\nResources: {Topic: {Type: \"AWS::SNS::Topic\"}}\n",
	"functions/f/index.mjs": "export const handler = async () => 1;\n",
	"functions/f/function.yaml": `description: «»
environment: {PLAIN: «», DIFFERS: «», PARTLY: «»}
environments:
  prod: {environment: {DIFFERS: other, PARTLY: !Ref AWS::Region}}
permissions:
  - {allow: s3:GetObject, on: «»}
events:
  - schedule: {expression: rate(1 day), input: {key: «», list: [«»]}}
  - schedule: {expression: rate(2 days), input: «»}
  - event: {pattern: {source: [a.b], detail: {state: [«»], more: [{prefix: «»}]}}}
  - sns: {topic: news, filter: {state: [«»]}}
  - config: {every: 24h, parameters: {one: «», two: «»}}
`,
	"functions/f/resources.yaml": `Mappings:
  Own: {one: {two: «»}}
Resources:
  Own:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !Join [«», [«», !Ref Topic]], Tags: [{Key: one, Value: «»}]}
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Sub ["${Text}", {Text: «»}]
      Tags: [{Key: «», Value: «»}]
Outputs:
  Own: {Description: «», Value: !If [Never, «», !Ref Own]}
Conditions:
  Never: !Equals [«», !Ref Environment]
`,
}

// carrying is the carrier with a text in it.
func (f tree) carrying(text string) tree {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			quoted.WriteString(`\` + string(r))
		case r < ' ' || r > '~':
			fmt.Fprintf(&quoted, `\U%08x`, r)
		default:
			quoted.WriteRune(r)
		}
	}
	quoted.WriteByte('"')
	all := tree{}
	for name, content := range f {
		all[name] = strings.ReplaceAll(content, "«»", quoted.String())
	}
	return all
}

func TestTextStaysTextWhereverAUserMayWriteIt(t *testing.T) {
	const harmless = "harmless"
	want := shapes(t, carrier.carrying(harmless).rendered(t), harmless)
	require.Equal(t, strings.Count(carrier.text(), "«»"), strings.Count(want, "TEXT"), "all of it reaches the output")
	for _, text := range hostile {
		got := strings.Split(shapes(t, carrier.carrying(text).rendered(t), text), "\n")
		for i, line := range strings.Split(want, "\n") {
			if i >= len(got) || got[i] != line {
				t.Errorf("%q makes %q of what is %q", text, got[min(i, len(got)-1)], line)
				break
			}
		}
	}
}

var digests = regexp.MustCompile(`[0-9a-f]{64}|[0-9a-f]{16}\b|[0-9a-f]{12}$|[0-9a-f]{8}(Permission|\.Arn)?$`)

// shapes is an output as YAML reads it, with TEXT in the place of a text and of
// its form in JSON, and without digests.
func shapes(t *testing.T, files map[string][]byte, text string) string {
	t.Helper()
	quoted := string(jsonText(t, text))
	var b strings.Builder
	var walk func(n *yaml.Node, depth int)
	walk = func(n *yaml.Node, depth int) {
		value := digests.ReplaceAllString(n.Value, "DIGEST")
		switch {
		case n.Kind != yaml.ScalarNode:
		case n.Value == text && n.ShortTag() == "!!str" && isText(n):
			value = "TEXT"
		case n.Value == text+","+text:
			value = "TEXT,TEXT"
		case strings.HasPrefix(n.Value, text+" ("):
			value = "TEXT" + digests.ReplaceAllString(n.Value[len(text):], "DIGEST")
		case n.Value == `{"key":`+quoted+`,"list":[`+quoted+`]}`:
			value = `{"key":TEXT,"list":[TEXT]}`
		}
		fmt.Fprintf(&b, "%*s%d %s %s\n", depth, "", n.Kind, n.ShortTag(), value)
		for _, child := range n.Content {
			walk(child, depth+1)
		}
	}
	for _, file := range sorted(files) {
		if path.Ext(file) != ".yaml" {
			continue
		}
		var doc yaml.Node
		require.NoError(t, yaml.Unmarshal(files[file], &doc), "%s\n%s", file, files[file])
		b.WriteString(file + "\n")
		walk(&doc, 0)
	}
	return b.String()
}

func jsonText(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(text))
	return bytes.TrimSpace(b.Bytes())
}
