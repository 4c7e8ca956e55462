package ignore

import "strings"

// A glob is a pattern as a row of tokens. It is matched by following every
// possible state at once, so that no pattern takes more than its own length
// times that of the path.
type glob []token

type token struct {
	kind tokenKind
	char byte // of a one
	set  *set // of a set
}

type tokenKind uint8

const (
	one     tokenKind = iota // this byte
	member                   // a byte of the set
	star                     // any bytes but /
	rest                     // any bytes
	folders                  // nothing, or any bytes up to and with a /
	never                    // nothing matches: the pattern is malformed
)

// set is a set of bytes: git's patterns know no runes.
type set [4]uint64

func (s *set) add(b byte)      { s[b>>6] |= 1 << (b & 63) }
func (s *set) has(b byte) bool { return s[b>>6]&(1<<(b&63)) != 0 }

func (s *set) addRange(from, to byte) {
	for c := int(from); c <= int(to); c++ {
		s.add(byte(c))
	}
}

func compile(pattern string) glob {
	var g glob
	for i := 0; i < len(pattern); {
		switch pattern[i] {
		case '*':
			var t token
			t, i = compileStars(pattern, i)
			g = append(g, t)
		case '?':
			var any set
			g = append(g, token{kind: member, set: any.negated()})
			i++
		case '[':
			s, next := compileSet(pattern, i)
			if s == nil {
				return glob{{kind: never}}
			}
			g = append(g, token{kind: member, set: s})
			i = next
		case '\\':
			i++
			if i == len(pattern) {
				return glob{{kind: never}}
			}
			fallthrough
		default:
			g = append(g, token{kind: one, char: pattern[i]})
			i++
		}
	}
	return g
}

// negated is every byte that s does not hold, but never the slash.
func (s set) negated() *set {
	for i := range s {
		s[i] = ^s[i]
	}
	s['/'>>6] &^= 1 << ('/' & 63)
	return &s
}

// compileStars reads the asterisks at i: two or more of them that fill the space
// between slashes stand for folders, any others for a part of a name.
func compileStars(pattern string, i int) (token, int) {
	end := i
	for end < len(pattern) && pattern[end] == '*' {
		end++
	}
	if end-i == 1 || i > 0 && pattern[i-1] != '/' {
		return token{kind: star}, end
	}
	switch after := pattern[end:]; {
	case after == "", strings.HasPrefix(after, `\/`):
		return token{kind: rest}, end
	case after[0] == '/':
		return token{kind: folders}, end + 1
	}
	return token{kind: star}, end
}

// compileSet reads the bracket expression at i and returns where it ends; nil
// when it does not end or names a class that does not exist.
func compileSet(pattern string, i int) (*set, int) {
	i++
	negate := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negate {
		i++
	}
	var s set
	var previous byte // the byte that a range may begin with
	for first := true; ; first = false {
		if i >= len(pattern) {
			return nil, 0
		}
		c := pattern[i]
		switch {
		case c == ']' && !first:
			s['/'>>6] &^= 1 << ('/' & 63)
			if negate {
				return s.negated(), i + 1
			}
			return &s, i + 1
		case c == '-' && previous != 0 && i+1 < len(pattern) && pattern[i+1] != ']':
			i++
			if pattern[i] == '\\' {
				i++
			}
			if i >= len(pattern) {
				return nil, 0
			}
			s.addRange(previous, pattern[i])
			previous = 0
		case c == '[' && strings.HasPrefix(pattern[i+1:], ":"):
			length := strings.IndexByte(pattern[i+2:], ']')
			if length < 0 {
				return nil, 0
			}
			name, closed := strings.CutSuffix(pattern[i+2:i+2+length], ":")
			if !closed {
				s.add(c)
				previous = c
				break
			}
			class, known := classes[name]
			if !known {
				return nil, 0
			}
			class(&s)
			previous = 0
			i += 2 + length
		default:
			if c == '\\' {
				i++
				if i >= len(pattern) {
					return nil, 0
				}
				c = pattern[i]
			}
			s.add(c)
			previous = c
		}
		i++
	}
}

// classes are the bracket classes of POSIX in the C locale.
var classes = map[string]func(*set){
	"alnum":  func(s *set) { s.addRange('a', 'z'); s.addRange('A', 'Z'); s.addRange('0', '9') },
	"alpha":  func(s *set) { s.addRange('a', 'z'); s.addRange('A', 'Z') },
	"blank":  func(s *set) { s.add(' '); s.add('\t') },
	"cntrl":  func(s *set) { s.addRange(0, 31); s.add(127) },
	"digit":  func(s *set) { s.addRange('0', '9') },
	"graph":  func(s *set) { s.addRange('!', '~') },
	"lower":  func(s *set) { s.addRange('a', 'z') },
	"print":  func(s *set) { s.addRange(' ', '~') },
	"punct":  func(s *set) { s.addRange('!', '/'); s.addRange(':', '@'); s.addRange('[', '`'); s.addRange('{', '~') },
	"space":  func(s *set) { s.addRange('\t', '\r'); s.add(' ') },
	"upper":  func(s *set) { s.addRange('A', 'Z') },
	"xdigit": func(s *set) { s.addRange('0', '9'); s.addRange('a', 'f'); s.addRange('A', 'F') },
}

// match reports whether the whole path matches.
func (g glob) match(path string) bool {
	var space [2][64]bool
	now, next := space[0][:], space[1][:]
	if len(g) >= len(now) {
		now, next = make([]bool, len(g)+1), make([]bool, len(g)+1)
	}
	now[0] = true
	g.skip(now, true)
	for i := 0; i < len(path); i++ {
		c := path[i]
		alive := false
		for at, t := range g {
			if !now[at] {
				continue
			}
			switch t.kind {
			case one:
				next[at+1] = next[at+1] || c == t.char
			case member:
				next[at+1] = next[at+1] || t.set.has(c)
			case star:
				next[at] = next[at] || c != '/'
			case rest, folders:
				next[at] = true
			}
			alive = alive || next[at] || next[at+1]
		}
		if !alive {
			return false
		}
		g.skip(next, c == '/')
		now, next = next, now
		clear(next[:len(g)+1])
	}
	return now[len(g)]
}

// skip marks what is reached from the marked states without a byte. A run of
// folders may only end where a folder begins.
func (g glob) skip(states []bool, boundary bool) {
	for at, t := range g {
		if states[at] && (t.kind == star || t.kind == rest || t.kind == folders && boundary) {
			states[at+1] = true
		}
	}
}
