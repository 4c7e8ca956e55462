package cfn

// A value of a template is one of: string (a literal, or an encoded intrinsic),
// [Plain], bool, int, float64, []any, [Map], a [Valuer], or a struct, slice or map
// of those that encoding/json tags describe, such as goformation's.

// Plain is a user's unquoted scalar, kept as written: 0123, 1.10, no.
type Plain string

// Map is a mapping that keeps its order.
type Map []Entry

// Entry is one key and value of a Map.
type Entry struct {
	Key   string
	Value any
}

// Valuer is a type that says itself what it is in a template, such as an IAM
// policy document. It returns any value of a template, or an error that Render
// passes on.
type Valuer interface{ TemplateValue() any }

// Get returns the value at key, or nil.
func (m Map) Get(key string) any {
	for _, e := range m {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// few is the number of keys up to which comparing each with each is quickest.
const few = 12

// duplicate finds a key that stands in the mapping twice.
func (m Map) duplicate() (string, bool) {
	if len(m) > few {
		seen := make(map[string]bool, len(m))
		for _, e := range m {
			if seen[e.Key] {
				return e.Key, true
			}
			seen[e.Key] = true
		}
		return "", false
	}
	for i := range m {
		for j := range i {
			if m[i].Key == m[j].Key {
				return m[i].Key, true
			}
		}
	}
	return "", false
}

// Ptr is the address of a copy of v, for goformation's optional fields.
func Ptr[T any](v T) *T { return &v }
