package demand

import (
	"strconv"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
)

// pipeline is a pipeline as its actions need to know it.
type pipeline struct {
	estate   *estate.Estate
	resource *estate.Resource
	caller   caller // the pipeline's role, before any stage
	name     string
	arn      string
	role     string
	stores   []bucket // one per region, as they are written
	actions  []*action
	made     map[string]*action // by the artifact that they give
}

// action is one action of a pipeline.
type action struct {
	pipeline      *pipeline
	caller        caller // the action's role
	kind          kind
	role          string
	region        string
	configuration cfn.Map
	inputs        []string
	outputs       []string
	declared      cfn.Map
}

// kind is the type of an action.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-valid-providers.html
type kind struct{ category, owner, provider string }

// starting is the stage that what serves the whole pipeline is shown under.
const starting = "Start"

func pipelinesOf(e *estate.Estate) []*pipeline {
	var pipelines []*pipeline
	for _, r := range e.OfType(pipelineType) {
		pipelines = append(pipelines, readPipeline(e, r))
	}
	return pipelines
}

func readPipeline(e *estate.Estate, r *estate.Resource) *pipeline {
	p := &pipeline{estate: e, resource: r, name: r.Ref, arn: r.ARN, role: textAt(r.Properties, "RoleArn"), made: map[string]*action{}}
	p.caller = caller{
		principal: authz.Principal{ARN: p.role}, account: r.Stack.Account,
		step: Step{Stage: starting, Action: p.name}, cause: r.At(),
	}
	p.readStores()
	for i, stage := range mapsAt(r.Properties, "Stages") {
		for j, declared := range mapsAt(stage, "Actions") {
			a := p.readAction(textAt(stage, "Name"), declared)
			a.caller.cause = r.At("Stages", strconv.Itoa(i), "Actions", strconv.Itoa(j))
			p.actions = append(p.actions, a)
			for _, name := range a.outputs {
				p.made[name] = a
			}
		}
	}
	return p
}

func (p *pipeline) readStores() {
	stack := p.resource.Stack
	if one := mapAt(p.resource.Properties, "ArtifactStore"); one != nil {
		p.stores = append(p.stores, p.readStore(one, stack.Region))
	}
	for _, entry := range mapsAt(p.resource.Properties, "ArtifactStores") {
		p.stores = append(p.stores, p.readStore(mapAt(entry, "ArtifactStore"), textAt(entry, "Region")))
	}
}

// readStore is the bucket of a region, encrypted by the store's key and not by the
// bucket's own. A key that is no ARN is looked up where the caller is.
//
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_EncryptionKey.html
func (p *pipeline) readStore(store cfn.Map, region string) bucket {
	b := bucketNamed(p.estate, textAt(store, "Location"), p.resource.Stack)
	b.region, b.key, b.keyAccount = region, textAt(store, "EncryptionKey", "Id"), ""
	return b
}

func (p *pipeline) readAction(stage string, declared cfn.Map) *action {
	a := &action{
		pipeline: p, declared: declared, role: textAt(declared, "RoleArn"), region: textAt(declared, "Region"),
		configuration: mapAt(declared, "Configuration"),
		kind:          kind{textAt(declared, "ActionTypeId", "Category"), textAt(declared, "ActionTypeId", "Owner"), textAt(declared, "ActionTypeId", "Provider")},
		inputs:        namesAt(declared, "InputArtifacts"), outputs: namesAt(declared, "OutputArtifacts"),
	}
	if a.role == "" {
		a.role = p.role
	}
	if a.region == "" {
		a.region = p.resource.Stack.Region
	}
	a.caller = p.caller.as(a.role)
	a.caller.step = Step{Stage: stage, Action: textAt(declared, "Name")}
	return a
}

func namesAt(m cfn.Map, key string) []string {
	var names []string
	for _, entry := range mapsAt(m, key) {
		names = append(names, textAt(entry, "Name"))
	}
	return names
}

// store is the store of a region.
func (p *pipeline) store(region string) (bucket, bool) {
	for _, s := range p.stores {
		if s.region == region {
			return s, true
		}
	}
	return bucket{}, false
}

// madeIn is the region in whose store an artifact is first.
func (p *pipeline) madeIn(artifact string) string {
	if maker := p.made[artifact]; maker != nil {
		return maker.region
	}
	return p.resource.Stack.Region
}

// setting is a text of the action's configuration.
func (a *action) setting(key string) string { return textAt(a.configuration, key) }

// local is the ARN of something in the account and region in which the action runs.
func (a *action) local(service, resource string) string {
	return arnOf(a.pipeline.resource.Stack.Partition, service, a.region, a.caller.account, resource)
}

// stack is the pipeline's stack as it were where the action runs.
func (a *action) stack() *estate.Stack {
	s := *a.pipeline.resource.Stack
	s.Account, s.Region = a.caller.account, a.region
	return &s
}
