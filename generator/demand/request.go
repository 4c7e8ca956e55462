package demand

import (
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
)

// request tells requests apart, whether or not they say that calls come by TLS.
type request struct {
	principal                        authz.Principal
	action, resource, owner, context string
}

func requestOf(q *authz.Request) request {
	return request{q.Principal, q.Action, q.Resource, q.Owner, signature(q.Context)}
}

// signature is the same for contexts that are equal but for TLS.
func signature(c authz.Context) string {
	keys := make([]string, 0, 8)
	for key := range c {
		if key != secureTransport {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return ""
	}
	slices.Sort(keys)
	length := 0
	for _, key := range keys {
		length += len(key) + 1
		for _, value := range c[key] {
			length += 1 + len(value)
		}
	}
	var b strings.Builder
	b.Grow(length)
	for _, key := range keys {
		b.WriteString(key)
		for _, value := range c[key] {
			b.WriteByte(0)
			b.WriteString(value)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
