package build

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// node packs the folder with the packages that its lock file names.
func node(ctx context.Context, s *site) error {
	install := s.packages()
	if err := install.run(ctx, false); err != nil {
		return err
	}
	if err := s.packFolder(notForNode); err != nil {
		return err
	}
	if install.dir == s.fn.Dir {
		return nil
	}
	return install.pack()
}

// notForNode names what a function in Node.js does not need when it runs: what an
// installer leaves for itself, and its settings, in which people keep tokens.
func notForNode(name string) bool {
	switch path.Base(name) {
	case ".npmrc", ".yarnrc", ".yarnrc.yml":
		return true
	}
	return leftByNPM(name)
}

// leftByNPM names what an installer leaves in node_modules for itself and its scripts.
func leftByNPM(name string) bool {
	dir, base := path.Split(name)
	return path.Base(dir) == modules && strings.HasPrefix(base, ".")
}

const modules = "node_modules"

// manifest is what matters of a package.json.
type manifest struct {
	Dependencies         map[string]string `json:"dependencies"`
	OptionalDependencies map[string]string `json:"optionalDependencies"`
	DevDependencies      map[string]string `json:"devDependencies"`
	Type                 string            `json:"type"`
}

func (s *site) manifest(dir string) manifest {
	var m manifest
	_ = json.Unmarshal([]byte(s.read(path.Join(dir, "package.json"))), &m) // a field of another type leaves the others
	return m
}

// installer is a package manager of Node.js.
type installer struct {
	lock string // its lock file
	name string
	args []string
	prod []string // what leaves out packages for development
}

// installers, the more particular lock file first. None runs scripts of packages: they
// would compile for this machine and not for Lambda, and whoever can publish a package
// could run a program here. A function that needs one runs it in a step of its own.
var installers = []installer{
	// https://docs.npmjs.com/cli/v11/commands/npm-ci
	{"npm-shrinkwrap.json", "npm", npmArgs, []string{"--omit=dev"}},
	{"package-lock.json", "npm", npmArgs, []string{"--omit=dev"}},
	// https://pnpm.io/cli/install. Hoisted, because an archive holds no links.
	{"pnpm-lock.yaml", "pnpm", []string{"install", "--frozen-lockfile", "--ignore-scripts", "--config.node-linker=hoisted"}, []string{"--prod"}},
	// https://classic.yarnpkg.com/lang/en/docs/cli/install/
	{"yarn.lock", "yarn", []string{"install", "--frozen-lockfile", "--ignore-scripts", "--non-interactive"}, []string{"--production"}},
	// https://bun.sh/docs/cli/install
	{"bun.lock", "bun", []string{"install", "--frozen-lockfile", "--ignore-scripts", "--backend=copyfile"}, []string{"--production"}},
	{"bun.lockb", "bun", []string{"install", "--frozen-lockfile", "--ignore-scripts", "--backend=copyfile"}, []string{"--production"}},
}

var npmArgs = []string{"ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"}

// installation is what has to be installed for a function, and where.
type installation struct {
	*site
	dir     string // of the lock file; that of the function where nothing is installed
	with    installer
	needs   bool // packages that run
	develop bool // packages for development
	locked  bool
}

// packages finds out what the function's package.json, and that beside the lock file,
// ask for.
func (s *site) packages() installation {
	in := installation{site: s, dir: s.fn.Dir}
	var manifests []manifest
	if dir, _, ok := s.nearest("package.json"); ok {
		manifests = append(manifests, s.manifest(dir))
	}
	var locks []string
	for _, i := range installers {
		locks = append(locks, i.lock)
	}
	if dir, lock, ok := s.nearest(locks...); ok {
		in.dir, in.locked = dir, true
		for _, i := range installers {
			if i.lock == lock {
				in.with = i
			}
		}
		manifests = append(manifests, s.manifest(dir))
	}
	for _, m := range manifests {
		in.needs = in.needs || len(m.Dependencies)+len(m.OptionalDependencies) > 0
		in.develop = in.develop || len(m.DevDependencies) > 0
	}
	return in
}

// run installs; develop says that packages for development are wanted, too, as they are
// where all is bundled.
func (in installation) run(ctx context.Context, develop bool) error {
	switch {
	case !in.needs && !(develop && in.develop && in.locked):
		return nil
	case !in.locked:
		return in.failure("package.json names packages, and no lock file says which versions",
			"run `npm install --package-lock-only` and commit package-lock.json")
	}
	if in.with.name == "yarn" && strings.Contains(in.read(path.Join(in.dir, in.with.lock)), "__metadata:") {
		return in.failure("yarn.lock is that of Yarn 2 or later, which lays packages out by plugins of the project",
			"write its steps under `build` in function.yaml, or use npm")
	}
	args := in.with.args
	if !develop {
		args = append(args[:len(args):len(args)], in.with.prod...)
	}
	if in.with.name == "npm" {
		// https://docs.npmjs.com/cli/v11/using-npm/config#cpu
		args = append(args[:len(args):len(args)], "--os=linux", "--libc=glibc", "--cpu="+architectures[in.fn.Architecture.Value].node)
	}
	_, err := in.site.run(ctx, program{
		name: in.with.name, args: args, dir: in.on(in.dir),
		env: []string{"CI=1", "NODE_ENV="},
		hints: map[string]string{
			"EUSAGE":       "package.json and its lock file disagree: run `npm install` and commit package-lock.json",
			"ERESOLVE":     "run `npm install` until it succeeds, and commit package-lock.json",
			"EBADPLATFORM": "the package does not run on Lambda's architecture of this function",
		},
	})
	return err
}

// pack puts packages that were installed above the function's folder into the archive,
// but for those that its own folder has. A workspace links to its own packages: those
// are copied, and the function itself is not.
func (in installation) pack() error {
	from := path.Join(in.dir, modules)
	if _, err := in.tree.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	function := in.folder()
	skip := func(name string) bool {
		if leftByNPM(name) {
			return true
		}
		rest, below := strings.CutPrefix(name, from+"/")
		if !below {
			return false
		}
		if _, err := in.out.Lstat(path.Join(modules, rest)); err == nil && isPackage(rest) {
			return true
		}
		real, err := filepath.EvalSymlinks(in.on(name))
		return err == nil && (real == function || strings.HasPrefix(function, real+string(filepath.Separator)))
	}
	return copyAll(in.tree, from, in.out, modules, skip)
}

// isPackage reports whether a path in node_modules is that of a package, and not of a
// scope or of something in a package.
func isPackage(name string) bool {
	if strings.HasPrefix(name, "@") {
		return strings.Count(name, "/") == 1
	}
	return !strings.Contains(name, "/")
}
