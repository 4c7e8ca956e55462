package link

import (
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// pipeline is a resource of the type AWS::CodePipeline::Pipeline.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
type pipeline struct {
	d          *document
	entry      *template.Entry
	home       template.Deployment // where it is deployed itself
	properties any
	stages     []stage
	actions    []*action // of all stages, in order
	partial    bool      // some of it is only known when it is deployed
}

type stage struct {
	name    string
	at      []string // its path below the entry
	actions []*action
}

// action is one action of a pipeline, its texts as they are where the pipeline is.
type action struct {
	name, category, owner, provider string
	stage                           int
	order                           int // RunOrder
	region                          string
	role                            arn.ARN
	namespace                       string
	inputs, outputs                 []string
	configuration                   cfn.Map
	at                              []string // its path below the entry
}

// pipelines reads the pipelines of a document.
func (d *document) pipelines() []*pipeline {
	if d.macros {
		return nil
	}
	var list []*pipeline
	for i := range d.Resources {
		if e := &d.Resources[i]; e.Type() == "AWS::CodePipeline::Pipeline" {
			if home, ok := d.home(e); ok {
				list = append(list, newPipeline(d, e, home))
			}
		}
	}
	return list
}

func newPipeline(d *document, e *template.Entry, home template.Deployment) *pipeline {
	p := &pipeline{d: d, entry: e, home: home, properties: e.Properties()}
	stages, _ := at(p.properties, "Stages").([]any)
	p.partial = stages == nil
	for i, s := range stages {
		path := []string{"Properties", "Stages", strconv.Itoa(i)}
		read := stage{name: p.text(at(s, "Name")), at: path}
		actions, _ := at(s, "Actions").([]any)
		p.partial = p.partial || actions == nil
		for j, a := range actions {
			if _, ok := a.(cfn.Map); !ok {
				p.partial = true
				continue
			}
			a := p.action(a, i, append(slices.Clone(path), "Actions", strconv.Itoa(j)))
			read.actions = append(read.actions, a)
			p.actions = append(p.actions, a)
		}
		p.stages = append(p.stages, read)
	}
	return p
}

func (p *pipeline) action(x any, stage int, path []string) *action {
	kind, isMap := at(x, "ActionTypeId").(cfn.Map)
	p.partial = p.partial || !isMap
	a := &action{
		name: p.text(at(x, "Name")), category: p.text(at(kind, "Category")), owner: p.text(at(kind, "Owner")), provider: p.text(at(kind, "Provider")),
		stage: stage, order: 1, region: p.home.Region, role: parseARN(p.text(at(x, "RoleArn"))), namespace: p.text(at(x, "Namespace")),
		inputs: p.artifacts(at(x, "InputArtifacts")), outputs: p.artifacts(at(x, "OutputArtifacts")), at: path,
	}
	a.configuration, _ = at(x, "Configuration").(cfn.Map)
	if order := at(x, "RunOrder"); order != nil {
		n, err := strconv.Atoi(p.text(order))
		p.partial = p.partial || err != nil
		a.order = n
	}
	if region := p.text(at(x, "Region")); region != "" {
		a.region = region
	}
	return a
}

// home is the first place where a resource certainly is.
func (d *document) home(e *template.Entry) (template.Deployment, bool) {
	places := d.places()
	for i := range places {
		if d.reached(i, whenThere(e)) {
			return places[i], true
		}
	}
	return template.Deployment{}, false
}

// text is what a value is where the pipeline is; "" where there is none.
func (p *pipeline) text(x any) string {
	if x == nil {
		return ""
	}
	return p.d.in(&p.home).text(x)
}

func (p *pipeline) artifacts(x any) []string {
	items, isList := x.([]any)
	p.partial = p.partial || x != nil && !isList
	var names []string
	for _, item := range items {
		artifact, isMap := item.(cfn.Map)
		name := p.text(artifact.Get("Name"))
		p.partial = p.partial || !isMap || !known(name)
		names = append(names, name)
	}
	return names
}

func (p *pipeline) report(rule string, path []string, text, hint string, notes ...diag.Note) {
	p.d.set.report(rule, p.entry.At(path...), text, hint, notes...)
}

// on reports something about a part of an action.
func (p *pipeline) on(a *action, key, rule, text, hint string) {
	p.report(rule, a.below(key), p.called(a)+" "+text, hint)
}

// called names an action in a message.
func (p *pipeline) called(a *action) string {
	return "the action " + a.name + " of the stage " + p.stages[a.stage].name
}

// below is the path of a dotted key of an action.
func (a *action) below(key string) []string {
	return append(slices.Clone(a.at), strings.Split(key, ".")...)
}

// before reports whether an action has ended when another begins.
func (a *action) before(b *action) bool {
	return a.stage < b.stage || a.stage == b.stage && a.order < b.order
}

// account is where an action works.
func (p *pipeline) account(a *action) string {
	if a.role.Account == "" || !known(a.role.Account) {
		return p.home.Account
	}
	return a.role.Account
}

// foreign reports whether an action certainly works in another account than the
// pipeline's.
func (p *pipeline) foreign(a *action) bool {
	return p.home.Account != "" && p.account(a) != p.home.Account
}

// check runs the rules on a pipeline. How it deploys is asked of the one that
// foldstack makes: others may have other ways, and name what nobody here knows.
func (p *pipeline) check(m *made) {
	if p.partial {
		return
	}
	p.structure()
	p.regions(m)
	p.flow()
	p.variables()
	if p.generated() {
		p.changeSets()
		p.deployments(m)
		p.principals(m)
	}
}

// generated reports whether foldstack made the pipeline, and knows all that it names.
func (p *pipeline) generated() bool { return !p.entry.Written() && p.d.Files != nil }

// structure checks stages and the names in them.
func (p *pipeline) structure() {
	names := map[string]bool{}
	for i := range p.stages {
		s := &p.stages[i]
		if names[s.name] && known(s.name) {
			p.report("duplicate-name", s.at, "two stages of the pipeline are called "+diag.Quote(s.name), "rename one of the two")
		}
		names[s.name] = true
		taken := map[string]bool{}
		for _, a := range s.actions {
			if taken[a.name] && known(a.name) {
				p.on(a, "Name", "duplicate-name", "has the name of another one", "rename one of the two")
			}
			taken[a.name] = true
			switch {
			case !known(a.category):
			case i == 0 && a.category != "Source":
				p.on(a, "ActionTypeId", "source-stage", "is no source, and the first stage holds nothing else", "move it into a later stage")
			case i > 0 && a.category == "Source":
				p.on(a, "ActionTypeId", "source-stage", "is a source, and sources stand in the first stage", "move it into the first stage")
			}
		}
	}
	if len(p.stages) < 2 {
		p.report("source-stage", []string{"Properties", "Stages"}, "a pipeline has at least two stages", "add a stage that does something with the source")
	}
}

// regions checks that every region in which something is done has one artifact store,
// with a bucket and a key of that region.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-cross-region.html
func (p *pipeline) regions(m *made) {
	single, several := at(p.properties, "ArtifactStore"), at(p.properties, "ArtifactStores")
	_, isMap := single.(cfn.Map)
	stores, ok := several.([]any)
	if p.home.Region == "" || several != nil && !ok {
		return
	}
	stored := map[string]bool{}
	switch {
	case single != nil && several == nil:
		stored[p.home.Region] = true
		p.store(m, single, p.home.Region, []string{"Properties", "ArtifactStore"})
	case isMap:
		p.report("artifact-store", []string{"Properties", "ArtifactStores"}, "a pipeline has either ArtifactStore or ArtifactStores", "leave one of them out")
	}
	for i, s := range stores {
		path := []string{"Properties", "ArtifactStores", strconv.Itoa(i)}
		store, isMap := s.(cfn.Map)
		region := p.text(store.Get("Region"))
		if !isMap || !known(region) {
			return
		}
		if stored[region] {
			p.report("artifact-store", append(path, "Region"), "the region "+region+" has two artifact stores", "leave one of them out")
		}
		stored[region] = true
		p.store(m, store.Get("ArtifactStore"), region, append(path, "ArtifactStore"))
	}
	if !stored[p.home.Region] {
		p.report("artifact-store", []string{"Properties", "ArtifactStores"}, "the region of the pipeline, "+p.home.Region+", has no artifact store", "add one with a bucket of that region")
	}
	p.actionRegions(stored)
}

func (p *pipeline) actionRegions(stored map[string]bool) {
	for _, a := range p.actions {
		switch {
		case !known(a.region) || a.region == p.home.Region:
		case !stored[a.region]:
			p.on(a, "Region", "artifact-store", "is in "+a.region+", which has no artifact store", "add one with a bucket of that region")
		case a.owner != "AWS" || a.category == "Source" || a.category == "Approval" && p.generated():
			p.on(a, "Region", "action-region", "cannot be in another region than the pipeline: sources, approvals and actions that are not AWS's stay with it", "remove its Region")
		}
	}
}

// store checks the bucket and the key of one region.
func (p *pipeline) store(m *made, store any, region string, path []string) {
	if bucket := p.text(at(store, "Location")); p.generated() && !m.has(bucketName, p.home.Account, region, bucket) {
		p.report("unknown-bucket", append(slices.Clone(path), "Location"), "no template makes the bucket "+shown(bucket)+" in account "+p.home.Account+", "+region, m.hint(bucketName, bucket))
	}
	id := p.text(at(store, "EncryptionKey", "Id"))
	key := parseARN(id)
	place := append(slices.Clone(path), "EncryptionKey", "Id")
	switch {
	case id == "" || key.Service == "":
	case key.Service != "kms":
		p.report("artifact-store", place, shown(id)+" is no key", "write the ARN of a key of "+region)
	case known(key.Region) && key.Region != region:
		p.report("artifact-store", place, "the key of the artifact store of "+region+" is one of "+key.Region, "write the ARN of the key of that region: a bucket takes no key of another one")
	case known(key.Account) && p.home.Account != "" && key.Account != p.home.Account && p.generated():
		p.report("artifact-store", place, "the key of the artifact store of "+region+" is one of the account "+key.Account, "write the ARN of the key of the pipeline's own account")
	}
}
