package cfn

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
)

// An encoded intrinsic is NUL, a mark, and then
//
//	for Ref, GetAtt and Sub without variables: the text and a closing NUL,
//	for any other: the full name, NUL and the argument as appendValue writes it.
//
// Both forms know where they end, so that an intrinsic that was concatenated with
// text is noticed instead of being read as another one.
const (
	markRef    = 'R'
	markGetAtt = 'A'
	markSub    = 'S'
	markCall   = '('
)

// The marks of an argument's values. Lengths are uvarints.
const (
	markText  = 's' // length, bytes
	markPlain = 'p' // length, bytes
	markInt   = 'i' // varint
	markFloat = 'd' // 8 bytes
	markTrue  = 't'
	markFalse = 'f'
	markNull  = 'n'
	markList  = 'l' // length, values
	markMap   = 'm' // length, keys (length, bytes) and values
	markError = 'e' // length, bytes
)

// Intrinsic is a decoded intrinsic: its full name and its argument as a tree
// (see Tree), in which strings may be encoded intrinsics again.
type Intrinsic struct {
	Name     string // "Ref", "Condition", "Fn::GetAtt", …
	Argument any    // of Fn::GetAtt always a list of two; of Fn::Sub a text, or a list of text and Map
}

// Decode reads an encoded intrinsic; ok is false for any other text and for one
// that was damaged, for example by putting text behind it.
func Decode(s string) (i Intrinsic, ok bool) {
	if strings.HasPrefix(s, "\x00(") {
		return decodeCall(s)
	}
	mark, text, ok := leafOf(s)
	switch {
	case !ok:
		return Intrinsic{}, false
	case mark == markRef:
		return Intrinsic{fnRef, text}, true
	case mark == markSub:
		return Intrinsic{fnSub, text}, true
	}
	id, attribute, _ := strings.Cut(text, ".")
	return Intrinsic{fnGetAtt, []any{id, attribute}}, true
}

func leaf(mark byte, text string) string {
	b := make([]byte, 0, len(text)+3)
	b = append(b, 0, mark)
	b = append(b, text...)
	return string(append(b, 0))
}

// leafOf is the mark and the text of a Ref, GetAtt or Sub.
func leafOf(s string) (mark byte, text string, ok bool) {
	if len(s) < 3 || s[0] != 0 || s[1] != markRef && s[1] != markGetAtt && s[1] != markSub {
		return 0, "", false
	}
	mark, text = s[1], s[2:]
	end := len(text) - 1
	return mark, text[:end], strings.IndexByte(text, 0) == end
}

func decodeCall(s string) (Intrinsic, bool) {
	name, rest, found := strings.Cut(s[2:], "\x00")
	if !found {
		return Intrinsic{}, false
	}
	d := decoder{rest: rest}
	argument := d.value()
	if d.damaged || d.rest != "" {
		return Intrinsic{}, false
	}
	return Intrinsic{name, argument}, true
}

// appendValue encodes a tree.
func appendValue(b []byte, x any) []byte {
	switch x := x.(type) {
	case nil:
		return append(b, markNull)
	case string:
		return appendText(append(b, markText), x)
	case Plain:
		return appendText(append(b, markPlain), string(x))
	case bool:
		if x {
			return append(b, markTrue)
		}
		return append(b, markFalse)
	case int:
		return binary.AppendVarint(append(b, markInt), int64(x))
	case float64:
		return binary.BigEndian.AppendUint64(append(b, markFloat), math.Float64bits(x))
	case []any:
		b = binary.AppendUvarint(append(b, markList), uint64(len(x)))
		for _, item := range x {
			b = appendValue(b, item)
		}
		return b
	case Map:
		b = binary.AppendUvarint(append(b, markMap), uint64(len(x)))
		for _, e := range x {
			b = appendValue(appendText(b, e.Key), e.Value)
		}
		return b
	case error:
		return appendText(append(b, markError), x.Error())
	}
	return appendValue(b, diag.Bugf("a tree holds a %T", x))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

type decoder struct {
	rest    string
	damaged bool
}

func (d *decoder) value() any {
	if d.rest == "" {
		d.damaged = true
		return nil
	}
	mark := d.rest[0]
	d.rest = d.rest[1:]
	switch mark {
	case markNull:
		return nil
	case markText:
		return d.text()
	case markPlain:
		return Plain(d.text())
	case markTrue, markFalse:
		return mark == markTrue
	case markInt:
		return int(d.varint())
	case markFloat:
		return math.Float64frombits(binary.BigEndian.Uint64([]byte(d.bytes(8))))
	case markList:
		list := make([]any, d.length())
		for i := range list {
			list[i] = d.value()
		}
		return list
	case markMap:
		m := make(Map, d.length())
		for i := range m {
			m[i].Key = d.text()
			m[i].Value = d.value()
		}
		return m
	case markError:
		return errors.New(d.text())
	}
	d.damaged = true
	return nil
}

func (d *decoder) text() string { return d.bytes(d.length()) }

func (d *decoder) bytes(n int) string {
	if n > len(d.rest) {
		d.damaged = true
		return strings.Repeat("\x00", min(n, 8))
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

// length reads a count, which is never more than the bytes that are left.
func (d *decoder) length() int {
	var n uint64
	for shift := 0; d.rest != "" && shift < 64; shift += 7 {
		c := d.rest[0]
		d.rest = d.rest[1:]
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			if n > uint64(len(d.rest)) {
				break
			}
			return int(n)
		}
	}
	d.damaged = true
	return 0
}

func (d *decoder) varint() int64 {
	var n uint64
	for shift := 0; d.rest != "" && shift < 64; shift += 7 {
		c := d.rest[0]
		d.rest = d.rest[1:]
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return int64(n>>1) ^ -int64(n&1)
		}
	}
	d.damaged = true
	return 0
}
