package build

import (
	"context"

	"github.com/foldstack/foldstack/generator/asset"
)

// toolchains fill a site's output folder out of its tree. When one begins to do this in
// another way, so that the same files make another archive, its revision in
// generator/asset moves.
var toolchains = map[asset.Toolchain]func(context.Context, *site) error{
	asset.Node:       node,
	asset.TypeScript: bundle,
	asset.Bundle:     bundle,
	asset.Python:     python,
	asset.Go:         golang,
	asset.Java:       java,
	asset.DotNet:     dotnet,
	asset.Ruby:       ruby,
	asset.Rust:       rust,
	asset.Custom:     custom,
	asset.Docker:     image,
}

// architectures are Lambda's, as others call them.
var architectures = map[string]struct{ golang, node, python, rust, dotnet, docker string }{
	"arm64":  {golang: "arm64", node: "arm64", python: "aarch64", rust: "aarch64", dotnet: "linux-arm64", docker: "linux/arm64"},
	"x86_64": {golang: "amd64", node: "x64", python: "x86_64", rust: "x86_64", dotnet: "linux-x64", docker: "linux/amd64"},
}

// custom packs the folder, which holds a bootstrap already.
func custom(_ context.Context, s *site) error { return s.packFolder(nil) }
