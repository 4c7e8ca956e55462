package cfn

import (
	"errors"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// writer appends YAML to a buffer while it walks the values.
//
// A value is written behind what introduces it, "Key:", "-" or a tag, and ends
// its line. indent is the column at which its own entries or items stand.
type writer struct {
	buf   []byte
	ascii bool // nothing else is written
	late  bindings
	met   []bool   // by the index of the binding
	room  Map      // for the entries of one parameter, output or resource at a time
	err   error    // the first one: nothing is written after it
	path  []string // the keys from that value up to the template
}

// place is what introduces a value.
type place int

const (
	afterKey  place = iota // entries and items begin on the next line
	afterDash              // the first entry stands on the line of the dash
)

// fail ends the writing.
func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// failed is asked behind every value: on the way out of the walk it collects the
// keys that lead to what failed.
func (w *writer) failed(key string) bool {
	if w.err == nil {
		return false
	}
	w.path = append(w.path, key)
	return true
}

// failure says what failed and where.
func (w *writer) failure() string {
	what := w.err.Error()
	var bug diag.Bug
	if errors.As(w.err, &bug) {
		what = bug.What
	}
	if len(w.path) == 0 {
		return what
	}
	slices.Reverse(w.path)
	return strings.Join(w.path, ".") + ": " + what
}

const blanks = "                                                                "

func (w *writer) spaces(n int) {
	for n > len(blanks) {
		w.buf = append(w.buf, blanks...)
		n -= len(blanks)
	}
	w.buf = append(w.buf, blanks[:n]...)
}

// begin starts the line of an entry or item.
func (w *writer) begin(indent int, at place, first bool) {
	switch {
	case !first:
		w.spaces(indent)
	case at == afterDash:
		w.buf = append(w.buf, ' ')
	default:
		w.buf = append(w.buf, '\n')
		w.spaces(indent)
	}
}

// maxSimpleKey is the length past which a key needs the explicit form; YAML's
// own limit for the simple one is 1,024 characters.
const maxSimpleKey = 1000

func (w *writer) key(key string, indent int) {
	start := len(w.buf)
	w.scalar(key, 0, inKey)
	if len(w.buf)-start > maxSimpleKey {
		w.buf = append(w.buf[:start], "? "...)
		w.scalar(key, 0, inKey)
		w.buf = append(w.buf, '\n')
		w.spaces(indent)
	}
	w.buf = append(w.buf, ':')
}

func (w *writer) line(s string) {
	w.buf = append(w.buf, ' ')
	w.buf = append(w.buf, s...)
	w.buf = append(w.buf, '\n')
}

func (w *writer) value(x any, indent int, at place) {
	switch x := x.(type) {
	case nil:
		w.fail(diag.Bugf("a null, which CloudFormation refuses"))
	case string:
		w.text(x, indent, at)
	case Plain:
		w.buf = append(w.buf, ' ')
		w.plainScalar(string(x), indent, inBlock)
		w.buf = append(w.buf, '\n')
	case bool:
		w.line(strconv.FormatBool(x))
	case int:
		w.integer(int64(x))
	case float64:
		w.float(x)
	case Valuer:
		w.value(valued(x), indent, at)
	case Map:
		w.mapping(x, indent, at)
	case []any:
		w.list(x, indent, at)
	case []string:
		if !w.late.none() {
			v := reflect.ValueOf(x)
			w.reflectedList(v, shapeOf(v.Type()), indent, at) // an item may be late
			return
		}
		w.texts(x, indent, at)
	case error:
		w.fail(x)
	case map[string]string:
		w.textMap(x, indent, at)
	default:
		v := reflect.ValueOf(x)
		w.reflected(v, shapeOf(v.Type()), indent, at)
	}
}

func (w *writer) integer(n int64) {
	w.buf = append(w.buf, ' ')
	w.buf = strconv.AppendInt(w.buf, n, 10)
	w.buf = append(w.buf, '\n')
}

func (w *writer) float(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		w.fail(diag.Bugf("%v is no number of a template", f))
		return
	}
	w.buf = append(w.buf, ' ')
	w.buf = strconv.AppendFloat(w.buf, f, 'f', -1, 64)
	w.buf = append(w.buf, '\n')
}

// text writes a literal or an intrinsic.
func (w *writer) text(s string, indent int, at place) {
	if IsIntrinsic(s) {
		w.intrinsic(s, indent, at)
		return
	}
	w.buf = append(w.buf, ' ')
	w.scalar(s, indent, inBlock)
	w.buf = append(w.buf, '\n')
}

func (w *writer) mapping(m Map, indent int, at place) {
	if len(m) == 0 {
		w.line("{}")
		return
	}
	if len(m) == 1 {
		w.guard(m[0].Key, m[0].Value)
	}
	if key, found := m.duplicate(); found {
		w.fail(diag.Bugf("the key %q stands twice in one mapping", key))
	}
	for i, e := range m {
		w.begin(indent, at, i == 0)
		w.entry(e.Key, e.Value, indent)
		if w.failed(e.Key) {
			return
		}
	}
}

// entry writes one key and its value, the start of the line excepted.
func (w *writer) entry(key string, value any, indent int) {
	w.key(key, indent)
	w.value(value, indent+2, afterKey)
}

// guard refuses a mapping that CloudFormation would take for a function: such a
// name, of an environment variable for example, can only come from a user.
func (w *writer) guard(key string, value any) {
	switch {
	case strings.HasPrefix(key, "Fn::"):
	case key == fnRef:
		switch value.(type) {
		case string, Plain:
		default:
			return
		}
	default:
		return
	}
	w.fail(diag.Bugf("a mapping of the one key %q would be read as a function", key))
}

func (w *writer) list(items []any, indent int, at place) {
	if len(items) == 0 {
		w.line("[]")
		return
	}
	for i, item := range items {
		w.begin(indent, at, i == 0)
		w.buf = append(w.buf, '-')
		w.value(item, indent+2, afterDash)
		if w.err != nil {
			return
		}
	}
}

func (w *writer) texts(items []string, indent int, at place) {
	if len(items) == 0 {
		w.line("[]")
		return
	}
	for i := range items {
		w.begin(indent, at, i == 0)
		w.buf = append(w.buf, '-')
		w.text(items[i], indent+2, afterDash)
	}
}

// textMap writes the commonest map, such as a function's variables.
func (w *writer) textMap(m map[string]string, indent int, at place) {
	if len(m) == 0 {
		w.line("{}")
		return
	}
	for i, key := range slices.Sorted(maps.Keys(m)) {
		if len(m) == 1 {
			w.guard(key, m[key])
		}
		w.begin(indent, at, i == 0)
		w.key(key, indent)
		w.text(m[key], indent+2, afterKey)
		if w.failed(key) {
			return
		}
	}
}
