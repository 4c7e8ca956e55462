package cloudtest

import (
	"fmt"
	"strings"

	"github.com/foldstack/foldstack/generator/template"
)

// createNested plans the creation of a nested stack.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
func (o *change) createNested(s *stack, r *resource) (reason string) {
	body, document, parameters, err := o.server.nested(s, r, nil)
	if err != nil {
		return message(err)
	}
	name := s.name + "-" + r.logicalID + "-" + strings.ToUpper(digest(s.id, r.logicalID)[:12])
	r.nested = o.server.formation.add(s.place, name, s)
	r.physicalID = r.nested.id
	s.resources = append(s.resources, r)
	r.nested.body, r.nested.document, r.nested.parameters, r.nested.capabilities = body, document, parameters, s.capabilities
	o.tell(s, r, "CREATE_IN_PROGRESS", "Resource creation Initiated", nil)
	if reason := o.create(r.nested); reason != "" {
		return fmt.Sprintf("Embedded stack %s was not successfully created: %s ", r.physicalID, reason)
	}
	return ""
}

// nested is the template and the parameters of a nested stack.
func (s *Server) nested(of *stack, r *resource, before map[string]string) (string, *template.Document, map[string]string, error) {
	url, _ := r.properties["TemplateURL"].(string)
	body, err := s.fetch(url)
	if err != nil {
		return "", nil, nil, err
	}
	document, err := read(body)
	if err != nil {
		return "", nil, nil, err
	}
	given := map[string]string{}
	parameters, _ := r.properties["Parameters"].(map[string]any)
	for name, value := range parameters {
		given[name] = fmt.Sprint(value)
	}
	if err := capable(document, of.capabilities); err != nil {
		return "", nil, nil, err
	}
	values, err := parameterValues(document, given, before)
	return body, document, values, err
}
