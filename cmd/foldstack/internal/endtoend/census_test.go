package endtoend

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type census map[string]json.RawMessage

// of is what there is of one kind in a place, by name.
func (c census) of(place, kind string) map[string]json.RawMessage {
	found := map[string]json.RawMessage{}
	for key, thing := range c {
		if name, ok := strings.CutPrefix(key, place+"/"+kind+"/"); ok {
			found[name] = thing
		}
	}
	return found
}

// get reads one thing that has to be there.
func get[T any](t *testing.T, c census, key string) T {
	t.Helper()
	var thing T
	require.Contains(t, c, key)
	require.NoError(t, json.Unmarshal(c[key], &thing))
	return thing
}

// since tells what became of everything, a line for each: + came, - went, ~ changed.
func (c census) since(before census) string {
	var lines []string
	for key, thing := range c {
		old, there := before[key]
		switch {
		case freight.MatchString(key):
		case !there:
			lines = append(lines, "+ "+plain(key))
		case !bytes.Equal(old, thing):
			lines = append(lines, "~ "+plain(key)+": "+strings.Join(changes(old, thing), ", "))
		}
	}
	for key := range before {
		if _, there := c[key]; !there && !freight.MatchString(key) {
			lines = append(lines, "- "+plain(key))
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[2:]+a[:1], b[2:]+b[:1]) })
	return strings.Join(lines, "\n") + "\n"
}

// changes names the members in which two descriptions differ.
func changes(old, now json.RawMessage) []string {
	var a, b map[string]json.RawMessage
	if json.Unmarshal(old, &a) != nil || json.Unmarshal(now, &b) != nil {
		return []string{"its value"}
	}
	all := maps.Clone(a)
	maps.Copy(all, b)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !bytes.Equal(a[name], b[name]) {
			names = append(names, name)
		}
	}
	return names
}

var (
	freight = regexp.MustCompile(`/object/shop-(source|artifacts)-`)

	// madeUp are parts of names that differ from run to run, or by the code.
	madeUp = regexp.MustCompile(strings.Join([]string{
		`-[A-Z][0-9A-Z]{11}\b`,                          // the end of a name that CloudFormation makes
		`\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`, // UUIDs, such as those of a key
		`\b[0-9a-f]{64}\b`,                              // digests
		`@[0-9a-f-]+$`,                                  // versions of an object
	}, "|"))
)

func plain(key string) string { return madeUp.ReplaceAllString(key, "…") }

func place(account, region string) string { return fmt.Sprintf("%s/%s", account, region) }

// becoming tells what became of functions; of a target that is new it tells no more than that.
func (c census) becoming(before census) becoming {
	b := becoming{}
	for _, t := range targets {
		at := place(t.account, t.region)
		now, was := c.of(at, "function"), before.of(at, "function")
		if len(was) == 0 && len(now) > 0 {
			b[at] = "added"
			continue
		}
		for name := range now {
			switch {
			case was[name] == nil:
				b[at+"/"+name] = "added"
			case !bytes.Equal(was[name], now[name]):
				b[at+"/"+name] = "changed"
			}
		}
		for name := range was {
			if now[name] == nil {
				b[at+"/"+name] = "removed"
			}
		}
	}
	return b
}
