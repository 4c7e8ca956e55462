package stack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// choice is a value in one environment: text (also an intrinsic), a number, a pointer
// to a property, or nil where there is none.
type choice struct {
	environment string
	value       any
}

// The mappings of a function's template. Further ones are numbered from 2.
const (
	settingsMapping  = "Settings"
	variablesMapping = "Variables"
)

// choose is the value of a property by environment: itself where it is the same
// in all of them, a look-up where it is a literal in each, else a conditional.
// It is nil where no environment has a value.
func (b *builder) choose(mapping, key string, choices []choice) any {
	if len(choices) == 0 {
		return nil // `only` selects nothing, which was reported
	}
	same, literal := true, true
	for _, c := range choices {
		same = same && c.value == choices[0].value
		literal = literal && isLiteral(c.value)
	}
	switch {
	case same:
		return choices[0].value
	case literal:
		return b.lookUp(mapping, key, choices)
	}
	return b.decide(choices)
}

// isLiteral reports whether a mapping can hold the value.
func isLiteral(value any) bool {
	switch value := value.(type) {
	case int:
		return true
	case string:
		return !cfn.IsIntrinsic(value)
	}
	return false
}

// table is a mapping while it is filled: environment -> key -> value.
type table struct {
	name string
	keys int
	rows map[string]cfn.Map
}

// lookUp puts the values into a mapping that has room and reads them from it.
func (b *builder) lookUp(mapping, key string, choices []choice) string {
	number := 1
	name := mapping
	for {
		t := b.table(name)
		if t.keys < model.MaxMappingKeys {
			t.keys++
			for _, c := range choices {
				t.rows[c.environment] = append(t.rows[c.environment], cfn.Entry{Key: key, Value: c.value})
			}
			return cfn.FindInMap(name, cfn.Ref(environmentParameter), key)
		}
		number++
		name = fmt.Sprint(mapping, number)
	}
}

func (b *builder) table(name string) *table {
	for _, t := range b.tables {
		if t.name == name {
			return t
		}
	}
	t := &table{name: name, rows: map[string]cfn.Map{}}
	b.tables = append(b.tables, t)
	return t
}

// decide reads the value by conditions on the environment, in their order. The most
// frequent value stands behind all conditions.
func (b *builder) decide(choices []choice) string {
	rest := mostFrequent(choices)
	value := orNone(rest)
	for _, c := range slices.Backward(choices) {
		if c.value != rest {
			value = cfn.If(b.isEnvironment(c.environment), orNone(c.value), value)
		}
	}
	return value.(string)
}

// mostFrequent is the value of most choices, of equals the first.
func mostFrequent(choices []choice) any {
	count := map[any]int{}
	for _, c := range choices {
		count[c.value]++
	}
	most := choices[0].value
	for _, c := range choices {
		if count[c.value] > count[most] {
			most = c.value
		}
	}
	return most
}

func orNone(value any) any {
	if value == nil {
		return cfn.NoValue
	}
	return value
}

// isEnvironment is the condition that holds in one environment.
func (b *builder) isEnvironment(name string) string {
	id := "Is" + model.LogicalID(name)
	b.conditions[id] = cfn.Equals(cfn.Ref(environmentParameter), name)
	return id
}

// sections writes the mappings and conditions that were asked for.
func (b *builder) sections() {
	for _, t := range b.tables {
		m := cfn.Mapping{Name: t.name}
		for _, environment := range b.environments {
			row := t.rows[environment]
			slices.SortFunc(row, func(x, y cfn.Entry) int { return strings.Compare(x.Key, y.Key) })
			m.Rows = append(m.Rows, cfn.MappingRow{Key: environment, Values: row})
		}
		b.template.Mappings = append(b.template.Mappings, m)
	}
	for _, name := range sorted(b.conditions) {
		b.template.Conditions = append(b.template.Conditions, cfn.Condition{Name: name, Expr: b.conditions[name]})
	}
}

// mappingKey writes a variable's name as a key of a mapping, which is alphanumeric
// only. Letters and digits stand for themselves, but for x, which announces the
// two hexadecimal digits of any other byte: LOG_LEVEL is LOGx5FLEVEL.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html
func mappingKey(name string) string {
	var key strings.Builder
	for i := range len(name) {
		c := name[i]
		if c >= 'a' && c <= 'z' && c != 'x' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			key.WriteByte(c)
		} else {
			fmt.Fprintf(&key, "x%02X", c)
		}
	}
	return key.String()
}

// setting is a number or switch of a function that an environment may override.
type setting struct {
	name      string // of the property
	versioned bool   // a change needs a new version
	read      func(s model.Settings) source.Field[int]
}

// The settings. A version holds those that Lambda publishes with the code.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
var (
	memorySetting      = setting{"MemorySize", true, func(s model.Settings) source.Field[int] { return s.Memory }}
	timeoutSetting     = setting{"Timeout", true, func(s model.Settings) source.Field[int] { return s.Timeout }}
	storageSetting     = setting{"EphemeralStorage", true, func(s model.Settings) source.Field[int] { return s.Storage }}
	concurrencySetting = setting{"ReservedConcurrentExecutions", false, func(s model.Settings) source.Field[int] { return s.Concurrency }}
	retentionSetting   = setting{"RetentionInDays", false, func(s model.Settings) source.Field[int] { return s.LogRetention }}
	tracingSetting     = setting{"TracingConfig", true, tracing}

	settings = []setting{memorySetting, timeoutSetting, storageSetting, concurrencySetting, retentionSetting, tracingSetting}
)

// defaultStorage is what Lambda gives where nobody says more, in MB.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
const defaultStorage = model.MinStorage

// tracing reads the switch as a number, so that all settings are alike.
func tracing(s model.Settings) source.Field[int] {
	f := source.Field[int]{Place: s.Tracing.Place, Set: s.Tracing.Set}
	if s.Tracing.Value {
		f.Value = 1
	}
	return f
}

// values are the setting's values by environment.
func (s setting) values(fn *model.Function, environments []string) []choice {
	choices := make([]choice, 0, len(environments))
	for _, environment := range environments {
		c := choice{environment: environment}
		if field := s.read(effective(fn, environment)); field.Set {
			c.value = field.Value
		}
		choices = append(choices, c)
	}
	return choices
}

// effective are the function's settings in one environment.
func effective(fn *model.Function, environment string) model.Settings {
	settings := fn.Settings.Over(model.DefaultSettings)
	if o := override(fn, environment); o != nil {
		settings = o.Settings.Over(settings)
	}
	return settings
}

func override(fn *model.Function, environment string) *model.Override {
	for i := range fn.Overrides {
		if fn.Overrides[i].Environment == environment {
			return &fn.Overrides[i]
		}
	}
	return nil
}

// variable is the node of an environment variable in one environment, or nil.
func variable(fn *model.Function, environment, name string) *source.Node {
	if o := override(fn, environment); o != nil {
		if n := find(o.Variables, name); n != nil {
			return n
		}
	}
	return find(fn.Environment, name)
}

func find(variables []model.Variable, name string) *source.Node {
	for _, v := range variables {
		if v.Name == name {
			return v.Value
		}
	}
	return nil
}

// variableNames are the names of all variables in any of the environments, sorted.
func variableNames(fn *model.Function, environments []string) []string {
	names := map[string]bool{}
	for _, v := range fn.Environment {
		names[v.Name] = true
	}
	for _, environment := range environments {
		if o := override(fn, environment); o != nil {
			for _, v := range o.Variables {
				names[v.Name] = true
			}
		}
	}
	return sorted(names)
}
