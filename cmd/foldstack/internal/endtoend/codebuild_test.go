package endtoend

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// host is CodeBuild: it runs the commands of a deployed project's buildspec in one shell,
// with the project's role, in a copy of what it is given.
type host struct {
	t    *testing.T
	mock *mock
	path string // where foldstack is
	said string // by the last build
}

// buildspec is as much of one as ours have; another key fails the test.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
type buildspec struct {
	Version string `yaml:"version"`
	Env     struct {
		Shell string `yaml:"shell"`
	} `yaml:"env"`
	Phases map[string]struct {
		OnFailure string   `yaml:"on-failure"`
		Commands  []string `yaml:"commands"`
	} `yaml:"phases"`
	Artifacts struct {
		BaseDirectory string   `yaml:"base-directory"`
		Files         []string `yaml:"files"`
	} `yaml:"artifacts"`
}

// phases are those of a buildspec, in their order.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
var phases = []string{"install", "pre_build", "build", "post_build"}

func (h *host) build(name, source string) (built string, err error) {
	h.t.Helper()
	project := get[struct {
		ServiceRole string
		Source      struct{ Buildspec string }
		Environment struct {
			EnvironmentVariables []struct{ Name, Value string }
		}
	}](h.t, h.mock.take(h.t, "/census?delivery"), place(tooling, home)+"/build project/"+name)
	data, err := os.ReadFile(filepath.Join(source, project.Source.Buildspec))
	require.NoError(h.t, err)
	var spec buildspec
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	require.NoError(h.t, decoder.Decode(&spec))
	require.Equal(h.t, "bash", spec.Env.Shell)

	cmd := exec.CommandContext(h.t.Context(), spec.Env.Shell, "-ex", "-c", spec.script(h.t))
	cmd.Dir = source
	cmd.Env = append(h.mock.assume(h.t, project.ServiceRole).environment(home),
		"PATH="+h.path+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+h.t.TempDir(), "CODEBUILD_SRC_DIR="+source, "CODEBUILD_BUILD_ID="+name+":1", "CI=true",
		"GOCACHE="+goEnv(h.t, "GOCACHE"), "GOMODCACHE="+goEnv(h.t, "GOMODCACHE"), "GOFLAGS=-mod=readonly") // what a host would have in its image
	for _, v := range project.Environment.EnvironmentVariables {
		cmd.Env = append(cmd.Env, v.Name+"="+v.Value)
	}
	said, err := cmd.CombinedOutput()
	h.said = string(said)
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, said)
	}
	return chosen(h.t, filepath.Join(source, spec.Artifacts.BaseDirectory), func(file string) bool {
		return slices.ContainsFunc(spec.Artifacts.Files, func(pattern string) bool { return doublestar.MatchUnvalidated(pattern, file) })
	}), nil
}

// script is the commands of all phases. One shell runs them, and each phase that fails ends
// the build, because that is what ours ask for.
func (b buildspec) script(t *testing.T) string {
	t.Helper()
	var commands []string
	for _, name := range phases {
		phase, ok := b.Phases[name]
		if !ok {
			continue
		}
		require.Equal(t, "ABORT", phase.OnFailure, name)
		commands = append(commands, phase.Commands...)
	}
	require.Len(t, b.Phases, 2, "a phase that nobody here runs")
	return strings.Join(commands, "\n")
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(value))
}
