package build

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Actors play the programs that toolchains start, so that what they are asked to do can
// be read on any machine. Each is this test's own program under another name.

// actorsVariable names the folder in which actors write down how they were called.
const actorsVariable = "FOLDSTACK_TEST_ACTORS"

// called is how an actor was called.
type called struct {
	Program string
	Args    []string
	Dir     string
	Env     []string
}

// actors do as little as the toolchain needs.
var actors = map[string]func(args []string) error{
	"npm": func([]string) error {
		return putAll(map[string]string{"node_modules/left/index.js": "1", "node_modules/.bin/left": "", "node_modules/.package-lock.json": ""})
	},
	"pnpm":    func([]string) error { return put("node_modules/left/index.js", "1") },
	"yarn":    func([]string) error { return put("node_modules/left/index.js", "1") },
	"python3": func(args []string) error { return playPip(after(args, "--target")) },
	"uv":      playUV,
	"poetry":  func(args []string) error { return put(after(args, "--output"), "requests==2.32.5\n") },
	"pdm":     func(args []string) error { return put(after(args, "--output"), "requests==2.32.5\n") },
	"pipenv":  func([]string) error { _, err := fmt.Println("requests==2.32.5"); return err },
	"go":      func(args []string) error { return put(after(args, "-o"), "") },
	"cargo":   playCargo,
	"dotnet": func(args []string) error {
		return putAll(map[string]string{after(args, "--output") + "/app.dll": "", after(args, "--output") + "/bootstrap": ""})
	},
	"mvn":    func(args []string) error { return playJava("target/app-1.jar", value(args, "-DoutputDirectory=")) },
	"gradle": func(args []string) error { return playJava("build/libs/app.jar", value(args, "-PfoldstackLibraries=")) },
	"bundle": func([]string) error { return playBundler(os.Getenv("BUNDLE_PATH")) },
	"docker": playDocker,
}

func playPip(target string) error {
	return putAll(map[string]string{
		target + "/requests/__init__.py":                      "",
		target + "/requests/__pycache__/__init__.pyc":         "",
		target + "/requests-2.32.5.dist-info/direct_url.json": "",
		target + "/requests-2.32.5.dist-info/RECORD":          "../../bin/normalizer,sha256=x,1\nrequests/__init__.py,,\nrequests/__pycache__/__init__.pyc,,\nrequests-2.32.5.dist-info/direct_url.json,,\n",
		target + "/bin/normalizer":                            "#!/of/this/machine/python\n",
	})
}

func playUV(args []string) error {
	if args[0] == "export" {
		return put(after(args, "--output-file"), "requests==2.32.5\n")
	}
	return playPip(after(args, "--target"))
}

func playCargo(args []string) error {
	dir := after(args, "--target-dir")
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	for _, name := range []string{"one", "two"} {
		if err := put(filepath.Join(dir, name), name); err != nil {
			return err
		}
		fmt.Printf("{\"reason\":\"compiler-artifact\",\"executable\":%q,\"target\":{\"src_path\":%q}}\n", filepath.Join(dir, name), filepath.Join(here, "src", "bin", name+".rs"))
	}
	fmt.Println(`{"reason":"build-finished","success":true}`)
	return nil
}

func playJava(jar, lib string) error {
	if lib != "" {
		if err := put(filepath.Join(lib, "gson.jar"), "a jar"); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(jar), 0o755); err != nil {
		return err
	}
	if err := put(filepath.Join(filepath.Dir(jar), "app-sources.jar"), ""); err != nil {
		return err
	}
	file, err := os.Create(jar)
	if err != nil {
		return err
	}
	defer file.Close()
	w := zip.NewWriter(file)
	for _, name := range []string{"META-INF/", "META-INF/MANIFEST.MF", "META-INF/maven/shop/app/pom.properties", "META-INF/services/shop.Tax", "shop/Handler.class"} {
		if _, err := w.Create(name); err != nil {
			return err
		}
	}
	return w.Close()
}

func playBundler(dir string) error {
	return putAll(map[string]string{dir + "/ruby/3.4.0/gems/rack/rack.rb": "", dir + "/ruby/3.4.0/cache/rack.gem": ""})
}

// playDocker has no builder yet when it is asked for one.
func playDocker(args []string) error {
	if args[1] == "inspect" {
		return fmt.Errorf("no builder %q found", args[2])
	}
	for _, file := range []string{"app.py", "schemas/a.json"} {
		if data, err := os.ReadFile(filepath.Join(args[len(args)-1], file)); args[1] == "build" && (err != nil || len(data) == 0) {
			return fmt.Errorf("the context lacks %s: %v", file, err)
		}
	}
	for _, option := range strings.Split(after(args, "--output"), ",") {
		if dest, ok := strings.CutPrefix(option, "dest="); ok {
			return put(filepath.Join(dest, "index.json"), "{}")
		}
	}
	return nil
}

func play(name string, args []string) int {
	dir, err := os.Getwd()
	if err == nil {
		err = record(called{name, args, dir, os.Environ()})
	}
	if err == nil {
		err = actors[name](args)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func record(c called) error {
	file, err := os.OpenFile(filepath.Join(os.Getenv(actorsVariable), "calls"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	defer file.Close()
	return json.NewEncoder(file).Encode(c)
}

func putAll(files map[string]string) error {
	for name, text := range files {
		if err := put(name, text); err != nil {
			return err
		}
	}
	return nil
}

func put(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o755)
}

// after is the argument behind another.
func after(args []string, option string) string {
	if i := slices.Index(args, option); i >= 0 && i+1 < len(args) {
		return args[i+1]
	}
	return ""
}

// value is the rest of the argument that begins with a text.
func value(args []string, prefix string) string {
	for _, arg := range args {
		if v, ok := strings.CutPrefix(arg, prefix); ok {
			return v
		}
	}
	return ""
}

// stage puts all actors but those left out on the path, and nothing else but a shell.
// What they were called with is what calls returns.
func stage(t *testing.T, without ...string) (calls func() []called) {
	t.Helper()
	dir := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	for name := range actors {
		if !slices.Contains(without, name) {
			require.NoError(t, os.Symlink(self, filepath.Join(dir, name)))
		}
	}
	require.NoError(t, os.Symlink("/bin/sh", filepath.Join(dir, "sh")))
	t.Setenv("PATH", dir)
	t.Setenv(actorsVariable, dir)
	return func() []called {
		data, err := os.ReadFile(filepath.Join(dir, "calls"))
		if os.IsNotExist(err) {
			return nil
		}
		require.NoError(t, err)
		var list []called
		for line := range strings.Lines(string(data)) {
			var c called
			require.NoError(t, json.Unmarshal([]byte(line), &c))
			list = append(list, c)
		}
		return list
	}
}
