package generator

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/output"
	"github.com/foldstack/foldstack/generator/stack"
)

// Base is a stack that somebody deploys before the pipeline can run.
type Base struct {
	File            string // its template, a path relative to the project's root
	Name            string
	Account, Region string
	Environment     string // of a target stack, or empty
	NeedsKey        bool   // it takes the key's id, which the first stack puts out
	UpdatesItself   bool   // the pipeline deploys it, once it is there

	// Template and Digest are its bytes and the output [BaseDigest] that they have; the
	// pipeline's has none. Types are those of its resources, one for each. They are there
	// in a [Result].
	Template []byte
	Digest   string
	Types    []string

	// Seed is the template of which the first stack is made where Template is too large
	// for a call: it has the bucket into which that is put. The others have none, for
	// that bucket is there before them.
	Seed []byte
}

// EnvironmentParameter says which environment a stack is of: an orchestration and a
// target stack.
const EnvironmentParameter = stack.EnvironmentParameter

// Outputs of base stacks.
const (
	BaseDigest     = stack.DigestOutput     // of all but the pipeline's
	BaseKey        = stack.KeyParameter     // of the first, that of the others' parameter
	BaseConnection = stack.ConnectionOutput // of the first, where it makes a connection
)

// Parameters are those of the stack, given the id of the key.
func (b Base) Parameters(keyID string) map[string]string {
	parameters := map[string]string{}
	if b.Environment != "" {
		parameters[EnvironmentParameter] = b.Environment
	}
	if b.NeedsKey {
		parameters[stack.KeyParameter] = keyID
	}
	return parameters
}

// Makes reports a stack with resources of a service, such as IAM.
func (b Base) Makes(service string) bool {
	return slices.ContainsFunc(b.Types, func(t string) bool { return strings.HasPrefix(t, "AWS::"+service+"::") })
}

// BaseStacks are the base stacks of a project in the order in which they are deployed:
// the tooling stack makes the key of all others, and making the pipeline starts it.
func BaseStacks(p *model.Project) []Base {
	place := func(name, file string) Base {
		return Base{File: path.Join(p.Output, file), Name: name, Account: p.Tooling.Account, Region: p.Tooling.Region}
	}
	list := []Base{place(model.ToolingStack(p.Name), toolingPath)}
	for _, region := range p.Regions()[1:] {
		further := place(model.RegionStack(p.Name), regionPath)
		further.Region, further.NeedsKey = region, true
		list = append(list, further)
	}
	for i := range p.Environments {
		e := &p.Environments[i]
		if len(e.Regions) == 0 {
			continue
		}
		for _, account := range e.Accounts {
			target := place(model.TargetStack(p.Name, e.Name), targetPath)
			target.Account, target.Region = account.Value, e.Regions[0].Value
			target.Environment, target.NeedsKey = e.Name, true
			list = append(list, target)
		}
	}
	pipeline := place(model.PipelineStack(p.Name), pipelinePath)
	pipeline.UpdatesItself = true
	return append(list, pipeline)
}

// PendingBases are the base stacks that have to be deployed when the plan is applied:
// those whose templates change, and those of an account, an environment or a region that
// is new. The pipeline updates itself.
func (r *Result) PendingBases() []Base {
	kinds := map[string]output.Kind{}
	for _, c := range r.Plan.Changes() {
		kinds[c.Path] = c.Kind
	}
	known := knownTargets(r.Project.Output, kinds)
	return slices.DeleteFunc(BaseStacks(r.Project), func(b Base) bool {
		switch kinds[b.File] {
		case output.Created:
			return false
		case output.Updated:
			return b.UpdatesItself
		}
		return !b.isNew(r.Project, known)
	})
}

// isNew reports a stack whose place has none of the targets that were known.
func (b Base) isNew(p *model.Project, known []model.Target) bool {
	switch {
	case b.Environment != "":
		return !slices.ContainsFunc(known, func(t model.Target) bool { return t.Environment == b.Environment && t.Account == b.Account })
	case b.Region != p.Tooling.Region:
		return !slices.ContainsFunc(known, func(t model.Target) bool { return t.Region == b.Region })
	}
	return false
}

// configuration is the name of a target's template configuration file.
var configuration = regexp.MustCompile(`^(.+)-([0-9]{12})-([a-z0-9-]+)\.json$`)

// knownTargets are those whose configuration lies in the output before the plan is applied.
func knownTargets(folder string, kinds map[string]output.Kind) []model.Target {
	var known []model.Target
	for file, kind := range kinds {
		if m := configuration.FindStringSubmatch(path.Base(file)); m != nil && kind != output.Created {
			t := model.Target{Environment: m[1], Account: m[2], Region: m[3]}
			if file == path.Join(folder, stack.ConfigurationPath(t)) {
				known = append(known, t)
			}
		}
	}
	return known
}

// bases are the base stacks with their templates.
func (r *rendering) bases() []Base {
	list := BaseStacks(r.project)
	data := make(map[string][]byte, len(r.files))
	for _, f := range r.files {
		data[f.Path] = f.Data
	}
	types := map[string][]string{}
	for _, d := range r.documents {
		for i := range d.Resources {
			types[d.Path] = append(types[d.Path], d.Resources[i].Type())
		}
	}
	for i := range list {
		b := &list[i]
		b.Template, b.Digest, b.Types = data[b.File], r.digests[b.File], types[b.File]
	}
	list[0].Seed = r.seed
	return list
}
