package build

import (
	"context"
	"path"
)

// image builds the Dockerfile with the function's folder as its context and exports an
// OCI image layout. Lambda takes no index of several manifests, so that there are no
// attestations; files and history get one fixed time.
//
// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
// https://docs.docker.com/build/exporters/oci-docker/
// https://docs.docker.com/build/ci/github-actions/reproducible-builds/
func image(ctx context.Context, s *site) error {
	if err := s.includeInFolder(); err != nil {
		return err
	}
	if err := s.imageBuilder(ctx); err != nil {
		return err
	}
	_, err := s.run(ctx, s.docker(
		"buildx", "build", "--builder", builder, "--platform", architectures[s.fn.Architecture.Value].docker,
		"--provenance=false", "--sbom=false", "--progress", "plain",
		"--build-arg", "SOURCE_DATE_EPOCH=0", "--label", "foldstack.digest="+s.fn.Digest,
		"--output", "type=oci,tar=false,rewrite-timestamp=true,dest="+s.out.Name(),
		"--file", s.on(path.Join(s.fn.Dir, s.fn.Dockerfile)), s.folder(),
	))
	return err
}

const noBuildx = "install buildx: https://docs.docker.com/build/install-buildx/"

// builder is a builder of our own: the one that comes with Docker exports no OCI layout.
//
// https://docs.docker.com/build/builders/drivers/docker/
const builder = "foldstack"

// imageBuilder makes it where it is missing.
func (s *site) imageBuilder(ctx context.Context) error {
	defer s.exclusive("docker buildx create")()
	if _, err := s.run(ctx, s.docker("buildx", "inspect", builder)); err == nil || ctx.Err() != nil {
		return err
	}
	_, err := s.run(ctx, s.docker("buildx", "create", "--name", builder, "--driver", "docker-container"))
	return err
}

func (s *site) docker(args ...string) program {
	return program{name: "docker", args: args, dir: s.folder(), hints: map[string]string{
		"Cannot connect to the Docker daemon": "start Docker",
		"unknown command: docker buildx":      noBuildx,
		"unknown flag: --name":                noBuildx, // Docker without it takes buildx for a word of its own
		"exec format error":                   "this machine has another architecture than the function: install QEMU, https://docs.docker.com/build/building/multi-platform/#qemu",
		"failed to solve: failed to read":     "the context is the function's folder as git tracks it; `include` names further files",
	}}
}
