package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/output"
)

// deliver does what a person and the pipeline do in AWS:
//
//	aws bootstrap                    deploys the base stacks of the project as it is here
//	aws deploy                       deploys the orchestrations to every target, by the role of the target
//	aws age DAYS                     makes everything that is published that old
//	aws status ENV ACCOUNT REGION S  brings an orchestration into a state
//	aws there FILE                   writes the stacks that nothing nests, and the buckets, repositories and keys of the tooling account
func (s *standIn) deliver(ts *testscript.TestScript, args []string) {
	result, err := generator.Check(context.Background(), generator.Options{Root: ts.MkAbs(".")})
	ts.Check(err)
	d := &delivery{s, result}
	switch args[0] {
	case "bootstrap":
		ts.Check(d.bootstrap())
	case "deploy":
		ts.Check(d.deploy())
	case "age":
		days, err := strconv.Atoi(args[1])
		ts.Check(err)
		d.age(time.Now().Add(-time.Duration(days)*day - time.Hour))
	case "status":
		s.SetStatus(args[2], args[3], model.OrchestrationStack(result.Project.Name, args[1], "1"), args[4], "")
	case "there":
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(d.listing()), 0o644))
	default:
		ts.Fatalf("aws knows no %s", args[0])
	}
}

// delivery is a project and the AWS that it is delivered to.
type delivery struct {
	*standIn
	*generator.Result
}

func (d *delivery) bootstrap() error {
	key := ""
	for _, base := range d.Bases {
		if err := d.release(base.Account, base.Region, base.Name, base.Template, "", base.Parameters(key)); err != nil {
			return err
		}
		for _, there := range d.Stacks(base.Account, base.Region) {
			if id := there.Outputs[generator.BaseKey]; there.Name == model.ToolingStack(d.Project.Name) {
				key = id
			}
		}
	}
	return nil
}

// release deploys a stack, to which nothing may have to be done.
func (d *delivery) release(account, region, name string, template []byte, role string, parameters map[string]string) error {
	err := d.Release(account, region, name, string(template), role, parameters)
	if err == nil || strings.Contains(err.Error(), "No updates are to be performed") {
		return nil
	}
	return fmt.Errorf("%s in %s, %s: %w", name, account, region, err)
}

var orchestrationFile = regexp.MustCompile(`^orchestration(?:-([0-9]+))?\.yaml$`)

func (d *delivery) deploy() error {
	p := d.Project
	for _, t := range p.Targets() {
		parameters, err := d.parameters(t)
		if err != nil {
			return err
		}
		role := "arn:aws:iam::" + t.Account + ":role" + model.BasePath(p.Name) + model.CloudFormationRole(p.Name, t.Environment)
		for _, f := range d.Files {
			if m := orchestrationFile.FindStringSubmatch(path.Base(f.Path)); m != nil {
				if err := d.release(t.Account, t.Region, model.OrchestrationStack(p.Name, t.Environment, m[1]), f.Data, role, parameters); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// parameters are those of the template configuration of a target.
func (d *delivery) parameters(t model.Target) (map[string]string, error) {
	name := path.Join(d.Project.Output, "parameters", strings.Join([]string{t.Environment, t.Account, t.Region}, "-")+".json")
	var file struct{ Parameters map[string]string }
	i := slices.IndexFunc(d.Files, func(f output.File) bool { return f.Path == name })
	return file.Parameters, json.Unmarshal(d.Files[i].Data, &file)
}

func (d *delivery) age(when time.Time) {
	p := d.Project
	for _, region := range p.Regions() {
		bucket := model.AssetBucket(p.Name, p.Tooling.Account, region)
		for key := range d.Objects(bucket) {
			d.Date(bucket, key, when)
		}
		for tag := range d.Tags(region, model.ImageRepository(p.Name)) {
			d.DateImage(region, model.ImageRepository(p.Name), tag, when)
		}
	}
}

// listing is what there is of the project, sorted.
func (d *delivery) listing() string {
	p := d.Project
	lines := d.Buckets()
	for _, spot := range live.Spots(p, live.Where{Accounts: []string{"999999999999"}}) {
		for _, there := range d.Stacks(spot.Account, spot.Region) {
			if !there.Nested {
				lines = append(lines, fmt.Sprintf("%s %s %s %s", there.Name, spot.Account, spot.Region, there.Status))
			}
		}
		if spot.Account == p.Tooling.Account {
			for _, state := range d.Keys(spot.Account, spot.Region) {
				lines = append(lines, fmt.Sprintf("key %s %s", spot.Region, state))
			}
			if d.HasRepository(spot.Region, model.ImageRepository(p.Name)) {
				lines = append(lines, "repository "+spot.Region)
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// pagesOfAWS are those whose commands speak to AWS, and what they find there.
var pagesOfAWS = map[string]func(*testing.T, *delivery){
	"README.md":                          func(*testing.T, *delivery) {}, // nothing
	filepath.Join("docs", "teardown.md"): deployed,
}

// surroundings are the environment of a page's commands.
func surroundings(t *testing.T, page, dir string) []string {
	t.Helper()
	arrange := pagesOfAWS[page]
	if arrange == nil {
		return nil
	}
	result, err := generator.Check(t.Context(), generator.Options{Root: dir})
	require.NoError(t, err)
	server := cloudtest.New()
	t.Cleanup(server.Close)
	arrange(t, &delivery{&standIn{Server: server}, result})
	var env []string
	for name, value := range server.Environment() {
		env = append(env, name+"="+value)
	}
	return env
}

// deployed is a project that is deployed, and something of it is old and unused.
func deployed(t *testing.T, d *delivery) {
	t.Helper()
	require.NoError(t, d.bootstrap())
	d.publish()
	require.NoError(t, d.deploy())
	d.outdate("the function receipts", time.Now().Add(-100*day))
}

// publish stores what the project needs, but for the code.
func (d *delivery) publish() {
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

// outdate stores an old version of a function that nothing uses.
func (d *delivery) outdate(of string, when time.Time) {
	p := d.Project
	digest := strings.Repeat("0123456789abcdef", 4)
	text := fmt.Sprintf("# %s: generated by foldstack from %s. Do not edit: change that and generate again.\nCode: %s\n", p.Name, of, model.ArchiveKey(digest))
	for _, region := range p.Regions() {
		bucket := model.AssetBucket(p.Name, p.Tooling.Account, region)
		for key, data := range map[string]string{model.ArchiveKey(digest): "an old archive", model.TemplateKey(strings.Repeat("fedcba9876543210", 4)): text} {
			d.Put(bucket, key, []byte(data))
			d.Date(bucket, key, when)
		}
	}
}
