package link

import "github.com/foldstack/foldstack/generator/diag"

// flow checks that every artifact is made once, before it is read, and where it can
// be read.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
func (p *pipeline) flow() {
	made := map[string]*action{}
	for _, a := range p.actions {
		for _, name := range a.outputs {
			if first := made[name]; first != nil {
				p.on(a, "OutputArtifacts", "duplicate-artifact", "makes the artifact "+diag.Quote(name)+", which "+first.name+" makes already", "give it another name")
				continue
			}
			made[name] = a
		}
	}
	for _, a := range p.actions {
		taken := map[string]bool{}
		for _, name := range a.inputs {
			if taken[name] && p.generated() {
				p.on(a, "InputArtifacts", "duplicate-artifact", "reads the artifact "+diag.Quote(name)+" twice", "leave one of them out")
			}
			taken[name] = true
			p.input(a, name, made)
		}
	}
}

func (p *pipeline) input(a *action, name string, made map[string]*action) {
	from := made[name]
	switch {
	case from == nil:
		p.on(a, "InputArtifacts", "unknown-artifact", "reads the artifact "+diag.Quote(name)+", and no action makes that", meant(name, sortedKeys(made), "add it to the OutputArtifacts of an earlier action"))
	case !from.before(a):
		p.on(a, "InputArtifacts", "artifact-order", "reads the artifact "+diag.Quote(name)+" before "+from.name+" of the stage "+p.stages[from.stage].name+" has made it", "move it behind that action: a later stage, or a higher RunOrder of the same one")
	case p.foreign(from) && p.account(from) != p.account(a) && known(a.role.Account):
		// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
		p.on(a, "InputArtifacts", "artifact-account", "reads the artifact "+diag.Quote(name)+", which was made in the account "+p.account(from)+"; only that one and the pipeline's own can read it", "make the artifact in the pipeline's account")
	}
}
