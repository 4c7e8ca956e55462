package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// generated are the results for projects, by what their files say.
var generated sync.Map

// Generate is what becomes of a project of these files, by path. The same files are
// generated once in a test binary: the caller may set the fields of the result, and what
// they point to is everybody's.
func Generate(t testing.TB, files map[string]string) *generator.Result {
	t.Helper()
	key := fmt.Sprint(files)
	made, ok := generated.Load(key)
	if !ok {
		result, err := generate(t.Context(), t.TempDir(), files)
		if err != nil {
			t.Fatal(err)
		}
		made, _ = generated.LoadOrStore(key, result)
	}
	result := *made.(*generator.Result)
	return &result
}

// generate writes a project into a folder and generates what becomes of it.
func generate(ctx context.Context, root string, files map[string]string) (*generator.Result, error) {
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return nil, fmt.Errorf("making the folder of %s: %w", name, err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return generator.Check(ctx, generator.Options{Root: root})
}

// Delivery is a project and the AWS that it is delivered to.
type Delivery struct {
	*cloudtest.Server
	*generator.Result
}

// Bootstrap deploys the base stacks, or of these those of some names, in their order.
func (d *Delivery) Bootstrap(only ...string) error {
	tooling := d.Bases[0]
	for _, b := range d.Bases {
		if len(only) > 0 && !slices.Contains(only, b.Name) {
			continue
		}
		role := ""
		if b.UpdatesItself {
			role = roleOf(d.Project, b.Account, model.ToolingRole(d.Project.Name, "cloudformation"))
		}
		if err := d.release(b.Account, b.Region, b.Name, b.Template, role, b.Parameters(d.key(tooling))); err != nil {
			return err
		}
	}
	return nil
}

// key is the id of the key that the first base stack puts out, or empty.
func (d *Delivery) key(tooling generator.Base) string {
	for _, s := range d.Stacks(tooling.Account, tooling.Region) {
		if s.Name == tooling.Name {
			return s.Outputs[generator.BaseKey]
		}
	}
	return ""
}

// Publish stores what the project needs, but for the code.
func (d *Delivery) Publish() {
	p := d.Project
	for _, region := range p.Regions() {
		bucket := model.AssetBucket(p.Name, p.Tooling.Account, region)
		for _, a := range d.Assets {
			d.Put(bucket, a.Key, a.Data)
		}
		for i := range p.Functions {
			f := &p.Functions[i]
			if f.Package == model.Image {
				d.PutImage(region, model.ImageRepository(p.Name), f.Digest, "{}")
			} else {
				d.Put(bucket, model.ArchiveKey(f.Digest), []byte("the archive of "+f.Name))
			}
		}
	}
}

// Deploy deploys every orchestration to a target, by the role of the target.
func (d *Delivery) Deploy(t model.Target) error {
	p := d.Project
	var configuration struct{ Parameters map[string]string }
	if err := json.Unmarshal(d.file("parameters/"+strings.Join([]string{t.Environment, t.Account, t.Region}, "-")+".json"), &configuration); err != nil {
		return fmt.Errorf("reading the parameters of %s: %w", t, err)
	}
	role := roleOf(p, t.Account, model.CloudFormationRole(p.Name, t.Environment))
	for shard := 1; ; shard++ {
		number, file := strconv.Itoa(shard), "orchestration.yaml"
		if shard > 1 {
			file = "orchestration-" + number + ".yaml"
		}
		template := d.file(file)
		if template == nil {
			return nil
		}
		if err := d.release(t.Account, t.Region, model.OrchestrationStack(p.Name, t.Environment, number), template, role, configuration.Parameters); err != nil {
			return err
		}
	}
}

// release deploys a stack, to which nothing may have to be done.
func (d *Delivery) release(account, region, name string, template []byte, role string, parameters map[string]string) error {
	err := d.Release(account, region, name, string(template), role, parameters)
	if err == nil || strings.Contains(err.Error(), "No updates are to be performed") {
		return nil
	}
	return fmt.Errorf("%s in %s, %s: %w", name, account, region, err)
}

// file is a file of the output folder, or nil.
func (d *Delivery) file(name string) []byte {
	for _, f := range d.Files {
		if f.Path == path.Join(d.Project.Output, name) {
			return f.Data
		}
	}
	return nil
}

func roleOf(p *model.Project, account, name string) string {
	return "arn:aws:iam::" + account + ":role" + model.BasePath(p.Name) + name
}
