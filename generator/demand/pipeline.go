package demand

import (
	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/estate"
)

// Pipelines lists every call that the pipelines of an estate make while they deliver,
// and those of the rules that start them and tell of them. A step is known by its
// stage and its action; which environment a stage serves is for the caller to say, for
// a pipeline does not.
//
// What publishing asks for is not known from an estate: see [Publish].
func Pipelines(e *estate.Estate) []Demand {
	var demands []Demand
	for _, p := range pipelinesOf(e) {
		demands = append(demands, p.itself()...)
		for _, a := range p.actions {
			demands = append(demands, a.demands()...)
		}
		demands = append(demands, notices(p)...)
	}
	return demands
}

// Unlisted is an action whose calls are not known here.
type Unlisted struct {
	Step     Step
	Provider string // such as "Deploy by ECS"
	Cause    diag.Place
}

// UnlistedActions are the actions of providers whose calls are not known here: of
// others than AWS, or of services that foldstack's projects have no use for.
func UnlistedActions(e *estate.Estate) []Unlisted {
	var unlisted []Unlisted
	for _, p := range pipelinesOf(e) {
		for _, a := range p.actions {
			if _, ok := providers[a.kind]; !ok {
				unlisted = append(unlisted, Unlisted{a.caller.step, a.kind.category + " by " + a.kind.provider, a.caller.cause})
			}
		}
	}
	return unlisted
}

const codePipeline = "codepipeline.amazonaws.com"

// itself is what CodePipeline does for a pipeline whatever its actions are: it takes
// the pipeline's role and keeps artifacts in the store of each region.
func (p *pipeline) itself() []Demand {
	service := p.caller.asService(codePipeline).from("https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-service-role.html")
	demands := assumedByService(service, "CodePipeline takes the role of the pipeline "+p.name, p.role, "aws:sourcearn", p.sources())
	for i := range demands {
		demands[i].Leeway = authz.Context{"aws:sourcearn": {p.arn, p.arn + "/*"}}
	}
	for _, s := range p.stores {
		demands = append(demands, p.keeps(s)...)
	}
	return demands
}

// sources are what CodePipeline may name as the one on whose behalf it takes the role.
// No page says whether that is the pipeline or the action that runs in it.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html
func (p *pipeline) sources() []string {
	sources := []string{p.arn}
	if len(p.actions) > 0 {
		step := p.actions[0].caller.step
		sources = append(sources, p.arn+"/"+step.Stage+"/"+step.Action)
	}
	return sources
}

// assumedByService is the taking of a role by a service of which AWS does not say that it names
// the one on whose behalf it asks: the role has to be given whether it does or not,
// and to nobody else where it does.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
func assumedByService(service caller, why, role, key string, sources []string) []Demand {
	on := exactly(role)
	on.narrowed = []string{key}
	demands := service.calls(why, on, assumeRole)
	for _, source := range sources {
		named := on.with("aws:sourcearn", source).with("aws:sourceaccount", accountOf(source, service.account))
		demands = append(demands, service.calls(why, named, assumeRole)...)
	}
	return demands
}

// keeps is the documented minimum of a pipeline's role on a store: an artifact may have
// to be copied to and from it, whichever actions the pipeline has.
func (p *pipeline) keeps(s bucket) []Demand {
	why := "CodePipeline keeps artifacts in " + s.region
	role := p.caller.from(serviceRolePage)
	demands := role.calls(why, s.itself(), "s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning")
	artifact := p.artifact(s, "any")
	demands = append(demands, s.get(role, why, artifact, "s3:GetObject", "s3:GetObjectVersion")...)
	demands = append(demands, s.put(role, why, artifact, "s3:PutObject", "s3:PutObjectAcl")...)
	return append(demands, s.directly(role.from(artifactKeyPage), why, useOfKey...)...)
}

// artifact is an artifact in a store. CodePipeline chooses its key: the pipeline's name
// and the artifact's, both cut, and a random name.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts.html#concepts-artifacts
func (p *pipeline) artifact(s bucket, name string) thing {
	return s.objects("", p.name+"/"+name+"/…")
}

// demands are the calls of an action: its role is taken, artifacts are brought into its
// region and read, and its provider's calls follow.
func (a *action) demands() []Demand {
	known, ok := providers[a.kind]
	demands := a.takeRole()
	for _, name := range a.inputs {
		demands = append(demands, a.bring(name)...)
	}
	if !ok {
		return demands
	}
	a.caller.page = known.page
	if known.reads {
		demands = append(demands, a.read()...)
	}
	demands = append(demands, known.calls(a)...)
	if known.writes && len(a.outputs) > 0 {
		demands = append(demands, a.write()...)
	}
	return demands
}

// takeRole is the taking of the action's own role by the pipeline's. A trust that names
// the account has to insist on the role, for it would let in everybody else of it.
func (a *action) takeRole() []Demand {
	if a.role == a.pipeline.role {
		return nil
	}
	on := exactly(a.role)
	on.narrowed = []string{principalARN}
	return a.caller.as(a.pipeline.role).from(crossAccountPage).calls("the pipeline's role takes that of the action", on, assumeRole)
}

// bring copies an input into the store of the action's region, which the pipeline's own
// role does.
func (a *action) bring(name string) []Demand {
	from, ok := a.pipeline.store(a.pipeline.madeIn(name))
	to, found := a.pipeline.store(a.region)
	if !ok || !found || from.region == to.region {
		return nil
	}
	why := "CodePipeline copies the artifact " + name + " from " + from.region + " to " + to.region
	role := a.caller.as(a.pipeline.role).from(crossRegionPage)
	demands := from.get(role, why, a.pipeline.artifact(from, name), "s3:GetObject", "s3:GetObjectVersion")
	return append(demands, to.put(role, why, a.pipeline.artifact(to, name), "s3:PutObject")...)
}

// read takes the inputs out of the store. A role of the action's own is asked for more
// than the pipeline's, which itself lists.
func (a *action) read() []Demand {
	s, ok := a.pipeline.store(a.region)
	if !ok || len(a.inputs) == 0 {
		return nil
	}
	var demands []Demand
	for _, name := range a.inputs {
		demands = append(demands, s.get(a.caller.from(crossAccountPage), "the action reads the artifact "+name, a.pipeline.artifact(s, name), "s3:GetObject", "s3:GetObjectVersion")...)
	}
	if a.role == a.pipeline.role {
		return demands
	}
	const why = "the action finds its artifacts"
	demands = append(demands, a.caller.from(crossAccountPage).calls(why, s.itself(), "s3:ListBucket")...)
	key := s.keyOf(a.caller)
	if s.key == "" {
		return demands
	}
	return append(demands, a.caller.from(crossAccountPage).calls(why, key.with("kms:calleraccount", a.caller.account), "kms:DescribeKey")...)
}

// write puts the outputs into the store.
func (a *action) write() []Demand {
	s, ok := a.pipeline.store(a.region)
	if !ok {
		return nil
	}
	var demands []Demand
	for _, name := range a.outputs {
		why := "the action writes the artifact " + name
		demands = append(demands, s.put(a.caller.from(crossAccountPage), why, a.pipeline.artifact(s, name), "s3:PutObject", "s3:PutObjectAcl")...)
		demands = append(demands, s.directly(a.caller.from(crossAccountPage), why, useOfKey...)...)
	}
	return demands
}
