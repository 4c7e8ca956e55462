package cfn

// A value of a template is one of: string (a literal, or an encoded intrinsic),
// [Plain], bool, int, float64, []any, [Map], or a struct, slice or map of those
// that encoding/json tags describe, such as goformation's.

// Plain is a user's unquoted scalar, kept as written: 0123, 1.10, no.
type Plain string

// Map is a mapping that keeps its order.
type Map []Entry

// Entry is one key and value of a Map.
type Entry struct {
	Key   string
	Value any
}

// Get returns the value at key, or nil.
func (m Map) Get(key string) any {
	for _, e := range m {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// Ptr is the address of a copy of v, for goformation's optional fields.
func Ptr[T any](v T) *T { return &v }
