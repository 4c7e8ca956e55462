package cloudtest

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/template"
)

// maxBody is how many bytes a template may have in a call.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxBody = 51200

// wanted is what a call wants a stack to become.
func (a *ask) wanted(before *stack) (state, error) {
	body, err := a.template(before)
	if err != nil {
		return state{}, err
	}
	document, err := read(body)
	if err != nil {
		return state{}, err
	}
	capabilities := a.list("Capabilities", "")
	if err := capable(document, capabilities); err != nil {
		return state{}, err
	}
	given, previous := map[string]string{}, map[string]string{}
	values, keep := a.list("Parameters", ".ParameterValue"), a.list("Parameters", ".UsePreviousValue")
	for i, name := range a.list("Parameters", ".ParameterKey") {
		if i < len(values) {
			given[name] = values[i]
		}
		if i < len(keep) && keep[i] == "true" && before != nil {
			previous[name] = before.parameters[name]
		}
	}
	parameters, err := parameterValues(document, given, previous)
	return state{body: body, document: document, parameters: parameters, capabilities: capabilities}, err
}

func (a *ask) template(before *stack) (string, error) {
	switch body := a.Get("TemplateBody"); {
	case body != "" && a.Get("TemplateURL") != "":
		return "", invalid("Either Template URL or Template Body must be specified, not both.")
	case len(body) > maxBody:
		return "", invalid("1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to %d", maxBody)
	case body != "":
		return body, nil
	case a.Get("TemplateURL") != "":
		return a.server.fetch(a.Get("TemplateURL"))
	case a.Get("UsePreviousTemplate") == "true" && before != nil:
		return before.body, nil
	}
	return "", invalid("Either Template URL or Template Body must be specified.")
}

// namedIAM are the properties by which a template names what IAM holds.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
var namedIAM = []string{"RoleName", "ManagedPolicyName", "UserName", "GroupName", "InstanceProfileName"}

// capable asks for the capabilities that a template needs.
func capable(d *template.Document, given []string) error {
	needed := ""
	for _, e := range d.Resources {
		if !strings.HasPrefix(e.Type(), "AWS::IAM::") {
			continue
		}
		properties, _ := e.Properties().(cfn.Map)
		if slices.ContainsFunc(namedIAM, func(name string) bool { return properties.Get(name) != nil }) {
			needed = "CAPABILITY_NAMED_IAM"
		} else if needed == "" && !slices.Contains(given, "CAPABILITY_NAMED_IAM") {
			needed = "CAPABILITY_IAM"
		}
	}
	if needed == "" || slices.Contains(given, needed) {
		return nil
	}
	return awsError{http.StatusBadRequest, "InsufficientCapabilitiesException", "Requires capabilities : [" + needed + "]"}
}

// parameterValues are those of a template's parameters.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func parameterValues(d *template.Document, given, previous map[string]string) (map[string]string, error) {
	values, missing := map[string]string{}, []string{}
	for _, e := range d.Parameters {
		definition, _ := e.Value.(cfn.Map)
		value, ok := given[e.Name]
		if !ok {
			value, ok = previous[e.Name]
		}
		if !ok && definition.Get("Default") != nil {
			value, ok = template.Text(definition.Get("Default")), true
		}
		if !ok {
			missing = append(missing, e.Name)
			continue
		}
		if err := allowed(e.Name, value, definition); err != nil {
			return nil, err
		}
		values[e.Name] = value
	}
	if len(missing) > 0 {
		return nil, invalid("Parameters: [%s] must have values", strings.Join(missing, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, known := values[name]; !known {
			return nil, invalid("Parameters: [%s] do not exist in the template", name)
		}
	}
	return values, nil
}

func allowed(name, value string, definition cfn.Map) error {
	if pattern := template.Text(definition.Get("AllowedPattern")); pattern != "" && !regexp.MustCompile("^(?:"+pattern+")$").MatchString(value) {
		return invalid("Parameter %s failed to satisfy constraint: must match pattern %s", name, pattern)
	}
	list, limited := definition.Get("AllowedValues").([]any)
	if limited && !slices.ContainsFunc(list, func(v any) bool { return template.Text(v) == value }) {
		return invalid("Parameter '%s' must be one of AllowedValues", name)
	}
	return nil
}
