package link

import (
	"encoding/json"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/template"
)

// delivered is a template that the pipeline deploys.
type delivered struct {
	sources []source              // of the stacks that it nests
	needs   needs                 // what must be acknowledged
	covered []template.Deployment // the places in which it is deployed
}

// deployments checks what the pipeline deploys where: files that it names are there,
// their parameters fit, and every place of a template gets it.
func (p *pipeline) deployments(m *made) {
	all := map[*document]*delivered{}
	for _, a := range p.actions {
		if a.deploysStack() {
			p.accounts(a)
			p.delivers(a, m, all)
		}
	}
	for _, d := range p.d.set.documents {
		if all[d] != nil {
			p.uncovered(d, all[d].covered)
		} else if len(d.children) > 0 { // the base templates are deployed by bootstrap
			p.uncovered(d, nil)
		}
	}
}

// delivers checks the template of an action and notes that it is deployed.
func (p *pipeline) delivers(a *action, m *made, all map[*document]*delivered) {
	d := p.template(a)
	parameters, ok := p.configurationFile(a)
	if d == nil || !ok {
		return
	}
	if all[d] == nil {
		all[d] = &delivered{sources: d.sources(), needs: d.needs()}
	}
	p.parameters(a, d, parameters)
	p.capabilities(a, d, all[d].needs)
	where := template.Deployment{Account: p.account(a), Region: a.region, Parameters: parameters}
	for _, s := range all[d].sources {
		m.bucket(d, s, &where)
	}
	i := slices.IndexFunc(d.Deployed, func(t template.Deployment) bool { return same(t, where) })
	if i < 0 {
		p.on(a, "Configuration.TemplatePath", "wrong-target", "deploys "+d.Path+inPlace(asTarget(where, d))+", which is no target of it", "its targets are the accounts and regions of each environment in foldstack.yaml")
		return
	}
	all[d].covered = append(all[d].covered, d.Deployed[i])
}

// uncovered reports the places of a template in which no action deploys it.
func (p *pipeline) uncovered(d *document, covered []template.Deployment) {
	for i := range d.Deployed {
		if !slices.ContainsFunc(covered, func(t template.Deployment) bool { return same(d.Deployed[i], t) }) {
			p.report("wrong-target", []string{"Properties", "Stages"}, "nothing deploys "+d.Path+inPlace(&d.Deployed[i]), "add the actions that do")
		}
	}
}

// same reports whether a deployment is the one that was meant: the parameters that
// were given to that one have the same values.
func same(meant, is template.Deployment) bool {
	if meant.Account != is.Account || meant.Region != is.Region {
		return false
	}
	for name, value := range meant.Parameters {
		if is.Parameters[name] != value {
			return false
		}
	}
	return true
}

// asTarget leaves out the parameters that do not tell the targets of a template apart.
func asTarget(where template.Deployment, d *document) *template.Deployment {
	told := map[string]string{}
	for i := range d.Deployed {
		for name := range d.Deployed[i].Parameters {
			if value, ok := where.Parameters[name]; ok {
				told[name] = value
			}
		}
	}
	where.Parameters = told
	return &where
}

// accounts checks that CloudFormation is given a role of the account that it works in.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
func (p *pipeline) accounts(a *action) {
	role := parseARN(p.configured(a, "RoleArn"))
	if role.Service != "" && known(role.Account) && role.Account != p.account(a) {
		p.on(a, "Configuration.RoleArn", "action-account", "works in the account "+p.account(a)+" and gives CloudFormation a role of "+role.Account, "name two roles of one account")
	}
}

// file is the file of an artifact that a value of the configuration names.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
func (p *pipeline) file(a *action, key string) (string, bool) {
	text := p.configured(a, key)
	if text == "" || !known(text) {
		return "", false
	}
	artifact, file, ok := strings.Cut(text, "::")
	switch {
	case !ok:
		p.on(a, "Configuration."+key, "unknown-file", "names the file "+diag.Quote(text)+" without an artifact", "write Artifact::path")
	case !slices.Contains(a.inputs, artifact):
		p.on(a, "Configuration."+key, "unknown-artifact", "takes a file of the artifact "+diag.Quote(artifact)+", which is not among its InputArtifacts", meant(artifact, a.inputs, "add it there"))
	default:
		return p.inProject(artifact, file), true
	}
	return "", false
}

// inProject is a file of an artifact as seen from the project's folder. What the
// build gives begins there; what the source gives may hold more.
func (p *pipeline) inProject(artifact, file string) string {
	fromSource := slices.ContainsFunc(p.actions, func(a *action) bool {
		return a.category == "Source" && slices.Contains(a.outputs, artifact)
	})
	if fromSource {
		return p.d.fromSource(file)
	}
	return file
}

// fromSource is a file of what the source gives, as seen from the project's folder.
func (d *document) fromSource(file string) string {
	rel, err := filepath.Rel(d.Folder, file)
	if err != nil { // one is absolute, so that it is no file of the project
		return file
	}
	return filepath.ToSlash(rel)
}

// template is what an action deploys, if it can be known.
func (p *pipeline) template(a *action) *document {
	file, ok := p.file(a, "TemplatePath")
	if !ok {
		return nil
	}
	d := p.d.set.byPath[file]
	if d == nil {
		p.on(a, "Configuration.TemplatePath", "unknown-file", "deploys "+file+", and the output has no such template", meant(file, sortedKeys(p.d.set.byPath), "name one of "+path.Dir(p.d.Path)))
	}
	return d
}

// configurationFile is the parameters that an action gives to its template.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
func (p *pipeline) configurationFile(a *action) (map[string]string, bool) {
	const key = "TemplateConfiguration"
	if !a.configuration.Has(key) {
		return nil, true
	}
	name, ok := p.file(a, key)
	if !ok {
		return nil, false
	}
	data, ok := p.d.Files[name]
	if !ok {
		p.on(a, "Configuration."+key, "unknown-file", "reads "+name+", and the output has no such file", meant(name, sortedKeys(p.d.Files), "name one of "+path.Dir(p.d.Path)))
		return nil, false
	}
	var content struct{ Parameters map[string]string }
	if err := json.Unmarshal(data, &content); err != nil {
		p.on(a, "Configuration."+key, "unknown-file", "reads "+name+", which is no template configuration: "+err.Error(), "write an object with Parameters, whose values are texts")
		return nil, false
	}
	return content.Parameters, true
}

// parameters holds what is given to a template against what it takes.
func (p *pipeline) parameters(a *action, d *document, given map[string]string) {
	const key = "Configuration.TemplateConfiguration"
	for _, name := range sortedKeys(given) {
		definition := d.parameters.get(name)
		if definition == nil {
			p.on(a, key, "unknown-parameter", "gives "+d.Path+" a parameter "+diag.Quote(name)+" that it does not have", meant(name, d.parameters.names(), "it has "+diag.Some(d.parameters.names())))
		} else if why := misfit(definition, given[name]); why != "" {
			p.on(a, key, "parameter-value", "gives "+d.Path+" the value "+diag.Quote(given[name])+" for its parameter "+name+": "+why, "give another value")
		}
	}
	for i := range d.Parameters {
		name := d.Parameters[i].Name
		if _, ok := given[name]; !ok && d.parameters.get(name).Get("Default") == nil {
			p.on(a, key, "missing-parameter", "does not give "+d.Path+" its parameter "+name+", which has no default", "give it a value")
		}
	}
}

// capabilities checks that an action acknowledges what its template, and those below
// it, hold.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func (p *pipeline) capabilities(a *action, d *document, needs needs) {
	given := strings.Split(p.configured(a, "Capabilities"), ",")
	acknowledged := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(given, name) })
	}
	for _, c := range []struct {
		need    bool
		text    string
		answers []string
	}{
		{needs.named, "a named IAM resource", []string{"CAPABILITY_NAMED_IAM"}},
		{needs.identity && !needs.named, "an IAM resource", []string{"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"}},
		{needs.macro, "a macro", []string{"CAPABILITY_AUTO_EXPAND"}},
	} {
		if c.need && !acknowledged(c.answers...) {
			p.on(a, "Configuration.Capabilities", "missing-capability", "deploys "+d.Path+", which has "+c.text+", and does not acknowledge it", "add "+c.answers[0]+" to its Capabilities")
		}
	}
}

type needs struct{ identity, named, macro bool }

// needs is what must be acknowledged of a template and those below it.
func (d *document) needs() needs {
	n := needs{macro: len(d.Macros) > 0}
	for i := range d.Resources {
		e := &d.Resources[i]
		if strings.HasPrefix(e.Type(), "AWS::IAM::") {
			n.identity = true
			properties, _ := e.Properties().(cfn.Map)
			n.named = n.named || slices.ContainsFunc(identityNames, func(key string) bool { return properties.Has(key) })
		}
		if child := d.children[i]; child != nil {
			below := child.needs()
			n = needs{n.identity || below.identity, n.named || below.named, n.macro || below.macro}
		}
	}
	return n
}

// identityNames are the properties by which IAM resources are named.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html
var identityNames = []string{"RoleName", "UserName", "GroupName", "ManagedPolicyName"}
