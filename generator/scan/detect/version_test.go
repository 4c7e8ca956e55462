package detect

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
)

func TestVersionRangesMeanWhatTheirManifestsMean(t *testing.T) {
	for _, c := range []struct {
		text     string
		admits   []version // a release of
		excludes []version
	}{
		{"22", []version{{22, 0, 0}, {22, 9, 9}}, []version{{21, 9, 9}, {23}}},
		{"v22.11.0", []version{{22, 11, 0}}, []version{{22, 11, 1}, {22, 10, 9}}},
		{"22.x", []version{{22, 5}}, []version{{23}}},
		{"*", []version{{1}, {99}}, nil},
		{">=18", []version{{18}, {24}}, []version{{17, 9}}},
		{">18", []version{{19}}, []version{{18, 5}}},
		{"<=22", []version{{22, 9}}, []version{{23}}},
		{">=20 <23", []version{{20}, {22, 9}}, []version{{23}, {19}}},
		{">= 20, < 23", []version{{20}}, []version{{23}}},
		{"18 - 22", []version{{18}, {22, 5}}, []version{{23}, {17}}},
		{"^22.1.0 || ^24", []version{{22, 2}, {24, 3}}, []version{{23}, {22, 0, 5}, {25}}},
		{"~22", []version{{22, 5}}, []version{{23}}},
		{"~22.3.1", []version{{22, 3, 9}}, []version{{22, 4}}},
		{"==3.12.*", []version{{3, 12, 4}}, []version{{3, 13}}},
		{">=3.11,<3.14,!=3.12.1", []version{{3, 13}}, []version{{3, 14}, {3, 10}}},
		{"~=3.12", []version{{3, 12}, {3, 14}}, []version{{4}, {3, 11}}},
		{"~=3.12.0", []version{{3, 12, 5}}, []version{{3, 13}}},
		{"~> 3.3", []version{{3, 3}, {3, 4}}, []version{{4}}},
		{"~> 3.3.0", []version{{3, 3, 9}}, []version{{3, 4}}},
		{"3.12.0rc1", []version{{3, 12, 0}}, nil},
	} {
		r := parseRange(c.text)
		for _, v := range c.admits {
			assert.True(t, r.overlaps(v, version{v[0], v[1], v[2] + 1}), "%s admits %v", c.text, v)
		}
		for _, v := range c.excludes {
			assert.False(t, r.overlaps(v, version{v[0], v[1], v[2] + 1}), "%s excludes %v", c.text, v)
		}
	}
}

func TestWhatIsNoVersionRangeSaysNothing(t *testing.T) {
	for _, text := range []string{"", "node", "lts/*", "latest", "system", "pypy3.10-7.3", ">=", "- 3", "3 -", "|| ||", "workspace:*"} {
		assert.Nil(t, parseRange(text), text)
	}
}

func FuzzVersionRange(f *testing.F) {
	for _, text := range []string{"22", ">=20 <23 || ^24", "18 - 22", "~> 3.3.0", "==3.12.*", "v1.2.3-rc.1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, i := range parseRange(text) {
			assert.True(t, i.from.less(i.to), "an interval holds something")
		}
	})
}

func TestTheFirstPinCountsWherePinsContradictEachOther(t *testing.T) {
	pins := []pin{{what: "a", text: "22", allow: parseRange("22")}, {what: "b", text: "24", allow: parseRange("24")}}
	c := nodeFamily.choose(pins, model.Choice{})
	assert.Equal(t, "nodejs22.x", c.Value)
	assert.Equal(t, "a 22", c.Evidence)
}

func TestTheDefaultIsTheFirstOfEachFamily(t *testing.T) {
	for family, want := range map[*family]string{
		&nodeFamily: "nodejs24.x", &pythonFamily: "python3.14", &javaFamily: "java25", &dotnetFamily: "dotnet10", &rubyFamily: "ruby3.4",
	} {
		c := family.choose(nil, model.Choice{Evidence: "app", Place: diag.Place{File: "app"}})
		assert.Equal(t, model.Choice{Value: want, Origin: model.Detected, Evidence: "app", Place: diag.Place{File: "app"}}, c)
		assert.True(t, knownRuntime(want))
	}
}

func TestRuntimesAreKnownByTheirShape(t *testing.T) {
	for _, id := range []string{"nodejs24.x", "nodejs99.x", "python3.15", "java8.al2", "dotnetcore3.1", "dotnet10", "ruby4.0", "provided", "provided.al2023"} {
		assert.True(t, knownRuntime(id), id)
	}
	for _, id := range []string{"", "nodejs24", "node24.x", "python3", "python", "java", "go1.x", "PYTHON3.14", "provided.", "nodejs24.x\n"} {
		assert.False(t, knownRuntime(id), id)
	}
}
