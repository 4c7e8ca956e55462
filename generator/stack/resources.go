package stack

import (
	"regexp"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/source"
)

// userSections are the sections of resources.yaml.
var userSections = []string{"Conditions", "Mappings", "Outputs", "Resources"}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
var logicalID = regexp.MustCompile(`^[A-Za-z0-9]{1,255}$`)

// merge adds what the user wrote in resources.yaml to the template.
func (b *builder) merge() {
	if b.function.Resources == nil || b.function.Resources.Root == nil {
		return
	}
	root := b.function.Resources.Root
	if root.Kind != source.Mapping {
		b.problems.Addf("template-form", root.Place, "begin with Resources:", "resources.yaml holds sections of a template, not %s", root.Kind)
		return
	}
	taken := b.takenNames()
	for _, section := range root.Pairs {
		names, known := taken[section.Key.Text]
		if !known {
			b.problems.Addf("resources-section", section.Key.Place, sectionHint(section.Key.Text),
				"resources.yaml takes no section %q", section.Key.Text)
			continue
		}
		for _, entry := range b.entries(section, names) {
			b.mergeEntry(section.Key.Text, entry)
		}
	}
}

func sectionHint(name string) string {
	if name == "Parameters" {
		return "take another stack's value with !Output, and what differs by environment with !Ref Environment"
	}
	return meant(name, userSections, "the sections are "+strings.Join(userSections, ", "))
}

// takenNames are the names that the template already has, by section.
func (b *builder) takenNames() map[string]map[string]string {
	taken := map[string]map[string]string{}
	for _, section := range userSections {
		taken[section] = map[string]string{}
	}
	for _, r := range b.template.Resources {
		taken["Resources"][r.ID] = "a resource"
	}
	for name := range b.parameters {
		taken["Resources"][name] = "a parameter"
	}
	taken["Resources"][environmentParameter] = "a parameter"
	taken["Resources"][assetsParameter] = "a parameter"
	for _, c := range b.template.Conditions {
		taken["Conditions"][c.Name] = "a condition"
	}
	for _, m := range b.template.Mappings {
		taken["Mappings"][m.Name] = "a mapping"
	}
	for _, o := range ownOutputs {
		taken["Outputs"][o.Name] = "an output"
	}
	for _, o := range b.context.Offered {
		taken["Outputs"][o.Name] = "an output"
	}
	return taken
}

// entries are the entries of a section whose names can be used.
func (b *builder) entries(section source.Pair, taken map[string]string) []source.Pair {
	if section.Value.Kind != source.Mapping {
		if section.Value.Kind != source.Null {
			b.problems.Addf("template-form", section.Value.Place, "write a name and its definition", "the section %s is %s and not a mapping", section.Key.Text, section.Value.Kind)
		}
		return nil
	}
	var usable []source.Pair
	for _, entry := range section.Value.Pairs {
		name := entry.Key.Text
		if what, is := taken[name]; is {
			b.problems.Addf("reserved-name", entry.Key.Place, "give it another name", "%q is already the name of %s of the function's stack", name, what)
			continue
		}
		if !logicalID.MatchString(name) {
			b.problems.Addf("logical-id", entry.Key.Place, "use letters and digits only", "%q cannot be a name in a template", name)
			continue
		}
		usable = append(usable, entry)
	}
	return usable
}

func (b *builder) mergeEntry(section string, entry source.Pair) {
	t, name := b.template, entry.Key.Text
	value := b.context.Value(entry.Value)
	switch section {
	case "Resources":
		if entry.Value.Kind != source.Mapping {
			b.problems.Addf("template-form", entry.Value.Place, "write its Type and Properties", "the resource %s is %s and not a mapping", name, entry.Value.Kind)
			return
		}
		t.Resources = append(t.Resources, &cfn.Resource{ID: name, Raw: value, Origin: entry.Key.Place})
	case "Conditions":
		t.Conditions = append(t.Conditions, cfn.Condition{Name: name, Expr: value})
	case "Mappings":
		t.Mappings = append(t.Mappings, cfn.Mapping{Name: name, Raw: value})
	case "Outputs":
		t.Outputs = append(t.Outputs, cfn.Output{Name: name, Raw: value})
	}
}
