package diff_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAPropertyIsToldAsDeepAsItDiffers(t *testing.T) {
	for _, c := range []struct {
		name, before, after string
		want                []string
	}{
		{"a number that is text", "{A: 256}", "{A: '256'}", nil},
		{"another order of keys", "{A: 1, B: {C: 2, D: 3}}", "{B: {D: 3, C: 2}, A: 1}", nil},
		{"a value below", "{A: {B: {C: 1}}}", "{A: {B: {C: 2}}}", []string{"A.B.C: 1 → 2"}},
		{"something more", "{A: 1}", "{A: 1, B: {C: 2}}", []string{"B.C: nothing → 2"}},
		{"something less", "{A: 1, B: [x]}", "{A: 1}", []string{"B[0]: x → nothing"}},
		{"empty and nothing", "{A: 1}", "{A: 1, B: {}, C: []}", []string{"B: nothing → {}", "C: nothing → []"}},
		{"an item in between", "{A: [a, b, c]}", "{A: [a, x, b, c]}", []string{"A[1]: nothing → x"}},
		{"an item with a name", "{A: [{Key: a, Value: 1}, {Key: b, Value: 2}]}", "{A: [{Key: b, Value: 3}, {Key: a, Value: 1}]}", []string{"A[b].Value: 2 → 3"}},
		{"an item with a name more", "{A: [{Name: a, Value: 1}]}", "{A: [{Name: a, Value: 1}, {Name: b, Value: {C: x}}]}", []string{`A[b]: nothing → {"Value": {"C": "x"}}`}},
		{"the order of names", "{A: [{Name: a}, {Name: b}]}", "{A: [{Name: b}, {Name: a}]}", []string{`A: [{"Name": "a"}, {"Name": "b"}] → [{"Name": "b"}, {"Name": "a"}]`}},
		{"a name twice", "{A: [{Name: a, B: 1}, {Name: a, B: 2}]}", "{A: [{Name: a, B: 1}, {Name: a, B: 3}]}", []string{"A[1].B: 2 → 3"}},
		{"another shape", "{A: x}", "{A: [x]}", []string{`A: x → ["x"]`}},
		{"an account", "{A: x}", "{A: !Ref AWS::AccountId}", []string{"A: x → <account>"}},
	} {
		resources := func(properties string) string {
			return "Resources:\n  Thing:\n    Type: Acme::Shop::Thing\n    Properties: " + properties + "\n"
		}
		var got []string
		if r := resource(between(t, resources(c.before), resources(c.after)), "Thing"); r != nil {
			for _, p := range r.Properties {
				got = append(got, p.Path+": "+textOf(p.Before)+" → "+textOf(p.After))
			}
		}
		assert.Equal(t, c.want, got, c.name)
	}
}
