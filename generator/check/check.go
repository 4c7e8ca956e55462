package check

import (
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/parallel"
)

// rules are all rules of a project.
var rules = []func(*model.Project, *diag.Problems){Names, Regions, Build, Boundary, Runtimes, Secrets, SecureStrings, EnvironmentSize, CodeSize}

// Project runs every rule on a project and adds what they find to problems.
func Project(p *model.Project, problems *diag.Problems) {
	parallel.Each(len(rules), func(i int) { rules[i](p, problems) })
}
