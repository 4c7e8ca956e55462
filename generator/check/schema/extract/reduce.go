package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// keyword says what becomes of a keyword of a schema.
type keyword int

const (
	drop     keyword = iota + 1
	keep             // a value that is no schema
	sub              // a schema
	list             // a list of schemas
	table            // schemas by name
	depends          // lists of names, or schemas, by name
	onlyTrue         // kept where it is true
)

// keywords holds every keyword that the schemas have. One that is not here stops
// the extraction: it must not be ignored by accident.
var keywords = map[string]keyword{
	"type": keep, "enum": keep, "const": keep, "enumCaseInsensitive": keep, "$ref": keep,
	"pattern": keep, "minLength": keep, "maxLength": keep, "format": keep,
	"minimum": keep, "maximum": keep, "exclusiveMinimum": keep, "exclusiveMaximum": keep, "multipleOf": keep,
	"minItems": keep, "maxItems": keep, "uniqueItems": onlyTrue, "uniqueKeys": keep, "maxUniqueItems": keep,
	"minProperties": keep, "maxProperties": keep, "additionalProperties": keep,
	"required": keep, "requiredXor": keep, "requiredOr": keep, "dependentRequired": keep, "dependentExcluded": keep,
	"readOnlyProperties": keep, "primaryIdentifier": keep, "lifecycle": keep, "tagging": keep,
	"createOnlyProperties": keep, "conditionalCreateOnlyProperties": keep, "replacementStrategy": keep,

	"items": sub, "not": sub, "if": sub, "then": sub, "else": sub,
	"oneOf": list, "anyOf": list, "allOf": list, "prefixItems": list,
	"properties": table, "patternProperties": table, "definitions": table,
	"dependencies": depends,

	"$comment": drop, "$schema": drop, "additionalIdentifiers": drop, "arrayType": drop, "default": drop, "deprecatedProperties": drop, "description": drop, "documentationUrl": drop,
	"examples": drop, "handlers": drop, "insertionOrder": drop, "propertyTransform": drop, "relationshipRef": drop,
	"resourceLink": drop, "sourceUrl": drop, "taggable": drop, "title": drop,
	"typeConfiguration": drop, "typeName": drop, "writeOnlyProperties": drop,
}

// reducer reduces one type's schema.
type reducer struct{ subtrees []string }

func (l *linter) reduce(name, file string) (kind, error) {
	var schema map[string]any
	if err := l.read(&schema, "resources", file+".json"); err != nil {
		return kind{}, err
	}
	if schema["typeName"] != name {
		return kind{}, fmt.Errorf("the schema is that of %v", schema["typeName"])
	}
	var r reducer
	reduced, err := r.schema(schema)
	if err != nil {
		return kind{}, err
	}
	root := reduced.(map[string]any)
	if attributes := l.getatts.of(name, schema); attributes != nil {
		root["attributes"] = attributes
	}
	if _, holds := l.stateful[name]; holds {
		root["stateful"] = true
	}
	prune(root)
	text, err := marshal(root)
	return kind{name: name, schema: text, subtree: r.subtrees}, err
}

// schema reduces a schema and all schemas in it.
func (r *reducer) schema(x any) (any, error) {
	schema, ok := x.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("a %T stands where a schema is expected", x)
	}
	reduced := make(map[string]any, len(schema))
	for key, value := range schema {
		kept, err := r.keyword(key, value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if kept != nil {
			reduced[key] = kept
		}
	}
	text, err := marshal(reduced)
	r.subtrees = append(r.subtrees, string(text))
	return reduced, err
}

func (r *reducer) keyword(key string, value any) (any, error) {
	switch keywords[key] {
	case drop:
		return nil, nil
	case keep:
		return r.value(key, value)
	case onlyTrue:
		if value == true {
			return true, nil
		}
		return nil, nil
	case sub:
		return r.schema(value)
	case list:
		return r.list(value)
	case table:
		return r.table(value, false)
	case depends:
		return r.table(value, true)
	}
	return nil, fmt.Errorf("nobody said what becomes of this keyword")
}

func (r *reducer) list(value any) (any, error) {
	items, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("no list but a %T", value)
	}
	reduced := make([]any, len(items))
	for i, item := range items {
		var err error
		if reduced[i], err = r.schema(item); err != nil {
			return nil, fmt.Errorf("%d: %w", i, err)
		}
	}
	return reduced, nil
}

func (r *reducer) table(value any, mayBeList bool) (any, error) {
	entries, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("no table but a %T", value)
	}
	reduced := make(map[string]any, len(entries))
	for name, entry := range entries {
		if _, isList := entry.([]any); isList && mayBeList {
			reduced[name] = entry
			continue
		}
		var err error
		if reduced[name], err = r.schema(entry); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return reduced, nil
}

// value is a value that is no schema, where it says something that is checked.
func (r *reducer) value(key string, value any) (any, error) {
	switch key {
	case "additionalProperties":
		if value != false {
			return nil, fmt.Errorf("is %v, where every schema had false", value)
		}
	case "format":
		if s, ok := value.(string); !ok || !strings.HasPrefix(s, "AWS::") && !strings.HasSuffix(s, "-network") {
			return nil, nil
		}
	case "tagging":
		if asMap(value)["taggable"] == true {
			return true, nil
		}
		return nil, nil
	case "minLength", "minItems", "minProperties":
		if value == json.Number("0") {
			return nil, nil
		}
	case "required":
		if names, ok := value.([]any); ok && len(names) == 0 {
			return nil, nil
		}
	}
	return value, nil
}

// prune takes the definitions away that nothing refers to.
func prune(root map[string]any) {
	definitions, _ := root["definitions"].(map[string]any)
	used := map[string]bool{}
	var visit func(x any)
	visit = func(x any) {
		switch x := x.(type) {
		case map[string]any:
			if ref, ok := x["$ref"].(string); ok {
				name, isDefinition := strings.CutPrefix(ref, "#/definitions/")
				if isDefinition && !used[name] {
					used[name] = true
					visit(definitions[name])
				}
			}
			for _, v := range x {
				visit(v)
			}
		case []any:
			for _, v := range x {
				visit(v)
			}
		}
	}
	for key, value := range root {
		if key != "definitions" {
			visit(value)
		}
	}
	for name := range definitions {
		if !used[name] {
			delete(definitions, name)
		}
	}
	if len(definitions) == 0 {
		delete(root, "definitions")
	}
}

// of lists the attributes of a type where they are others than its read-only
// properties; otherwise it returns nil. "*" stands for any name.
func (g getatts) of(name string, schema map[string]any) []string {
	var attributes []string
	switch {
	case g.all[name]:
		for property, value := range asMap(schema["properties"]) {
			attributes = append(attributes, leaves(schema, value, property, 0)...)
		}
		slices.Sort(attributes)
		return slices.Compact(attributes)
	case name == "AWS::CloudFormation::Stack":
		return []string{"Outputs.*"}
	case name == "AWS::CloudFormation::CustomResource":
		return []string{"*"}
	case name == "AWS::ServiceCatalog::CloudFormationProvisionedProduct":
		attributes = []string{"Outputs.*"}
	case g.extra[name] == nil:
		return nil
	}
	attributes = append(attributes, g.extra[name]...)
	readOnly, _ := schema["readOnlyProperties"].([]any)
	for _, pointer := range readOnly {
		if s, ok := pointer.(string); ok && s != "/properties/Outputs" {
			attributes = append(attributes, strings.ReplaceAll(strings.TrimPrefix(s, "/properties/"), "/", "."))
		}
	}
	slices.Sort(attributes)
	return slices.Compact(attributes)
}

// leaves are the names below a property that hold no further names.
func leaves(root map[string]any, x any, path string, depth int) []string {
	schema := asMap(x)
	if ref, ok := schema["$ref"].(string); ok {
		if depth > 20 { // a definition that holds itself
			return nil
		}
		return leaves(root, asMap(root["definitions"])[strings.TrimPrefix(ref, "#/definitions/")], path, depth+1)
	}
	properties := asMap(schema["properties"])
	switch {
	case schema["type"] == "object":
		var all []string
		for name, value := range properties {
			all = append(all, leaves(root, value, path+"."+name, depth+1)...)
		}
		return all
	case schema["type"] == "array":
		if kind := asMap(schema["items"])["type"]; kind == "object" || kind == "array" {
			return nil
		}
	}
	return []string{path}
}

func asMap(x any) map[string]any {
	m, _ := x.(map[string]any)
	return m
}

// marshal writes minimal JSON with sorted keys and nothing escaped that need not be.
func marshal(x any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(x)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
