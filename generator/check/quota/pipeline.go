package quota

import (
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/template"
)

// Limits of what starts a pipeline.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
const (
	maxTriggers      = 50
	maxFilters       = 3   // of a trigger, for pushes and for pull requests
	maxPatterns      = 8   // included, and excluded, of each kind
	maxPattern       = 255 // characters
	maxVariables     = 50
	maxVariableName  = 128
	maxVariableValue = 1000
	maxVariableText  = 200 // characters of a description
)

// What a pipeline's parts may be called.
//
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StageDeclaration.html
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_OutputArtifact.html
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
var (
	partName      = regexp.MustCompile(`^[A-Za-z0-9.@_-]+$`)
	artifactName  = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	namespaceName = regexp.MustCompile(`^[A-Za-z0-9@_-]+$`)
)

const fewer = "divide the environments, their accounts or the functions among several projects"

// pipeline measures a pipeline with its stages, actions and triggers.
func (c *checker) pipeline(e *template.Entry) {
	properties := e.Properties()
	c.name(e.At("Properties", "Name"), "the pipeline", field(properties, "Name"), partName)
	stages, actions := items(field(properties, "Stages")), 0
	for i, stage := range stages {
		actions += c.stage(e, strconv.Itoa(i), stage)
	}
	c.atMost("pipeline-size", e.At("Properties", "Stages", strconv.Itoa(model.MaxStages)), len(stages), model.MaxStages, fewer, "the pipeline would have %d stages", len(stages))
	c.atMost("pipeline-size", e.At("Properties", "Stages"), actions, model.MaxActions, fewer, "the pipeline would have %d actions", actions)
	c.triggers(e)
	c.variables(e)
}

// stage returns the number of the stage's actions.
func (c *checker) stage(e *template.Entry, index string, stage any) int {
	at := func(path ...string) diag.Place {
		return e.At(append([]string{"Properties", "Stages", index}, path...)...)
	}
	name := template.Text(field(stage, "Name"))
	c.name(at("Name"), "the stage", field(stage, "Name"), partName)
	actions := items(field(stage, "Actions"))
	c.atMost("pipeline-size", at("Actions"), len(actions), model.MaxStageActions, fewer, "the stage %s would have %d actions", name, len(actions))
	for i, action := range actions {
		place := at("Actions", strconv.Itoa(i))
		c.name(place, "the action", field(action, "Name"), partName)
		c.name(place, "the namespace", field(action, "Namespace"), namespaceName)
		for _, key := range []string{"InputArtifacts", "OutputArtifacts"} {
			for _, artifact := range items(field(action, key)) {
				c.name(place, "the artifact", field(artifact, "Name"), artifactName)
			}
		}
		c.configuration(place, action)
	}
	return len(actions)
}

// name looks at a literal name; of another its length is counted.
func (c *checker) name(place diag.Place, what string, value any, form *regexp.Regexp) {
	text := template.Text(value)
	switch n := least(value); {
	case n > model.MaxPipelineName:
		c.problems.Addf("name-length", place, "shorten it", "%s %s has a name of %d characters; the limit is %d", what, text, n, model.MaxPipelineName)
	case text != "" && !form.MatchString(text):
		c.problems.Addf("pipeline-name", place, "rename it", "%s cannot be called %q: CodePipeline takes %s", what, text, form)
	}
}

// configuration measures what an action is given.
func (c *checker) configuration(place diag.Place, action any) {
	name := template.Text(field(action, "Name"))
	for _, entry := range entries(field(action, "Configuration")) {
		n := least(entry.Value)
		c.atMost("action-configuration", place, utf8.RuneCountInString(entry.Key), model.MaxConfigurationKey, "shorten it", "a key of the action %s has %d characters", name, utf8.RuneCountInString(entry.Key))
		c.atMost("action-configuration", place, n, model.MaxConfigurationValue, "shorten it, or put it into a file of the artifact", "%s of the action %s would have %d characters", entry.Key, name, n)
	}
}

func (c *checker) triggers(e *template.Entry) {
	triggers := items(field(e.Properties(), "Triggers"))
	place := e.At("Properties", "Triggers")
	c.atMost("pipeline-size", place, len(triggers), maxTriggers, "remove some", "the pipeline has %d triggers", len(triggers))
	for i, trigger := range triggers {
		for _, event := range []string{"Push", "PullRequest"} {
			place := e.At("Properties", "Triggers", strconv.Itoa(i), "GitConfiguration", event)
			filters := items(field(trigger, "GitConfiguration", event))
			c.atMost("pipeline-size", place, len(filters), maxFilters, "write another trigger", "a trigger has %d filters for %s", len(filters), event)
			for _, filter := range filters {
				c.filter(place, filter)
			}
		}
	}
}

func (c *checker) filter(place diag.Place, filter any) {
	for _, kind := range []string{"Branches", "FilePaths", "Tags"} {
		for _, list := range []string{"Includes", "Excludes"} {
			patterns := items(field(filter, kind, list))
			c.atMost("pipeline-size", place, len(patterns), maxPatterns, "let one pattern stand for several, such as functions/**", "%s has %d patterns under %s", kind, len(patterns), list)
			for _, pattern := range patterns {
				c.atMost("pipeline-size", place, least(pattern), maxPattern, "shorten it", "a pattern of %s has %d characters", kind, least(pattern))
			}
		}
	}
}

func (c *checker) variables(e *template.Entry) {
	variables := items(field(e.Properties(), "Variables"))
	c.atMost("pipeline-size", e.At("Properties", "Variables"), len(variables), maxVariables, "remove some", "the pipeline has %d variables", len(variables))
	for i, variable := range variables {
		for _, part := range []struct {
			key   string
			limit int
		}{{"Name", maxVariableName}, {"DefaultValue", maxVariableValue}, {"Description", maxVariableText}} {
			n := least(field(variable, part.key))
			c.atMost("pipeline-size", e.At("Properties", "Variables", strconv.Itoa(i)), n, part.limit, "shorten it", "the %s of a variable has %d characters", part.key, n)
		}
	}
}
