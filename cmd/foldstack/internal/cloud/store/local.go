package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// Local is the folder that a build fills, `.foldstack` beside foldstack.yaml. What lies
// in it lies under the key that it is published under, and is whole.
type Local string

// archive is what is published under a key, if it was built here.
func (l Local) archive(key string) (content, bool, error) {
	file := filepath.Join(string(l), filepath.FromSlash(key))
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return content{}, false, nil
	case err != nil:
		return content{}, false, fmt.Errorf("looking for a built archive: %w", err)
	case !info.Mode().IsRegular() || info.Size() == 0:
		return content{}, false, cloud.Hinted(fmt.Errorf("%s is no archive", file), "remove it, and run `foldstack build`")
	}
	return content{size: info.Size(), open: func() (opened, error) {
		opened, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("opening a built archive: %w", err)
		}
		return opened, nil
	}}, true, nil
}

// image is the image that lies under a key as an OCI layout, if it was built here.
//
// https://github.com/opencontainers/image-spec/blob/main/image-layout.md
func (l Local) image(key string) (v1.Image, bool, error) {
	folder := filepath.Join(string(l), filepath.FromSlash(key))
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	image, err := onlyImage(folder)
	if err != nil {
		return nil, false, cloud.Hinted(fmt.Errorf("%s is no image: %w", folder, err), "remove it, and run `foldstack build`")
	}
	return image, true, nil
}

// onlyImage is the one image of a layout. Lambda takes no index of several.
//
// https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
func onlyImage(folder string) (v1.Image, error) {
	index, err := layout.ImageIndexFromPath(folder)
	if err != nil {
		return nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	if n := len(manifest.Manifests); n != 1 {
		return nil, fmt.Errorf("its index names %d manifests instead of one", n)
	}
	if only := manifest.Manifests[0]; !only.MediaType.IsImage() {
		return nil, fmt.Errorf("its manifest is of the type %s", only.MediaType)
	}
	return index.Image(manifest.Manifests[0].Digest)
}

// imageSize is how much a registry that has nothing of an image is sent.
func imageSize(image v1.Image) (int64, error) {
	manifest, err := image.Manifest()
	if err != nil {
		return 0, fmt.Errorf("reading a built image: %w", err)
	}
	size := manifest.Config.Size
	for i := range manifest.Layers {
		size += manifest.Layers[i].Size
	}
	return size, nil
}

// inMemory is content that was never a file.
func inMemory(data []byte) content {
	return content{size: int64(len(data)), open: func() (opened, error) { return unclosed{bytes.NewReader(data)}, nil }}
}

type unclosed struct{ *bytes.Reader }

func (unclosed) Close() error { return nil }
