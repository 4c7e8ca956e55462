package build

import (
	"context"
	"path"
	"regexp"
	"strings"
)

// ruby packs the folder with the gems of its lock file, which Lambda finds below
// vendor/bundle.
//
// https://docs.aws.amazon.com/lambda/latest/dg/ruby-package.html
// https://bundler.io/man/bundle-config.1.html
func ruby(ctx context.Context, s *site) error {
	if dir, lock, ok := s.nearest("Gemfile.lock", "gems.locked"); ok {
		if err := s.bundler(ctx, dir, lock); err != nil {
			return err
		}
	} else if _, _, asks := s.nearest("Gemfile", "gems.rb"); asks {
		return s.failure("no Gemfile.lock says which versions", "run `bundle lock --add-platform aarch64-linux x86_64-linux` and commit Gemfile.lock")
	}
	if err := s.importsWithin(); err != nil {
		return err
	}
	return s.packFolder(func(name string) bool { return path.Base(name) == ".bundle" })
}

const gems = "vendor/bundle"

func (s *site) bundler(ctx context.Context, dir, lock string) error {
	gemfile := map[string]string{"Gemfile.lock": "Gemfile", "gems.locked": "gems.rb"}[lock]
	target := s.on(path.Join(s.fn.Dir, gems))
	_, err := s.run(ctx, program{
		name: "bundle", args: []string{"install", "--quiet"}, dir: s.on(dir),
		env: []string{
			"BUNDLE_GEMFILE=" + s.on(path.Join(dir, gemfile)), "BUNDLE_PATH=" + target, "BUNDLE_FROZEN=true",
			"BUNDLE_WITHOUT=development:test", "BUNDLE_NO_PRUNE=true", "BUNDLE_CLEAN=false",
		},
		hints: map[string]string{"frozen": "run `bundle install` and commit Gemfile.lock"},
	})
	if err != nil {
		return err
	}
	return s.checkGems()
}

// checkGems finds gems of another Ruby than the runtime's: they lie in a folder that is
// called after the version, and the runtime looks into its own.
func (s *site) checkGems() error {
	want := strings.TrimPrefix(s.fn.Runtime.Value, "ruby") + ".0"
	dir := path.Join(s.fn.Dir, gems, "ruby")
	if _, err := s.tree.Stat(dir); err != nil {
		return nil // no gems
	}
	if _, err := s.tree.Stat(path.Join(dir, want)); err != nil {
		return s.failure("the gems were installed by another Ruby than "+s.fn.Runtime.Value, "install Ruby "+strings.TrimPrefix(s.fn.Runtime.Value, "ruby")+", or set runtime: in function.yaml")
	}
	// What gems were unpacked from, and what compilers said.
	for _, left := range []string{"cache", "build_info", "doc"} {
		if err := s.tree.RemoveAll(path.Join(dir, want, left)); err != nil {
			return err
		}
	}
	return nil
}

var requireRelative = regexp.MustCompile(`\brequire_relative\s*\(?\s*["']([^"'\n]+)["']`)

// importsWithin finds sources that reach out of the folder, which is all that Lambda has.
func (s *site) importsWithin() error {
	for _, in := range s.fn.Inputs {
		name, own := strings.CutPrefix(in.Path, s.fn.Dir+"/")
		if !own || path.Ext(name) != ".rb" || strings.Contains(name, "spec/") || strings.Contains(name, "test/") {
			continue
		}
		for _, m := range requireRelative.FindAllStringSubmatch(s.read(in.Path), -1) {
			if to := path.Join(path.Dir(name), m[1]); strings.HasPrefix(to, "../") {
				return s.failure(in.Path+" takes "+m[1]+", which lies outside of the function's folder",
					"make a link to it in the folder, in whose place it is packed, or a gem that the Gemfile names by its path")
			}
		}
	}
	return nil
}
