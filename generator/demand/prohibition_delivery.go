package demand

import (
	"slices"

	"github.com/foldstack/foldstack/generator/estate"
)

// delivery is what a delivery stands on: the resources of the stacks that hold its
// pipelines or the roles by which it works.
type delivery struct {
	estate   *estate.Estate
	stacks   []*estate.Stack
	roles    []*estate.Resource
	policies []*estate.Resource
	buckets  []*estate.Resource
	keys     []*estate.Resource
	images   []*estate.Resource
	topics   []*estate.Resource

	pipelines   []*pipeline
	deployments []deployment
	byActor     map[*estate.Resource]deployment // the first
	byMaker     map[*estate.Resource]deployment
}

// deployment is a stack that a pipeline deploys.
type deployment struct {
	actor  *estate.Resource // the role of the action
	maker  *estate.Resource // the role that is passed to CloudFormation
	stack  thing
	cause  *estate.Resource // the pipeline
	itself bool             // the stack is that of the pipeline
}

func deliveryOf(e *estate.Estate) *delivery {
	d := &delivery{
		estate: e, pipelines: pipelinesOf(e),
		byActor: map[*estate.Resource]deployment{}, byMaker: map[*estate.Resource]deployment{},
	}
	if len(d.pipelines) == 0 { // nothing tells a role of a delivery from any other
		return d
	}
	for _, stack := range e.Stacks {
		if slices.ContainsFunc(stack.Resources, deliversByIt) {
			d.stacks = append(d.stacks, stack)
		}
	}
	for _, stack := range d.stacks {
		for _, r := range stack.Resources {
			d.sort(r)
		}
	}
	for _, p := range d.pipelines {
		for _, a := range p.actions {
			d.deploys(p, a)
		}
	}
	return d
}

// deliversByIt reports whether a resource belongs to a delivery and not to what is
// delivered: it is a pipeline, a replica of its key, or a role that CloudFormation,
// CodePipeline or CodeBuild works with or that another role assumes.
func deliversByIt(r *estate.Resource) bool {
	switch r.Type {
	case pipelineType, replicaKeyType:
		return true
	case roleType:
		if bounded(r) != "" {
			return false
		}
		services, others := servicesOf(r)
		return others || slices.ContainsFunc(services, func(s string) bool {
			return s == cloudFormationService || s == codePipeline || s == codeBuildService
		})
	}
	return false
}

// sort puts a resource to those of its kind.
func (d *delivery) sort(r *estate.Resource) {
	kinds := map[string]*[]*estate.Resource{
		roleType: &d.roles, managedPolicyType: &d.policies, bucketType: &d.buckets,
		keyType: &d.keys, replicaKeyType: &d.keys, "AWS::ECR::Repository": &d.images, topicType: &d.topics,
	}
	if list := kinds[r.Type]; list != nil {
		*list = append(*list, r)
	}
}

// deploys notes the stack of an action that deploys one.
func (d *delivery) deploys(p *pipeline, a *action) {
	actor, maker := d.estate.ByARN(a.role), d.estate.ByARN(a.setting("RoleArn"))
	name := a.setting("StackName")
	if actor == nil || maker == nil || name == "" {
		return
	}
	own := p.resource.Stack
	x := deployment{
		actor: actor, maker: maker, stack: a.stackNamed(name), cause: p.resource,
		itself: name == own.Name && maker.Stack.Account == own.Account && a.region == own.Region,
	}
	d.deployments = append(d.deployments, x)
	if _, taken := d.byActor[actor]; !taken {
		d.byActor[actor] = x
	}
	if _, taken := d.byMaker[maker]; !taken {
		d.byMaker[maker] = x
	}
}

// makers are the roles that pipelines pass to CloudFormation for what they deliver; that
// for the pipeline's own stack is not among them.
func (d *delivery) makers() []*estate.Resource {
	var makers []*estate.Resource
	for _, role := range d.roles {
		if x, ok := d.byMaker[role]; ok && !x.itself {
			makers = append(makers, role)
		}
	}
	return makers
}

// inAccount are those of some resources that lie in an account.
func inAccount(account string, resources []*estate.Resource) []*estate.Resource {
	var found []*estate.Resource
	for _, r := range resources {
		if r.Stack.Account == account {
			found = append(found, r)
		}
	}
	return found
}

// stores are the buckets in which pipelines keep artifacts.
func (d *delivery) stores() (artifacts, others []*estate.Resource) {
	for _, b := range d.buckets {
		if slices.ContainsFunc(d.pipelines, func(p *pipeline) bool {
			return slices.ContainsFunc(p.stores, func(s bucket) bool { return s.arn == b.ARN })
		}) {
			artifacts = append(artifacts, b)
		} else {
			others = append(others, b)
		}
	}
	return artifacts, others
}

// assets are the buckets from which CloudFormation is to read: those of the tooling that
// are no pipeline's store or source.
func (d *delivery) assets() []*estate.Resource {
	_, others := d.stores()
	return slices.DeleteFunc(others, func(b *estate.Resource) bool {
		return slices.ContainsFunc(d.pipelines, func(p *pipeline) bool {
			return slices.ContainsFunc(p.actions, func(a *action) bool { return a.setting("S3Bucket") == b.Ref })
		})
	})
}

// delivers reports whether an account has a pipeline.
func (d *delivery) delivers(account string) bool {
	return slices.ContainsFunc(d.pipelines, func(p *pipeline) bool { return p.resource.Stack.Account == account })
}

// accounts are those of the delivery's roles.
func (d *delivery) accounts() []string {
	var accounts []string
	for _, role := range d.roles {
		if !slices.Contains(accounts, role.Stack.Account) {
			accounts = append(accounts, role.Stack.Account)
		}
	}
	return accounts
}

// boundaryIn is the boundary that a stack has for the roles of deployments: a policy
// that none of its own roles has.
func (d *delivery) boundaryIn(stack *estate.Stack) string {
	attached := map[string]bool{}
	for _, r := range stack.Resources {
		if r.Type == roleType {
			for _, arn := range oneOrMany(r.Properties.Get("ManagedPolicyArns")) {
				attached[arn] = true
			}
		}
	}
	for _, p := range d.policies {
		if p.Stack == stack && !attached[p.ARN] {
			return p.ARN
		}
	}
	return ""
}
