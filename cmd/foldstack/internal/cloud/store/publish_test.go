package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

const (
	first, second = "eu-central-1", "us-east-1"
	partSize      = 1 << 10
)

// world is a project that was built, and the AWS that it is published to.
type world struct {
	server    *cloudtest.Server
	project   *model.Project
	templates []generator.Asset
	local     store.Local

	lock     sync.Mutex
	stored   map[string]bool // region and key
	broken   []string        // what must never happen and has
	archives map[string][]byte
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func said(values ...string) []source.Field[string] {
	var fields []source.Field[string]
	for _, v := range values {
		fields = append(fields, source.Field[string]{Value: v, Set: true})
	}
	return fields
}

// newWorld is a project of a small archive, one of three parts and an image, in two
// regions.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{
		local: store.Local(local), stored: map[string]bool{},
		archives: map[string][]byte{model.ArchiveKey(digest("large")): large, model.ArchiveKey(digest("small")): small},
		project: &model.Project{
			Name: "acme", Tooling: model.Location{Account: "111111111111", Region: first},
			Environments: []model.Environment{{Name: "dev", Accounts: said("222222222222"), Regions: said(first, second)}},
			Functions: []model.Function{
				{Name: "large", Package: model.Zip, Digest: digest("large")},
				{Name: "picture", Package: model.Image, Digest: digest("picture")},
				{Name: "small", Package: model.Zip, Digest: digest("small")},
			},
		},
	}
	for _, name := range []string{"large", "picture", "small"} {
		w.addTemplate(name, "Description: "+name+"\n")
	}
	w.start(t)
	return w
}

func (w *world) addTemplate(name, text string) {
	w.templates = append(w.templates, generator.Asset{Key: model.TemplateKey(digest(text)), Name: name, Data: []byte(text)})
}

// The project is built once for all tests, in local.
var (
	local string
	large = bytes.Repeat([]byte("x"), 2*partSize+1)
	small = []byte("zip")
)

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "foldstack-publish-")
	if err == nil {
		local = dir
		err = errors.Join(built("large", large), built("small", small), builtImage("picture"))
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func built(name string, data []byte) error {
	file := filepath.Join(local, "functions", digest(name)+".zip")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

func builtImage(name string) error {
	image, err := random.Image(partSize, 1)
	if err != nil {
		return err
	}
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: image})
	_, err = layout.Write(filepath.Join(local, "images", digest(name)), index)
	return err
}

// start starts AWS with what bootstrap makes, and watches over what is stored.
func (w *world) start(t testing.TB) {
	t.Helper()
	w.server = cloudtest.Start(t)
	w.server.MinPartSize = partSize
	w.server.OnStore = w.watch
	for _, region := range w.project.Regions() {
		w.server.AddBucket(region, w.bucket(region))
		w.server.AddRepository(region, "foldstack/acme")
	}
}

func (w *world) bucket(region string) string {
	return model.AssetBucket(w.project.Name, w.project.Tooling.Account, region)
}

// watch notes what must never be seen, not even for a moment: a key that is stored
// twice, other bytes than were built, and a template before the code that it names.
func (w *world) watch(region, key string, data []byte) {
	w.lock.Lock()
	defer w.lock.Unlock()
	id := region + " " + key
	if w.stored[id] {
		w.broken = append(w.broken, id+" was written twice")
	}
	w.stored[id] = true
	if want, ok := w.archives[key]; ok && !bytes.Equal(want, data) {
		w.broken = append(w.broken, id+" has other bytes")
	}
	if strings.HasPrefix(key, "templates/") {
		if key != model.TemplateKey(digest(string(data))) {
			w.broken = append(w.broken, id+" has other bytes")
		}
		for _, code := range w.code() {
			if !w.stored[region+" "+code] {
				w.broken = append(w.broken, id+" came before "+code)
			}
		}
	}
}

func (w *world) code() []string {
	var keys []string
	for i := range w.project.Functions {
		f := &w.project.Functions[i]
		if f.Package == model.Image {
			keys = append(keys, store.ImageKey(f.Digest))
		} else {
			keys = append(keys, model.ArchiveKey(f.Digest))
		}
	}
	return keys
}

// complete fails unless every region holds everything, whole, and nothing else.
func (w *world) complete(t testing.TB) {
	t.Helper()
	want := map[string]string{}
	for key, data := range w.archives {
		want[key] = string(data)
	}
	for _, template := range w.templates {
		want[template.Key] = string(template.Data)
	}
	for _, region := range w.project.Regions() {
		assert.Equal(t, want, w.server.Objects(w.bucket(region)), region)
		assert.Equal(t, map[string]bool{digest("picture"): true}, w.server.Tags(region, "foldstack/acme"), region)
	}
	w.sound(t)
}

// sound fails if anything happened that never may.
func (w *world) sound(t testing.TB) {
	t.Helper()
	w.lock.Lock()
	defer w.lock.Unlock()
	assert.Empty(t, w.broken)
}

func never(int) time.Duration { return 0 }

var (
	impatient = cloud.Options{Backoff: never}
	inParts   = store.Options{PartSize: partSize}
)

func (w *world) plan(ctx context.Context) (*store.Plan, error) {
	session, err := cloud.Open(ctx, first, impatient)
	if err != nil {
		return nil, err
	}
	return store.Of(session, w.project, inParts).Plan(ctx, w.local, w.templates)
}

func (w *world) publish(ctx context.Context) error {
	plan, err := w.plan(ctx)
	if err != nil {
		return err
	}
	return plan.Publish(ctx)
}

// counted counts calls by region and operation.
func counted(calls []cloudtest.Call) map[string]int {
	counts := map[string]int{}
	for _, c := range calls {
		counts[c.Region+" "+c.Operation]++
	}
	return counts
}

func TestEverythingIsPublishedToEveryRegionOnce(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.publish(t.Context()))
	w.complete(t)
	for _, c := range w.server.Calls() {
		if c.Operation == "PutObject" || c.Operation == "CompleteMultipartUpload" {
			assert.True(t, c.OnlyNew, c)
		}
	}

	w.server.Forget()
	plan, err := w.plan(t.Context())
	require.NoError(t, err)
	assert.Empty(t, plan.Assets)
	assert.Equal(t, 6, plan.Stored)
	require.NoError(t, plan.Publish(t.Context()))
	assert.Equal(t, map[string]int{
		first + " GetCallerIdentity": 1,
		first + " ListObjectsV2":     2, second + " ListObjectsV2": 2,
		first + " BatchGetImage": 1, second + " BatchGetImage": 1,
	}, counted(w.server.Calls()), "a second run asks what is there, and writes nothing")
}

func TestAPlanSaysWhatWouldBeUploadedWhereAndInWhichOrder(t *testing.T) {
	w := newWorld(t)
	w.server.Put(w.bucket(first), model.ArchiveKey(digest("small")), []byte("zip"))
	plan, err := w.plan(t.Context())
	require.NoError(t, err)
	var lines []string
	var size int64
	for _, a := range plan.Assets {
		lines = append(lines, fmt.Sprintf("%s%s%s", a.Kind, a.Names, a.Missing))
		assert.Positive(t, a.Size)
		size += a.Size * int64(len(a.Missing))
	}
	assert.Equal(t, []string{
		"archive[large][eu-central-1 us-east-1]", "archive[small][us-east-1]",
		"image[picture][eu-central-1 us-east-1]",
		"template[large][eu-central-1 us-east-1]", "template[picture][eu-central-1 us-east-1]", "template[small][eu-central-1 us-east-1]",
	}, lines)
	assert.Equal(t, store.Progress{AllUploads: 11, AllBytes: size}, plan.Progress())
	assert.False(t, slices.ContainsFunc(w.server.Calls(), cloudtest.Call.Writes), "a plan writes nothing")

	require.NoError(t, plan.Publish(t.Context()))
	assert.Equal(t, store.Progress{Uploads: 11, AllUploads: 11, Bytes: size, AllBytes: size}, plan.Progress())
}
