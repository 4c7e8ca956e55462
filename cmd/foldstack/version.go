package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (s *session) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of foldstack",
		Long:    "Version prints what this foldstack was built from. The version enters no file that\nfoldstack writes.",
		Example: "  foldstack version",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			if _, err := fmt.Fprintln(s.stdout, versionLine()); err != nil {
				return fmt.Errorf("printing the version: %w", err)
			}
			return nil
		},
	}
}

func versionLine() string {
	info, _ := debug.ReadBuildInfo()
	return fmt.Sprintf("foldstack %s (%s, %s/%s)", version(info), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// version is the module's version, or the commit of a build from a checkout.
func version(info *debug.BuildInfo) string {
	if info == nil {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	commit, modified := "", ""
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			commit = setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			modified = ", modified"
		}
	}
	if commit == "" {
		return "(devel)"
	}
	return "commit " + commit[:min(12, len(commit))] + modified
}
