package cfn

import "reflect"

// Late binds an intrinsic to a field that cannot hold a string: a number, a
// boolean, a list, a struct. Bind after the last append to the slice that holds
// the field, because an append moves it. A binding whose field is not part of the
// template is an error of Render.
func Late[T any](t *Template, field *T, intrinsic string) {
	t.late.add(field, reflect.ValueOf(field).Pointer(), intrinsic)
}

// bindings are the late values of a template.
//
// A binding is found again by the pointer to its field, which has the field's
// type beside its address: a struct and its first field share an address. The map
// also keeps the field alive, so that no other field can take its address.
type bindings struct {
	byField map[any]binding
	seen    uint64 // a bit for each address, which spares most fields the look-up
}

// binding is an intrinsic in the place of a field's value.
type binding struct {
	intrinsic string
	index     int // in the order of binding, for the renderer's account of those met
}

func bit(address uintptr) uint64 { return 1 << (address >> 3 & 63) }

func (bs *bindings) add(field any, address uintptr, intrinsic string) {
	if bs.byField == nil {
		bs.byField = map[any]binding{}
	}
	index := len(bs.byField)
	if earlier, ok := bs.byField[field]; ok {
		index = earlier.index
	}
	bs.byField[field] = binding{intrinsic, index}
	bs.seen |= bit(address)
}

func (bs *bindings) none() bool { return bs.seen == 0 }

// at is the binding of an addressable value.
func (bs *bindings) at(v reflect.Value) (binding, bool) {
	if bs.seen&bit(v.UnsafeAddr()) == 0 {
		return binding{}, false
	}
	b, ok := bs.byField[v.Addr().Interface()]
	return b, ok
}
