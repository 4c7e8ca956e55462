package schema

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
)

// kinds is a set of types of values.
type kinds uint8

const (
	object kinds = 1 << iota
	array
	str
	boolean
	integer
	number
	null

	scalar  = str | boolean | integer | number
	anyKind = object | array | scalar
)

var kindNames = []struct {
	kind       kinds
	name, want string
}{
	{str, "string", "text"},
	{integer, "integer", "a whole number"},
	{number, "number", "a number"},
	{boolean, "boolean", "true or false"},
	{array, "array", "a list"},
	{object, "object", "a mapping"},
	{null, "null", ""},
}

// UnmarshalJSON reads a name or a list of names.
func (k *kinds) UnmarshalJSON(b []byte) error {
	var names []string
	if len(b) > 0 && b[0] == '"' {
		names = []string{""}
		if err := json.Unmarshal(b, &names[0]); err != nil {
			return err
		}
	} else if err := json.Unmarshal(b, &names); err != nil {
		return err
	}
	for _, name := range names {
		found := false
		for _, known := range kindNames {
			if known.name == name {
				*k |= known.kind
				found = true
			}
		}
		if !found {
			return fmt.Errorf("there is no type %q", name)
		}
	}
	return nil
}

// String names what is wanted, for messages.
func (k kinds) String() string {
	if k&str != 0 { // what CloudFormation takes as text, it takes in any form
		k &^= integer | number | boolean
	}
	if k&number != 0 {
		k &^= integer
	}
	var wants []string
	for _, known := range kindNames {
		if k&known.kind != 0 && known.want != "" {
			wants = append(wants, known.want)
		}
	}
	return strings.Join(wants, " or ")
}

// accepts reports whether a result whose exact value is not known can stand where k
// is wanted: every scalar is coerced into every other.
func (k kinds) accepts(result kinds) bool {
	return k == 0 || k&result != 0 || k&scalar != 0 && result&scalar != 0
}

// literal is the text of a scalar as CloudFormation reads it; ok is false for
// anything else.
func literal(v any) (s string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case cfn.Plain:
		return string(v), true
	case bool:
		return strconv.FormatBool(v), true
	case int:
		return strconv.Itoa(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

// holds reports whether a literal can be coerced into one of k, as cfn-lint does it
// outside of its strict mode, and so as CloudFormation does. A boolean is no number.
//
// https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md (E3012)
func (k kinds) holds(v any, s string) bool {
	if k == 0 || k&str != 0 {
		return true
	}
	truth := isBoolean(v, s)
	if k&boolean != 0 && truth {
		return true
	}
	if truth {
		return false
	}
	if k&number != 0 {
		_, ok := parseNumber(s)
		return ok
	}
	return k&integer != 0 && isInteger(v, s)
}

// isBoolean reports whether v is a boolean or a text that is read as one. What a
// user wrote without quotes is read as YAML 1.1.
//
// https://yaml.org/type/bool.html
func isBoolean(v any, s string) bool {
	switch s {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return true
	case "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF":
		_, plain := v.(cfn.Plain)
		return plain
	}
	return false
}

func isInteger(v any, s string) bool {
	switch v := v.(type) {
	case int:
		return true
	case float64:
		return v == float64(int64(v))
	case cfn.Plain:
		f, ok := parseNumber(strings.ReplaceAll(string(v), "_", ""))
		return ok && f == float64(int64(f)) || isBased(string(v))
	}
	digits := strings.TrimLeft(strings.TrimSpace(s), "+-")
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}

// isBased reports whether a plain scalar is an integer of another base.
func isBased(s string) bool {
	_, err := strconv.ParseInt(s, 0, 64)
	return err == nil
}

func parseNumber(s string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return f, err == nil
}

// text is a scalar of a schema, as text.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	*t = text(b)
	return nil
}

// texts are scalars of a schema, as texts.
type texts []text

// has reports whether s is one of them; booleans are equal in any letter case.
func (ts texts) has(s string, fold bool) bool {
	for _, t := range ts {
		if string(t) == s || fold && strings.EqualFold(string(t), s) {
			return true
		}
	}
	return !fold && len(s) <= len("false") && (strings.EqualFold(s, "true") || strings.EqualFold(s, "false")) && ts.has(s, true)
}
