package cfn

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/awslabs/goformation/v7/cloudformation/tags"
)

// shape is what the walk needs to know of a type, worked out once per process.
type shape struct {
	typ    reflect.Type
	valuer bool // the type, or a pointer to it, is a Valuer

	once   sync.Once
	elem   *shape  // of a pointer, list or map: what it holds
	fields []field // of a struct, in the order of writing
	hidden []int   // of a struct: the fields that json:"-" leaves out
}

// field is one field of a struct that is written.
type field struct {
	index    int
	key      string
	text     []byte // the key as it is written, with its colon
	omit     bool   // left out when empty
	required bool   // may not be empty
	shape    *shape
}

var (
	shapes     sync.Map // reflect.Type -> *shape
	typeValuer = reflect.TypeFor[Valuer]()
	typePlain  = reflect.TypeFor[Plain]()
	typeTag    = reflect.TypeFor[tags.Tag]()
)

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := &shape{typ: t, valuer: t.Implements(typeValuer) ||
		t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(typeValuer)}
	actual, _ := shapes.LoadOrStore(t, s)
	return actual.(*shape)
}

// element is the shape of what a pointer, list or map holds. It is filled in on
// first use, as are a struct's fields: some types hold themselves.
func (s *shape) element() *shape {
	s.once.Do(func() { s.elem = shapeOf(s.typ.Elem()) })
	return s.elem
}

// structure is the fields of a struct.
func (s *shape) structure() []field {
	s.once.Do(func() {
		for i := range s.typ.NumField() {
			f := s.typ.Field(i)
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case !f.IsExported():
			case name == "-":
				s.hidden = append(s.hidden, i)
			default:
				omit := strings.Contains(options, "omitempty")
				if s.typ == typeTag {
					omit = false // a tag without a value is a tag
				}
				s.fields = append(s.fields, field{
					index:    i,
					key:      cmp.Or(name, f.Name),
					text:     keyText(cmp.Or(name, f.Name)),
					omit:     omit,
					required: !omit && !(s.typ == typeTag && f.Name == "Value"),
					shape:    shapeOf(f.Type),
				})
			}
		}
		slices.SortStableFunc(s.fields, func(a, b field) int { return rank(a.key) - rank(b.key) })
	})
	return s.fields
}

func keyText(key string) []byte {
	var w writer
	w.key(key, 0)
	return w.buf
}

// order is the keys that a reader looks for first; others follow as the struct
// has them, which in goformation is the order of the alphabet, and tags come last.
var order = []string{
	"Sid", "Id", "Key", "Name",
	"FunctionName", "RoleName", "PolicyName", "ManagedPolicyName", "BucketName", "QueueName", "TopicName",
	"LogGroupName", "RepositoryName", "RuleName", "ConfigRuleName", "AliasName", "StageName",
	"Path", "Description", "TemplateURL", "Type", "Runtime", "Handler", "PackageType", "Code", "Role",
}

var ranks = func() map[string]int {
	m := map[string]int{"Tags": len(order) + 1}
	for i, key := range order {
		m[key] = i
	}
	return m
}()

func rank(key string) int {
	if r, ok := ranks[key]; ok {
		return r
	}
	return len(order)
}

// empty is what omitempty leaves out: the zero value, and a list or map without
// items. A pointer to a zero value is not empty.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	default:
		return v.IsZero()
	}
}

// missing reports whether a required field was left unset: a number or a boolean
// cannot be.
func missing(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Slice:
		return v.Len() == 0
	case reflect.Pointer, reflect.Map:
		return v.IsNil()
	case reflect.Interface:
		if v.IsNil() {
			return true
		}
		e := v.Elem()
		return e.Kind() == reflect.String && e.Len() == 0
	}
	return false
}
