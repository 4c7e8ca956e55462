package endtoend

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
)

func upload(t *testing.T, as role, region, bucket, key string, data []byte) {
	t.Helper()
	_, err := objects(as, region).PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(data)})
	require.NoError(t, err)
}

func download(t *testing.T, as role, region, bucket, key string) []byte {
	t.Helper()
	answer, err := objects(as, region).GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	require.NoError(t, err, "s3://%s/%s", bucket, key)
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return data
}

func objects(as role, region string) *s3.Client {
	return s3.NewFromConfig(as.config(region), func(o *s3.Options) { o.UsePathStyle = true })
}

// packed is a folder as an archive.
func packed(t *testing.T, folder string) []byte {
	t.Helper()
	var data bytes.Buffer
	w := zip.NewWriter(&data)
	require.NoError(t, w.AddFS(os.DirFS(folder)))
	require.NoError(t, w.Close())
	return data.Bytes()
}

// unpacked is an archive as a folder.
func unpacked(t *testing.T, data []byte) string {
	t.Helper()
	folder := t.TempDir()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(folder, r))
	return folder
}

// chosen copies the files of a folder that match one of the patterns.
func chosen(t *testing.T, folder string, match func(file string) bool) string {
	t.Helper()
	to := t.TempDir()
	require.NoError(t, filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		name, err := filepath.Rel(folder, file)
		require.NoError(t, err)
		if d.IsDir() || !match(filepath.ToSlash(name)) {
			return nil
		}
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(to, path.Dir(filepath.ToSlash(name))), 0o755))
		return os.WriteFile(filepath.Join(to, name), data, 0o644)
	}))
	return to
}
