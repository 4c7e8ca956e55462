package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/policy"
)

// caller is a role or a user with the policies that say what it may do.
type caller struct {
	resource *estate.Resource
	identity []*authz.Policy
	boundary []*authz.Policy
	trust    []*authz.Policy
	unknown  []string // ARNs of policies of it whose content is not known here
	unbound  string   // ARN of a boundary whose content is not known here
}

// register is what the policies of one estate say, by ARN.
type register struct {
	estate    *estate.Estate
	documents *documents
	callers   map[string]*caller
	policies  map[string][]*authz.Policy // of the resource that they belong to
	accounts  []*authz.Policy            // of all log groups of an account in a region
	named     map[name]*estate.Resource  // by what !Ref gives
	managed   map[string]*authz.Policy   // managed policies by ARN
	unread    []Note                     // what was left out of policies
}

// name is what !Ref gives of a resource of some type. IAM and S3 know no region, and S3
// no account.
type name struct{ kind, account, region, ref string }

func nameIn(s *estate.Stack, kind, ref string) name {
	n := name{kind, s.Account, s.Region, ref}
	switch {
	case strings.HasPrefix(kind, "AWS::IAM::"):
		n.region = ""
	case strings.HasPrefix(kind, "AWS::S3::"):
		n.account, n.region = "", ""
	}
	return n
}

// gather reads every policy of an estate once.
func gather(e *estate.Estate, all *documents) *register {
	g := &register{
		estate: e, documents: all, callers: map[string]*caller{}, policies: map[string][]*authz.Policy{},
		named: map[name]*estate.Resource{}, managed: map[string]*authz.Policy{},
	}
	if e == nil {
		return g
	}
	g.each(g.name)
	g.each(g.manage)
	g.each(g.call)
	g.each(g.extend)
	g.each(g.attach)
	return g
}

func (g *register) each(do func(r *estate.Resource)) {
	for _, s := range g.estate.Stacks {
		for _, r := range s.Resources {
			do(r)
		}
	}
}

func (g *register) name(r *estate.Resource) {
	key := nameIn(r.Stack, r.Type, r.Ref)
	if _, taken := g.named[key]; !taken {
		g.named[key] = r
	}
}

// manage reads the managed policies, which others attach by ARN. What one attaches to
// roles itself comes later, when the roles are known.
func (g *register) manage(r *estate.Resource) {
	if r.Type != "AWS::IAM::ManagedPolicy" {
		return
	}
	p := g.read(r, authz.Identity, "managed policy "+label(r), "PolicyDocument")
	if p != nil && r.ARN != "" {
		g.managed[r.ARN] = p
	}
}

// call reads a role or a user with all that it says about itself.
func (g *register) call(r *estate.Resource) {
	kind := map[string]string{"AWS::IAM::Role": "role ", "AWS::IAM::User": "user "}[r.Type]
	if kind == "" || r.ARN == "" {
		return
	}
	c := &caller{resource: r}
	g.callers[r.ARN] = c
	whose := " of the " + kind + label(r)
	list, _ := r.Properties.Get("Policies").([]any)
	for n, item := range list {
		m, _ := item.(cfn.Map)
		title, _ := m.Get("PolicyName").(string)
		c.identity = g.add(c.identity, r, m.Get("PolicyDocument"), authz.Identity, "policy "+title+whose, "Policies", itoa(n), "PolicyDocument")
	}
	for _, arn := range texts(r.Properties.Get("ManagedPolicyArns")) {
		g.attachManaged(c, arn)
	}
	if arn := text(r, "PermissionsBoundary"); arn != "" {
		g.bound(c, arn)
	}
	c.trust = g.add(nil, r, r.Properties.Get("AssumeRolePolicyDocument"), authz.Trust, "trust policy"+whose, "AssumeRolePolicyDocument")
}

func (g *register) attachManaged(c *caller, arn string) {
	if p := g.managed[arn]; p != nil {
		c.identity = append(c.identity, p)
		return
	}
	if p := knownManaged(arn); p != nil {
		c.identity = append(c.identity, p)
		return
	}
	c.unknown = append(c.unknown, arn)
}

// bound sets the boundary. A boundary is the managed policy in another part: it allows
// nothing, so that its grants are a ceiling and no grants.
func (g *register) bound(c *caller, arn string) {
	p := g.managed[arn]
	if p == nil {
		c.unbound = arn
		return
	}
	p.Kind = authz.Boundary
	sourceOf(p).document.Kind = authz.Boundary
	c.boundary = []*authz.Policy{p}
}

// extend hands out policies that name the roles which they belong to.
func (g *register) extend(r *estate.Resource) {
	var roles []string
	var p *authz.Policy
	switch r.Type {
	case "AWS::IAM::ManagedPolicy":
		roles, p = texts(r.Properties.Get("Roles")), g.managed[r.ARN]
	case "AWS::IAM::Policy":
		roles = texts(r.Properties.Get("Roles"))
		p = g.read(r, authz.Identity, "policy "+text(r, "PolicyName"), "PolicyDocument")
	case "AWS::IAM::RolePolicy":
		roles = texts(r.Properties.Get("RoleName"))
		p = g.read(r, authz.Identity, "policy "+text(r, "PolicyName"), "PolicyDocument")
	}
	if p == nil {
		return
	}
	for _, role := range roles {
		if holder := g.named[nameIn(r.Stack, "AWS::IAM::Role", role)]; holder != nil {
			c := g.callers[holder.ARN]
			c.identity = append(c.identity, p)
		}
	}
}

// attach reads the policies of resources.
func (g *register) attach(r *estate.Resource) {
	switch r.Type {
	case "AWS::Lambda::Permission":
		g.permission(r)
	case "AWS::Events::EventBusPolicy":
		g.busPolicy(r)
	case "AWS::Logs::ResourcePolicy":
		g.logsPolicy(r)
	}
	a, ok := attachments[r.Type]
	if !ok {
		return
	}
	owners := g.owners(r, a)
	p := g.read(r, authz.Resource, a.word+" of "+labels(owners), a.document...)
	if p == nil {
		p = g.standard(r)
	}
	for _, owner := range owners {
		if p != nil && owner.ARN != "" {
			g.policies[owner.ARN] = append(g.policies[owner.ARN], p)
		}
	}
}

// logsPolicy is JSON in a text, and about all log groups of its account and region.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-resourcepolicy.html
func (g *register) logsPolicy(r *estate.Resource) {
	at := &source{resource: r, path: []string{"PolicyDocument"}, whole: true}
	p, errs := authz.ParseJSON(authz.Resource, "resource policy "+text(r, "PolicyName")+" of CloudWatch Logs", []byte(text(r, "PolicyDocument")), at)
	if p != nil {
		g.keep(p, at)
		g.accounts = append(g.accounts, p)
	}
	g.unreadable(r, at.path, "policy "+text(r, "PolicyName"), errs)
}

// owners are the resources whose policy a resource holds.
func (g *register) owners(r *estate.Resource, a attachment) []*estate.Resource {
	if a.names == "" {
		return []*estate.Resource{r}
	}
	var list []*estate.Resource
	for _, ref := range texts(r.Properties.Get(a.names)) {
		if owner := g.find(r.Stack, a.of, ref); owner != nil {
			list = append(list, owner)
		}
	}
	return list
}

// find is the resource of a type that a text names: by what !Ref gives, its name or its ARN.
func (g *register) find(s *estate.Stack, kind, ref string) *estate.Resource {
	if r := g.named[nameIn(s, kind, ref)]; r != nil {
		return r
	}
	if r := g.estate.ByARN(ref); r != nil && r.Type == kind {
		return r
	}
	return nil
}

// standard is the policy that AWS gives to a key without one.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (g *register) standard(r *estate.Resource) *authz.Policy {
	if !strings.HasPrefix(r.Type, "AWS::KMS::") {
		return nil
	}
	return authz.New(authz.Resource, "default key policy of "+label(r), policy.Version, []authz.Statement{{
		Effect: policy.Allow, Principals: []authz.Principals{{Type: "AWS", Value: r.Stack.Account}},
		Actions: []string{"kms:*"}, Resources: []string{"*"},
	}}, nil)
}

// busPolicy is one statement, written as one or as its parts.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html
func (g *register) busPolicy(r *estate.Resource) {
	bus := g.find(r.Stack, "AWS::Events::EventBus", text(r, "EventBusName"))
	if bus == nil {
		return
	}
	path, statement := []string{"Statement"}, r.Properties.Get("Statement")
	if statement == nil {
		path, statement = nil, cfn.Map{
			{Key: "Effect", Value: "Allow"},
			{Key: "Principal", Value: principalOf(text(r, "Principal"))},
			{Key: "Action", Value: text(r, "Action")},
			{Key: "Resource", Value: bus.ARN},
		}
	}
	document := cfn.Map{{Key: "Statement", Value: []any{statement}}}
	if p := g.parse(document, authz.Resource, "event bus policy of "+label(bus), &source{resource: r, path: path, whole: true}); p != nil {
		g.policies[bus.ARN] = append(g.policies[bus.ARN], p)
	}
}

func principalOf(who string) any {
	if who == "*" {
		return "*"
	}
	return cfn.Map{{Key: "AWS", Value: who}}
}

// read parses the document at a path of a resource; nil where there is none.
func (g *register) read(r *estate.Resource, kind authz.Kind, name string, path ...string) *authz.Policy {
	for _, p := range g.add(nil, r, at(r.Properties, path...), kind, name, path...) {
		return p
	}
	return nil
}

func (g *register) add(list []*authz.Policy, r *estate.Resource, document any, kind authz.Kind, name string, path ...string) []*authz.Policy {
	m, ok := document.(cfn.Map)
	if !ok {
		return list
	}
	_, many := m.Get("Statement").([]any)
	if p := g.parse(m, kind, name, &source{resource: r, path: path, list: many}); p != nil {
		list = append(list, p)
	}
	return list
}

// label is what people call a resource: its name, or its logical id where AWS makes one.
func label(r *estate.Resource) string {
	if r.Ref == "" || hasSymbol(r.Ref) || strings.Contains(r.Ref, ":") || strings.Contains(r.Ref, "/") {
		return r.ID
	}
	return r.Ref
}

func labels(list []*estate.Resource) string {
	var names []string
	for _, r := range list {
		names = append(names, label(r))
	}
	return strings.Join(names, ", ")
}
