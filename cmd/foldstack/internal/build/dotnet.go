package build

import (
	"context"
	"path"
	"path/filepath"
	"strings"
)

// dotnet publishes the project for the runtime's framework.
//
// https://docs.aws.amazon.com/lambda/latest/dg/csharp-package-cli.html
// https://learn.microsoft.com/dotnet/core/tools/dotnet-publish
func dotnet(ctx context.Context, s *site) error {
	project := s.on(path.Join(s.fn.Dir, s.fn.Entry))
	if !strings.HasSuffix(s.fn.Entry, "proj") {
		project = s.folder()
	}
	args := []string{
		"publish", project, "--nologo", "--disable-build-servers", "--configuration", "Release", "--runtime", architectures[s.fn.Architecture.Value].dotnet,
		"--output", s.out.Name(), "--self-contained", "false",
		// Neither the folder nor the clock enters the assemblies.
		"-p:Deterministic=true", "-p:ContinuousIntegrationBuild=true", "-p:PathMap=" + s.tree.Name() + string(filepath.Separator) + "=/build/",
		"-p:DebugType=none", "-p:GenerateRuntimeConfigurationFiles=true",
	}
	if _, _, locked := s.nearest("packages.lock.json"); locked {
		args = append(args, "-p:RestoreLockedMode=true")
	}
	_, err := s.run(ctx, program{
		name: "dotnet", args: args, dir: s.folder(), env: []string{"DOTNET_CLI_TELEMETRY_OPTOUT=1", "DOTNET_NOLOGO=1"},
		hints: map[string]string{"NETSDK1045": "install the .NET SDK of the project's framework: https://dotnet.microsoft.com/download"},
	})
	return err
}
