package proof

import (
	"path"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
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
	estate   *estate.Estate
	kept     []*authz.Policy // all that were read, in order
	callers  map[string]*caller
	policies map[string][]*authz.Policy           // of the resource that they belong to
	accounts []*authz.Policy                      // of all log groups of an account in a region
	named    map[string]map[name]*estate.Resource // by type; see reference
	managed  map[string]*authz.Policy             // managed policies by ARN
	unread   []Note                               // what was left out of policies
}

// name is what !Ref gives of a resource of some type. IAM and S3 know no region, and S3
// no account.
type name struct{ account, region, ref string }

func nameIn(s *estate.Stack, kind, ref string) name {
	n := name{s.Account, s.Region, ref}
	switch {
	case strings.HasPrefix(kind, "AWS::IAM::"):
		n.region = ""
	case strings.HasPrefix(kind, "AWS::S3::"):
		n.account, n.region = "", ""
	}
	return n
}

// gather reads every policy of an estate once.
func gather(e *estate.Estate) *register {
	g := &register{
		estate: e, callers: map[string]*caller{}, policies: map[string][]*authz.Policy{},
		named: map[string]map[name]*estate.Resource{}, managed: map[string]*authz.Policy{},
	}
	if e == nil {
		return g
	}
	for _, r := range e.OfType("AWS::IAM::ManagedPolicy") {
		g.manage(r)
	}
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

// reference is the resource of a type that a stack means by what !Ref gives, or nil.
func (g *register) reference(s *estate.Stack, kind, ref string) *estate.Resource {
	if g.named[kind] == nil {
		g.named[kind] = map[name]*estate.Resource{}
		for _, r := range g.estate.OfType(kind) {
			key := nameIn(r.Stack, kind, r.Ref)
			if _, taken := g.named[kind][key]; !taken {
				g.named[kind][key] = r
			}
		}
	}
	return g.named[kind][nameIn(s, kind, ref)]
}

// manage reads the managed policies, which others attach by ARN. What one attaches to
// roles itself comes later, when the roles are known.
func (g *register) manage(r *estate.Resource) {
	p := g.read(r, authz.Identity, "managed policy "+managedName(r), "PolicyDocument")
	if p != nil && r.ARN != "" {
		g.managed[r.ARN] = p
	}
}

// callers are the types of what calls, and how people call them.
var callers = map[string]string{"AWS::IAM::Role": "role ", "AWS::IAM::User": "user "}

// call reads a role or a user with all that it says about itself.
func (g *register) call(r *estate.Resource) {
	kind := callers[r.Type]
	if kind == "" || r.ARN == "" {
		return
	}
	c := &caller{resource: r}
	g.callers[r.ARN] = c
	whose := " of the " + kind + callerName(r)
	list, _ := r.Properties.Get("Policies").([]any)
	for n, item := range list {
		m, _ := item.(cfn.Map)
		title, _ := m.Get("PolicyName").(string)
		c.identity = g.add(c.identity, r, m.Get("PolicyDocument"), authz.Identity, "policy "+title+whose, "Policies", strconv.Itoa(n), "PolicyDocument")
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
	p.Kind, p.Name = authz.Boundary, "boundary "+managedName(sourceOf(p).resource)
	c.boundary = []*authz.Policy{p}
}

// callerName is what people call a role or user: its name, or where it gets a random one,
// its logical id behind the name of its template.
func callerName(r *estate.Resource) string {
	if symbol.In(r.Ref) {
		return qualified(r)
	}
	return label(r)
}

// qualified is a logical id behind the name of its template.
func qualified(r *estate.Resource) string {
	file := path.Base(r.Stack.Document.Path)
	return strings.TrimSuffix(file, path.Ext(file)) + "." + r.ID
}

// managedName is what people call a managed policy, of which Ref gives the ARN.
func managedName(r *estate.Resource) string {
	if name := text(r, "ManagedPolicyName"); name != "" && !symbol.In(name) {
		return name
	}
	return r.ID
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
		holder := g.reference(r.Stack, "AWS::IAM::Role", role)
		if holder == nil {
			continue
		}
		if c := g.callers[holder.ARN]; c != nil {
			c.identity = append(c.identity, p)
		}
	}
}

// read parses the document at a path of a resource; nil where there is none.
func (g *register) read(r *estate.Resource, kind authz.Kind, name string, path ...string) *authz.Policy {
	for _, p := range g.add(nil, r, at(r.Properties, path...), kind, name, path...) {
		return p
	}
	return nil
}

// add parses a document, which is a map or, as the schemas of the types have it, a text
// with JSON.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-type-schemas.html
func (g *register) add(list []*authz.Policy, r *estate.Resource, document any, kind authz.Kind, name string, path ...string) []*authz.Policy {
	s := &source{resource: r, path: path}
	switch d := document.(type) {
	case cfn.Map:
		_, s.list = d.Get("Statement").([]any)
		return append(list, g.parsed(authz.Parse(kind, name, d, s)))
	case string:
		s.whole = true
		return append(list, g.parsed(authz.ParseJSON(kind, name, []byte(d), s)))
	}
	return list
}

// label is what people call a resource: its name, or its logical id where AWS makes one.
func label(r *estate.Resource) string {
	if r.Ref == "" || symbol.In(r.Ref) || strings.Contains(r.Ref, ":") || strings.Contains(r.Ref, "/") {
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
