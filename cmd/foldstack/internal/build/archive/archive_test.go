package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/model"
)

const digest = "63bd762cf53219ec5b491f7d2b866a3329908416e5d9de90e5e53c839a20be89"

// folder is a folder of files; those that end in .sh are executable.
func folder(t *testing.T, files map[string]string) *os.Root {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		if filepath.Ext(name) == ".sh" {
			require.NoError(t, os.Chmod(file, 0o700))
		}
	}
	return open(t, dir)
}

func open(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	return root
}

func packed(t *testing.T, root *os.Root) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := Write(&b, root, digest)
	require.NoError(t, err)
	return b.Bytes()
}

func unpacked(t *testing.T, data []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range r.File {
		rc, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(rc)
		require.NoError(t, err)
		files[f.Name] = string(text)
	}
	return files
}

// text is long enough for a compressor to have a choice.
var text = func() string {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "%d bottles, %x on the wall\n", i*i%977, i)
	}
	return b.String()
}()

var example = map[string]string{
	"b.txt": text, "a/z.sh": "#!/bin/sh\n", "a/y": "", "größe.txt": "ß", "a.txt": "x",
}

// Whoever changes the bytes of archives must add one to the revision of every
// toolchain that packs them (generator/asset): what is published under a digest stays.
func TestTheBytesOfAnArchiveStayWhatTheyWere(t *testing.T) {
	sum := sha256.Sum256(packed(t, folder(t, example)))
	assert.Equal(t, "d8d6195a6e4d534263da0ddbc97b5a4b59371c94170e4526b02674342a440ec1", hex.EncodeToString(sum[:]))
}

func TestAnArchiveShowsNeitherAClockNorAnUmaskNorAnOrder(t *testing.T) {
	want := packed(t, folder(t, example))
	dir := t.TempDir()
	for _, name := range []string{"größe.txt", "a/z.sh", "b.txt", "a/y", "a.txt"} {
		file := filepath.Join(dir, name)
		mode := os.FileMode(0o664)
		if filepath.Ext(name) == ".sh" {
			mode = 0o777
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(example[name]), mode))
		require.NoError(t, os.Chmod(file, mode))
		at := time.Date(2031, 2, 3, 4, 5, 6, 7, time.UTC)
		require.NoError(t, os.Chtimes(file, at, at))
	}
	assert.Equal(t, want, packed(t, open(t, dir)))
}

func TestAnArchiveHoldsEveryFileAndItsStamp(t *testing.T) {
	data := packed(t, folder(t, example))
	want := map[string]string{Stamp: digest}
	for name, text := range example {
		want[name] = text
	}
	assert.Equal(t, want, unpacked(t, data))

	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
		mode := os.FileMode(0o644)
		if f.Name == "a/z.sh" {
			mode = 0o755
		}
		assert.Equal(t, mode, f.Mode(), f.Name)
		assert.Empty(t, f.Extra, f.Name)
		assert.Equal(t, time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), f.Modified.UTC(), f.Name)
		assert.Equal(t, f.Name == "größe.txt", !f.NonUTF8 && f.Flags&utf8Names != 0, f.Name)
	}
	assert.Equal(t, []string{Stamp, "a.txt", "a/y", "a/z.sh", "b.txt", "größe.txt"}, names)
}

func TestTheStampOfAnUnpackedArchiveGivesWay(t *testing.T) {
	files := unpacked(t, packed(t, folder(t, map[string]string{Stamp: "another", "a": "a"})))
	assert.Equal(t, map[string]string{Stamp: digest, "a": "a"}, files)
}

func TestWhatALinkPointsAtIsPackedInItsPlace(t *testing.T) {
	root := folder(t, map[string]string{"lib/a.sh": "a", "lib/b": "b"})
	require.NoError(t, root.Symlink("lib", "again"))
	require.NoError(t, root.Symlink("../lib/a.sh", "lib/c"))
	assert.Equal(t, map[string]string{
		Stamp: digest, "lib/a.sh": "a", "lib/b": "b", "lib/c": "a", "again/a.sh": "a", "again/b": "b", "again/c": "a",
	}, unpacked(t, packed(t, root)))
}

func TestALinkThatLeadsNowhereIsRefused(t *testing.T) {
	for target, text := range map[string]string{
		"/etc/passwd": "which is not among the files", "../secret": "which is not among the files",
		"missing": "which is not among the files", ".": "which has no end",
	} {
		root := folder(t, map[string]string{"a": "a"})
		require.NoError(t, root.Symlink(target, "link"))
		_, err := Write(io.Discard, root, digest)
		require.ErrorContains(t, err, text, target)
		assert.ErrorContains(t, err, "link is a link to", target)
	}
}

func TestANameThatNotEverySystemReadsAlikeIsRefused(t *testing.T) {
	_, err := Write(io.Discard, folder(t, map[string]string{`a\b`: ""}), digest)
	require.ErrorContains(t, err, "backslash")
}

func TestAnArchiveIsAsLargeAsLambdaUnpacksAndNoLarger(t *testing.T) {
	root := folder(t, map[string]string{"data": ""})
	limit := int64(model.MaxUnzipped) - int64(len(digest))
	require.NoError(t, os.Truncate(filepath.Join(root.Name(), "data"), limit))
	size, err := Write(io.Discard, root, digest)
	require.NoError(t, err)
	assert.Equal(t, Size{Files: 2, Unzipped: model.MaxUnzipped}, size)

	require.NoError(t, os.Truncate(filepath.Join(root.Name(), "data"), limit+1))
	_, err = Write(io.Discard, root, digest)
	require.ErrorIs(t, err, TooLarge{model.MaxUnzipped + 1})
}
