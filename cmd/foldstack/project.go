package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/foldstack/foldstack/generator"
	"github.com/spf13/cobra"
)

// configName is the file whose folder is the project.
const configName = "foldstack.yaml"

// projectFlags say which project a command works on.
type projectFlags struct {
	config    string
	functions []string
	out       string
}

func (f *projectFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.config, "config", "", "the project's `file` (default: "+configName+" here or in the nearest folder above)")
	flags.StringArrayVar(&f.functions, "functions", nil, "`pattern` of the folders that hold functions, relative to the project; may be repeated (default: what the file says)")
	flags.StringVar(&f.out, "out", "", "the output `folder`, relative to the project (default: what the file says)")
}

// options finds the project.
func (f *projectFlags) options() (generator.Options, error) {
	config, err := f.find()
	if err != nil {
		return generator.Options{}, err
	}
	root := filepath.Dir(config)
	out := f.out
	if filepath.IsAbs(out) {
		if out, err = filepath.Rel(root, out); err != nil {
			return generator.Options{}, fmt.Errorf("placing --out %s: %w", f.out, err)
		}
	}
	return generator.Options{Root: root, Config: config, Functions: f.functions, Output: filepath.ToSlash(out)}, nil
}

// find returns the absolute path of the project's file.
func (f *projectFlags) find() (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the current folder: %w", err)
	}
	if f.config != "" {
		return given(here, f.config)
	}
	return nearest(here, os.Lstat)
}

// nearest is the project's file in a folder or in the nearest above it. One that look
// cannot search may hold it, and then a project further up would be another.
func nearest(here string, look func(name string) (fs.FileInfo, error)) (string, error) {
	for dir := here; ; dir = filepath.Dir(dir) {
		config := filepath.Join(dir, configName)
		_, err := look(config)
		switch {
		case err == nil: // usable or not: it is meant
			return config, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", hinted{fmt.Errorf("looking for %s: %w", configName, err), "name the file by --config, or have the right to search that folder given to you"}
		case dir == filepath.Dir(dir):
			return "", hinted{
				fmt.Errorf("there is no %s in %s or in a folder above it", configName, here),
				"name the file by --config, or begin with the one that `foldstack generate --help` shows",
			}
		}
	}
}

// given is the file that --config names; a folder stands for the file in it.
func given(here, config string) (string, error) {
	if !filepath.IsAbs(config) {
		config = filepath.Join(here, config)
	}
	info, err := os.Stat(config)
	if err == nil && info.IsDir() {
		config = filepath.Join(config, configName)
		_, err = os.Stat(config)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", hinted{fmt.Errorf("there is no file %s", config), "--config takes a " + configName + " or the folder that holds it"}
	}
	if err != nil {
		return "", fmt.Errorf("looking for --config: %w", err)
	}
	return config, nil
}

// generate asks the generator for the one result that a command shows, and tells the
// folder of its project.
func (s *session) generate(ctx context.Context, f projectFlags) (result *generator.Result, root string, err error) {
	options, err := f.options()
	if err != nil {
		return nil, "", err
	}
	done := s.progress("generating")
	defer done()
	result, err = generator.Generate(ctx, options)
	return result, options.Root, err
}

// elsewhere is the project's folder as seen from here; empty when it is here.
func elsewhere(root string) string {
	here, err := os.Getwd()
	if err != nil {
		return root
	}
	rel, err := filepath.Rel(here, root)
	switch {
	case err != nil:
		return root
	case rel == ".":
		return ""
	}
	return filepath.ToSlash(rel)
}
