package schema

import (
	"sync"

	"github.com/foldstack/foldstack/generator/diag"
)

// sectionSchemas are what holds for the entries of a template's sections, whatever
// they are. Each is named by the page that says so. Attributes that only SAM or a custom
// resource has are known by a pattern, so that no hint offers them.
type sectionSchemas struct{ parameter, resource, output, tags *resourceType }

var sections = sync.OnceValue(func() sectionSchemas {
	return sectionSchemas{
		parameter: ours("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html", `{
			"type": "object", "required": ["Type"], "additionalProperties": false,
			"properties": {
				"AllowedPattern": {"type": "string"},
				"AllowedValues": {"type": "array"},
				"ConstraintDescription": {"type": "string"},
				"Default": {"type": "string"},
				"Description": {"type": "string", "maxLength": 4000},
				"MaxLength": {"type": "integer"},
				"MaxValue": {"type": "number"},
				"MinLength": {"type": "integer"},
				"MinValue": {"type": "number"},
				"NoEcho": {"type": "boolean"},
				"Type": {"type": "string", "anyOf": [
					{"enum": ["CommaDelimitedList", "List<Number>", "List<String>", "Number", "String"]}, {"pattern": "^(List<)?AWS::"}]}}}`),
		resource: ours("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html", `{
			"type": "object", "required": ["Type"], "additionalProperties": false,
			"properties": {
				"Condition": {"type": "string"},
				"CreationPolicy": {"type": "object"},
				"DeletionPolicy": {"enum": ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"]},
				"DependsOn": {"type": ["string", "array"], "items": {"type": "string"}},
				"Metadata": {"type": "object"},
				"Properties": {"type": "object"},
				"Type": {"type": "string"},
				"UpdatePolicy": {"type": "object"},
				"UpdateReplacePolicy": {"enum": ["Delete", "Retain", "Snapshot"]}},
			"patternProperties": {"^(Connectors|IgnoreGlobals|Version)$": {}}}`),
		output: ours("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html", `{
			"type": "object", "required": ["Value"], "additionalProperties": false,
			"properties": {
				"Condition": {"type": "string"},
				"Description": {"type": "string", "maxLength": 1024},
				"Export": {"type": "object", "required": ["Name"], "additionalProperties": false, "properties": {"Name": {"type": "string"}}},
				"Value": {"type": "string"}}}`),
		tags: ours("https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html", `{
			"properties": {"Tags": {
				"type": ["array", "object"], "uniqueKeys": ["Key"],
				"items": {"type": "object", "required": ["Key"], "properties": {
					"Key": {"minLength": 1, "maxLength": 128, "pattern": "^(?!aws:)"}, "Value": {"maxLength": 256}}},
				"additionalProperties": false, "patternProperties": {"^(?!aws:).+$": {"maxLength": 256}}}}}`),
	}
})

func ours(page, text string) *resourceType {
	t, err := compile(page, []byte(text))
	if err != nil {
		panic(diag.Bugf("the schema of %s: %v", page, err))
	}
	return t
}
