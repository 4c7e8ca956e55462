package cfn

import "reflect"

// lateKey is the address of a field and its type: a struct and its first field
// share an address.
type lateKey struct {
	address uintptr
	typ     reflect.Type
}

// Late binds an intrinsic to a field that cannot hold a string: a number, a
// boolean, a list, a struct. Bind after the last append to the slice that holds
// the field, because an append moves it.
func Late[T any](t *Template, field *T, intrinsic string) { panic("unwritten") }
