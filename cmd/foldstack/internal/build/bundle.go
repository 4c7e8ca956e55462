package build

import (
	"context"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle makes one file of the handler's module and all that it imports. The bundler is
// part of this program, so that the same files make the same bundle everywhere; types
// are taken off, not checked.
//
// https://docs.aws.amazon.com/lambda/latest/dg/typescript-package.html
func bundle(ctx context.Context, s *site) error {
	if s.fn.Entry == "" {
		return s.failure("the handler's module is not known", "write the build's commands under `build` in function.yaml")
	}
	packages := s.packages()
	if err := packages.run(ctx, true); err != nil {
		return err
	}
	result := api.Build(s.bundling())
	if len(result.Errors) == 0 {
		return nil
	}
	f := s.failure("bundling "+path.Join(s.fn.Dir, s.fn.Entry)+" failed", "")
	f.Output = s.forPeople(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}), ""))
	if strings.Contains(f.Output, "Could not resolve") {
		f.Hint = "name the package in package.json and its lock file, or a file outside of the folder by `include`"
	}
	return f
}

func (s *site) bundling() api.BuildOptions {
	entry := s.fn.Entry
	module := strings.TrimSuffix(entry, path.Ext(entry))
	options := api.BuildOptions{
		EntryPoints:   []string{s.on(path.Join(s.fn.Dir, entry))},
		AbsWorkingDir: s.tree.Name(),
		Bundle:        true,
		Write:         true,
		Platform:      api.PlatformNode,
		Engines:       []api.Engine{{Name: api.EngineNode, Version: nodeVersion(s.fn.Runtime.Value)}},
		Format:        api.FormatCommonJS,
		Outfile:       filepath.Join(s.out.Name(), filepath.FromSlash(module)) + ".js",
		External:      s.fromRuntime(),
		LogLevel:      api.LogLevelSilent,
		KeepNames:     true,
	}
	if s.isESM(entry) {
		options.Format, options.Outfile = api.FormatESModule, strings.TrimSuffix(options.Outfile, ".js")+".mjs"
		// Packages in CommonJS call require, which modules have not.
		options.Banner = map[string]string{"js": "import { createRequire as foldstackRequire } from 'node:module'; const require = foldstackRequire(import.meta.url);"}
	}
	return options
}

// nodeVersion is 24 for nodejs24.x.
func nodeVersion(runtime string) string {
	version, _, _ := strings.Cut(strings.TrimPrefix(runtime, "nodejs"), ".")
	return version
}

// fromRuntime are the packages that Lambda brings and that the project does not want in
// a version of its own.
//
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
func (s *site) fromRuntime() []string {
	external := []string{"@aws-sdk/*", "@smithy/*"}
	for _, dir := range s.manifestFolders() {
		for name := range s.manifest(dir).Dependencies {
			if strings.HasPrefix(name, "@aws-sdk/") || strings.HasPrefix(name, "@smithy/") {
				return nil
			}
		}
	}
	return external
}

// manifestFolders are those of the nearest package.json and of the lock file.
func (s *site) manifestFolders() []string {
	var dirs []string
	if dir, _, ok := s.nearest("package.json"); ok {
		dirs = append(dirs, dir)
	}
	if in := s.packages(); in.locked {
		dirs = append(dirs, in.dir)
	}
	return dirs
}

// isESM reports whether Node.js takes a file for an ECMAScript module.
//
// https://nodejs.org/api/packages.html#determining-module-system
func (s *site) isESM(entry string) bool {
	switch path.Ext(entry) {
	case ".mjs", ".mts":
		return true
	case ".cjs", ".cts":
		return false
	}
	dir, _, ok := s.nearest("package.json")
	return ok && s.manifest(dir).Type == "module"
}
