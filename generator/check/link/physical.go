package link

import (
	"path"
	"strings"

	"github.com/foldstack/foldstack/generator/arn"
	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// The kinds of physical name by which one stack names what another makes.
const (
	roleName   = "role"
	bucketName = "bucket"
)

// named is a physical name in one place. A role is in no region.
type named struct{ kind, account, region, name string }

// made is every physical name that a template of the output makes.
type made struct {
	in    map[named]bool
	names map[string]map[string]bool // of a kind, wherever they are made
	paths map[string]bool            // the paths of roles, other than the shortest
}

// makers tell which property names a resource.
var makers = map[string]struct{ kind, property string }{
	"AWS::IAM::Role":  {roleName, "RoleName"},
	"AWS::S3::Bucket": {bucketName, "BucketName"},
}

// physical collects the names that root stacks make.
func (s *set) physical() *made {
	m := &made{in: map[named]bool{}, names: map[string]map[string]bool{roleName: {}, bucketName: {}}, paths: map[string]bool{}}
	for _, d := range s.documents {
		if d.parent != nil || len(d.Deployed) == 0 {
			continue
		}
		for i := range d.Resources {
			m.add(d, &d.Resources[i])
		}
	}
	return m
}

func (m *made) add(d *document, e *template.Entry) {
	maker, ok := makers[e.Type()]
	if !ok {
		return
	}
	property := at(e.Properties(), maker.property)
	for i := range d.Deployed {
		p := &d.Deployed[i]
		r := d.in(p)
		name, ok := r.known(property)
		if !ok || condition(e) != "" && r.holds(condition(e)) == no {
			continue
		}
		key := named{maker.kind, p.Account, p.Region, name}
		if maker.kind == roleName {
			folder := orRoot(r.text(at(e.Properties(), "Path")))
			key.region, key.name = "", folder+name
			if folder != "/" {
				m.paths[folder] = true
			}
		}
		m.in[key], m.names[key.kind][key.name] = true, true
	}
}

// orRoot is the path of a role; "/" where it says none.
func orRoot(folder string) string {
	if folder == unknown || folder == "" {
		return "/"
	}
	return folder
}

// has reports whether a name is made in a place, or could be: not all of it is known.
func (m *made) has(kind, account, region, name string) bool {
	return !known(account+region+name) || m.in[named{kind, account, region, name}]
}

func (m *made) hint(kind, name string) string {
	if m.names[kind][name] {
		return "it is made, but elsewhere"
	}
	return meant(name, sortedKeys(m.names[kind]), "name one that tooling.yaml, tooling-region.yaml or target.yaml makes")
}

// principals checks the roles that a pipeline works with: each is made in the account
// that it names.
func (p *pipeline) principals(m *made) {
	if role := parseARN(p.text(at(p.properties, "RoleArn"))); role.Service != "" {
		p.principal(m, []string{"Properties", "RoleArn"}, "the pipeline", role)
	}
	for _, a := range p.actions {
		if a.role.Service != "" {
			p.principal(m, a.below("RoleArn"), p.called(a), a.role)
			if a.owner != "AWS" {
				p.on(a, "RoleArn", "action-account", "is not AWS's and cannot have a role", "remove its RoleArn")
			}
		}
		if role := parseARN(p.configured(a, "RoleArn")); role.Service != "" {
			p.principal(m, a.below("Configuration.RoleArn"), p.called(a), role)
		}
	}
}

func (p *pipeline) principal(m *made, path []string, who string, role arn.ARN) {
	name := rolePath(role)
	switch {
	case !known(role.Account + name):
	case name == "":
		p.report("unknown-role", path, who+" names "+shown(role.Resource)+", which is no role", "write the ARN of a role")
	case !m.in[named{roleName, role.Account, "", name}]:
		p.report("unknown-role", path, who+" names the role "+name+" of the account "+role.Account+", and no template makes it there", m.hint(roleName, name))
	}
}

// check looks at every role of ours that a base template names, in policies, trusts
// and properties.
func (m *made) check(d *document) {
	if d.parent != nil {
		return
	}
	for i := range d.Resources {
		e := &d.Resources[i]
		if e.Written() || e.Type() == "AWS::CodePipeline::Pipeline" {
			continue
		}
		if e.Type() == "AWS::CodeBuild::Project" && d.Files != nil {
			d.buildspec(e)
		}
		for _, x := range roles(e.Properties(), nil) {
			for j := range d.Deployed {
				if m.missing(d, e, parseARN(d.in(&d.Deployed[j]).text(x))) {
					break
				}
			}
		}
	}
}

// buildspec checks that a build's instructions are a file of the output.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
func (d *document) buildspec(e *template.Entry) {
	file, ok := scalar(at(e.Properties(), "Source", "BuildSpec"))
	if _, there := d.Files[d.fromSource(file)]; ok && !there {
		d.set.report("unknown-file", e.At("Properties", "Source", "BuildSpec"), "the build project "+e.Name+" of "+d.Path+" reads "+diag.Quote(file)+", and the output has no such file",
			meant(file, sortedKeys(d.Files), "name one of "+path.Dir(d.Path)))
	}
}

// missing reports a role under a path of ours that no template makes.
func (m *made) missing(d *document, e *template.Entry, role arn.ARN) bool {
	name := rolePath(role)
	if !known(role.Account+name) || strings.ContainsAny(name, "*?") || !m.paths[name[:strings.LastIndexByte(name, '/')+1]] {
		return false
	}
	there := m.in[named{roleName, role.Account, "", name}]
	if strings.ContainsAny(role.Account, "*?") {
		there = m.names[roleName][name]
	}
	if !there {
		d.set.report("unknown-role", e.Place, "the resource "+e.Name+" of "+d.Path+" names the role "+name+" of the account "+role.Account+", and no template makes it there", m.hint(roleName, name))
	}
	return !there
}

// roles adds to a list the values in a tree that name a role.
func roles(x any, list []string) []string {
	switch x := x.(type) {
	case string:
		if strings.Contains(x, ":role/") {
			list = append(list, x)
		}
	case []any:
		for _, item := range x {
			list = roles(item, list)
		}
	case cfn.Map:
		for _, e := range x {
			list = roles(e.Value, list)
		}
	}
	return list
}

// sources are the values that say where a document's nested stacks are read from, one
// for all that differ in no more than the path.
func (d *document) sources() []source {
	met := map[string]bool{}
	var list []source
	for i := range d.Resources {
		e := &d.Resources[i]
		if e.Type() != "AWS::CloudFormation::Stack" {
			continue
		}
		url, _ := at(e.Properties(), "TemplateURL").(string)
		key := url[:strings.LastIndexByte(url, '/')+1]
		if key != "" && !met[key] {
			met[key] = true
			list = append(list, source{e, url})
		}
	}
	return list
}

// source is a nested stack and where it is read from.
type source struct {
	stack *template.Entry
	url   string
}

// bucket checks that a nested stack is read from a bucket of the region that it is
// made in.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
func (m *made) bucket(d *document, s source, where *template.Deployment) {
	host, _, _ := strings.Cut(strings.TrimPrefix(d.in(where).text(s.url), "https://"), "/")
	bucket, host, ok := strings.Cut(host, ".s3.")
	region, _, _ := strings.Cut(host, ".")
	if !ok || !known(bucket+region) {
		return
	}
	for key := range m.in {
		if key.kind == bucketName && key.name == bucket && key.region == region {
			return
		}
	}
	d.set.report("unknown-bucket", s.stack.At("Properties", "TemplateURL"), s.stack.Name+" of "+d.Path+" is read from the bucket "+bucket+inPlace(asTarget(*where, d))+", and no template makes that in "+region, m.hint(bucketName, bucket))
}
