package stack

import (
	"bytes"
	"encoding/json"

	"github.com/foldstack/foldstack/generator/model"
)

// Configuration is the template configuration file of one target.
type Configuration struct {
	Target model.Target
	Path   string // relative to the output folder
	Data   []byte
}

// configuration is the form that CodePipeline's CloudFormation action reads.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
type configuration struct {
	Parameters map[string]string
	Tags       map[string]string
}

// Configurations writes what differs between targets: the parameters that every
// orchestration takes, and the tags of the stack, which CloudFormation hands down
// to all that it makes. They travel in files because an action's configuration
// holds 1,000 characters.
func Configurations(project *model.Project) ([]Configuration, error) {
	targets := project.Targets()
	list := make([]Configuration, 0, len(targets))
	for _, t := range targets {
		var data bytes.Buffer
		encoder := json.NewEncoder(&data)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		err := encoder.Encode(configuration{
			Parameters: Parameters(project, t),
			Tags: map[string]string{
				"foldstack:project":     project.Name,
				"foldstack:environment": t.Environment,
			},
		})
		if err != nil {
			return nil, err
		}
		list = append(list, Configuration{Target: t, Path: ConfigurationPath(t), Data: data.Bytes()})
	}
	return list, nil
}

// Parameters are those that every orchestration takes in a target.
func Parameters(project *model.Project, t model.Target) map[string]string {
	return map[string]string{
		environmentParameter: t.Environment,
		assetsParameter:      model.AssetBucket(project.Name, project.Tooling.Account, t.Region),
	}
}

// ConfigurationPath is the target's template configuration file, relative to the
// output folder.
func ConfigurationPath(t model.Target) string {
	return "parameters/" + t.Environment + "-" + t.Account + "-" + t.Region + ".json"
}
