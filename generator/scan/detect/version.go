package detect

import "strings"

// version is major, minor and patch.
type version [3]int

func (v version) less(w version) bool {
	for i := range v {
		if v[i] != w[i] {
			return v[i] < w[i]
		}
	}
	return false
}

// next is the first version after every version that begins with the first n
// parts of v.
func (v version) next(n int) version {
	w := version{}
	copy(w[:n], v[:n])
	w[n-1]++
	return w
}

var noEnd = version{1 << 30}

// interval is the versions from, inclusive, to, exclusive.
type interval struct{ from, to version }

// versionRange is a union of intervals; nil says nothing.
type versionRange []interval

func (r versionRange) overlaps(from, to version) bool {
	for _, i := range r {
		if i.from.less(to) && from.less(i.to) {
			return true
		}
	}
	return false
}

// parseRange reads the version ranges that manifests hold: npm's
// (https://github.com/npm/node-semver#ranges), PEP 440's, Poetry's and
// RubyGems'. They agree on nearly everything; "~" is npm's, "~>" and "~=" fix
// all but the last part that is written. A bare version is every version that
// begins with it. What cannot be read is no range at all.
func parseRange(text string) versionRange {
	var union versionRange
	for _, alternative := range strings.Split(text, "||") {
		i, ok := parseComparators(alternative)
		if !ok {
			return nil
		}
		if i.from.less(i.to) {
			union = append(union, i)
		}
	}
	return union
}

func parseComparators(text string) (interval, bool) {
	all := interval{version{}, noEnd}
	read := 0
	for s := strings.TrimLeft(text, " ,\t"); s != ""; s = strings.TrimLeft(s, " ,\t") {
		if strings.HasPrefix(s, "-") && read > 0 { // 18 - 22
			upper, rest, ok := parseComparator("<=" + strings.TrimLeft(s[1:], " "))
			if !ok || all.to == noEnd {
				return all, false
			}
			all.to, s = upper.to, rest
			continue
		}
		one, rest, ok := parseComparator(s)
		if !ok {
			return all, false
		}
		if all.from.less(one.from) {
			all.from = one.from
		}
		if one.to.less(all.to) {
			all.to = one.to
		}
		s = rest
		read++
	}
	return all, read > 0
}

// operators, the longer before its beginning.
var operators = []string{"===", "==", "!=", "~=", "~>", ">=", "<=", ">", "<", "=", "^", "~"}

func parseComparator(s string) (interval, string, bool) {
	op := ""
	for _, o := range operators {
		if strings.HasPrefix(s, o) {
			op, s = o, strings.TrimLeft(s[len(o):], " ")
			break
		}
	}
	v, parts, rest, ok := parseVersion(s)
	if !ok {
		return interval{}, rest, false
	}
	return applyOperator(op, v, parts), rest, true
}

func applyOperator(op string, v version, parts int) interval {
	if parts == 0 { // *, x
		return interval{version{}, noEnd}
	}
	switch op {
	case "!=":
		return interval{version{}, noEnd}
	case ">=":
		return interval{v, noEnd}
	case ">":
		return interval{v.next(parts), noEnd}
	case "<=":
		return interval{version{}, v.next(parts)}
	case "<":
		return interval{version{}, v}
	case "^":
		return interval{v, v.next(1)}
	case "~":
		return interval{v, v.next(min(parts, 2))}
	case "~>", "~=":
		return interval{v, v.next(max(parts-1, 1))}
	}
	return interval{v, v.next(parts)}
}

// parseVersion reads 22, v22.1, 3.12.x or *; parts counts the numbers. Build and
// pre-release suffixes are passed over.
func parseVersion(s string) (v version, parts int, rest string, ok bool) {
	if len(s) > 1 && (s[0] == 'v' || s[0] == 'V') {
		s = s[1:]
	}
	for parts < 3 {
		if s != "" && (s[0] == '*' || s[0] == 'x' || s[0] == 'X') {
			s, ok = s[1:], true
			break
		}
		n := 0
		for n < len(s) && n < 6 && s[n] >= '0' && s[n] <= '9' {
			v[parts] = v[parts]*10 + int(s[n]-'0')
			n++
		}
		if n == 0 {
			break
		}
		parts, s, ok = parts+1, s[n:], true
		if !strings.HasPrefix(s, ".") {
			break
		}
		s = s[1:]
	}
	end := strings.IndexAny(s, " ,|\t")
	if end < 0 {
		end = len(s)
	}
	if suffix := s[:end]; suffix != "" && parts < 3 && !strings.ContainsRune("-+.*ab", rune(suffix[0])) && !strings.HasPrefix(suffix, "rc") {
		return v, parts, s, false
	}
	return v, parts, s[end:], ok
}
