package detect

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// java reads classes of Java and Kotlin that implement RequestHandler or
// RequestStreamHandler, themselves or through an abstract class beside them, and
// classes with a method handleRequest that takes a Context.
//
// https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html
type java struct{}

func (java) name() string { return "Java" }

func (java) runs(runtime string) bool { return strings.HasPrefix(runtime, "java") }

func (java) sought() string { return "a class that implements RequestHandler or RequestStreamHandler" }

func (java) source(f *file) bool { return f.ext == ".java" || f.ext == ".kt" }

func (j java) find(t *tree) []candidate {
	var classes []jvmClass
	for i := range t.files {
		f := &t.files[i]
		if !j.source(f) || f.test || !t.jvmSource(f) || !bytes.Contains(f.Data, []byte("class")) {
			continue
		}
		classes = append(classes, readJVM(f)...)
	}
	bases := map[string]bool{"RequestHandler": true, "RequestStreamHandler": true}
	for range 3 { // an abstract handler may extend another one
		for _, c := range classes {
			if c.abstract && c.extends(bases) {
				bases[c.simple] = true
			}
		}
	}
	var found []candidate
	for _, c := range classes {
		rank := unranked
		switch {
		case c.abstract:
		case c.extends(bases):
			rank = 0
		case c.method:
			rank = 1
		}
		if rank == unranked {
			continue
		}
		found = append(found, candidate{
			language: j,
			file:     c.file,
			offset:   c.offset,
			handler:  c.qualified + "::handleRequest",
			evidence: c.file.Path + ": class " + c.simple,
			rank:     rank,
		})
	}
	return found
}

// jvmSource reports whether a file lies where Maven and Gradle look for sources:
// src/main, that of a subproject of this folder's Gradle build, the top or src/.
func (t *tree) jvmSource(f *file) bool {
	switch {
	case f.tier <= src || t.explicit && !f.junk:
		return true
	case f.tier == deep:
		return strings.HasPrefix(f.dir, "src/main/") || !f.junk
	}
	_, rest, _ := strings.Cut(f.dir, "/")
	return strings.HasPrefix(rest, "src/main/") && (t.file("settings.gradle") != nil || t.file("settings.gradle.kts") != nil)
}

// jvmClass is a class of Java or Kotlin.
type jvmClass struct {
	file      *file
	offset    int
	simple    string
	qualified string // package.Outer$Inner
	supers    []string
	abstract  bool
	method    bool // has a handleRequest that takes a Context
}

func (c jvmClass) extends(bases map[string]bool) bool {
	for _, s := range c.supers {
		if bases[s] && s != c.simple {
			return true
		}
	}
	return false
}

func readJVM(f *file) []jvmClass {
	r := jvmReader{tokens: lex(f.Data, syntax{triple: true, nested: f.ext == ".kt", raw: f.ext == ".kt"}), file: f}
	for i := 0; i < len(r.list); {
		i = r.step(i)
	}
	return r.found
}

type jvmReader struct {
	tokens
	file  *file
	pkg   string
	scope []jvmScope
	found []jvmClass
}

// jvmScope is an open bracket; class is -1 where it opens no class.
type jvmScope struct{ class int }

func (r *jvmReader) step(i int) int {
	switch r.kind(i) {
	case '{':
		r.scope = append(r.scope, jvmScope{-1})
	case '}':
		if n := len(r.scope); n > 0 {
			r.scope = r.scope[:n-1]
		}
	case word:
		switch r.text(i) {
		case "package":
			if r.pkg == "" && len(r.scope) == 0 {
				return r.packageName(i + 1)
			}
		case "class", "record", "enum", "interface", "object":
			if r.kind(i+1) == word && r.kind(i-1) != '.' && r.kind(i-1) != ':' {
				return r.class(i)
			}
		case "handleRequest":
			return r.handleRequest(i)
		}
	}
	return i + 1
}

func (r *jvmReader) packageName(i int) int {
	var b strings.Builder
	for ; r.kind(i) == word || r.kind(i) == '.'; i++ {
		if r.kind(i) == word && b.Len() > 0 && r.kind(i-1) != '.' {
			break // Kotlin has no semicolon
		}
		b.WriteString(r.text(i))
	}
	r.pkg = b.String()
	return i
}

// class reads the head of a class at i and opens its scope if it has a body.
func (r *jvmReader) class(i int) int {
	c := jvmClass{file: r.file, offset: r.list[i].start, simple: r.text(i + 1)}
	c.abstract = !r.is(i, "class") && !r.is(i, "record") || r.modified(i, "abstract") || r.modified(i, "private") || r.modified(i, "annotation")
	c.qualified = c.simple
	for n := len(r.scope) - 1; n >= 0; n-- {
		if k := r.scope[n].class; k >= 0 {
			c.qualified = strings.TrimPrefix(r.found[k].qualified, r.pkg+".") + "$" + c.simple
			break
		}
	}
	if r.pkg != "" {
		c.qualified = r.pkg + "." + c.qualified
	}
	end := r.head(i+2, &c)
	if r.kind(end) == '{' {
		r.scope = append(r.scope, jvmScope{len(r.found)})
		end++
	}
	r.found = append(r.found, c)
	return end
}

// head reads what a class extends and implements, up to its body.
func (r *jvmReader) head(i int, c *jvmClass) int {
	angle := 0
	for ; i < len(r.list); i++ {
		switch r.kind(i) {
		case '{', '}', ';':
			return i
		case '(':
			i = r.close(i) - 1
		case '<':
			angle++
		case '>':
			angle--
		case word:
			if jvmKeywords[r.text(i)] {
				return i
			}
			if angle == 0 {
				c.supers = append(c.supers, r.text(i))
			}
		}
	}
	return i
}

// jvmKeywords begin the next declaration behind a Kotlin class without a body.
var jvmKeywords = map[string]bool{
	"class": true, "fun": true, "val": true, "var": true, "object": true, "interface": true, "import": true,
	"package": true, "private": true, "public": true, "internal": true, "open": true, "abstract": true, "data": true,
}

// modified reports whether a modifier stands before the keyword at i.
func (r *jvmReader) modified(i int, modifier string) bool {
	for n := 0; n < 8; n++ {
		i--
		if r.is(i, modifier) {
			return true
		}
		if r.kind(i) != word && r.kind(i) != '@' {
			return false
		}
	}
	return false
}

// handleRequest marks the class around a method of that name that takes a
// Context, and returns the index behind its parameters.
func (r *jvmReader) handleRequest(i int) int {
	n := len(r.scope)
	if n == 0 || r.scope[n-1].class < 0 || r.kind(i+1) != '(' {
		return i + 1
	}
	end := r.close(i + 1)
	for j := i + 2; j < end; j++ {
		if r.is(j, "Context") {
			r.found[r.scope[n-1].class].method = true
		}
	}
	return end
}

// jvmRelease are the places that say for which Java the classes are compiled, in
// the order of their weight.
var jvmRelease = map[string][]*regexp.Regexp{
	"pom.xml": {
		regexp.MustCompile(`<maven\.compiler\.release>\s*(\d+)\s*<`),
		regexp.MustCompile(`<release>\s*(\d+)\s*<`),
		regexp.MustCompile(`<maven\.compiler\.target>\s*(?:1\.)?(\d+)\s*<`),
		regexp.MustCompile(`<target>\s*(?:1\.)?(\d+)\s*<`),
		regexp.MustCompile(`<java\.version>\s*(?:1\.)?(\d+)\s*<`),
	},
	"build.gradle": gradleRelease, "build.gradle.kts": gradleRelease,
	"app/build.gradle": gradleRelease, "app/build.gradle.kts": gradleRelease,
}

var gradleRelease = []*regexp.Regexp{
	regexp.MustCompile(`options\.release(?:\.set\(|\s*=)\s*(\d+)`),
	regexp.MustCompile(`JavaLanguageVersion\.of\(\s*"?(\d+)`),
	regexp.MustCompile(`jvmToolchain\(\s*(\d+)`),
	regexp.MustCompile(`targetCompatibility\s*=?\s*(?:JavaVersion\.VERSION_)?['"]?(?:1[._])?(\d+)`),
	regexp.MustCompile(`sourceCompatibility\s*=?\s*(?:JavaVersion\.VERSION_)?['"]?(?:1[._])?(\d+)`),
}

var jvmManifests = []string{"pom.xml", "build.gradle", "build.gradle.kts", "app/build.gradle", "app/build.gradle.kts"}

// runtime follows the release that the classes are compiled for where Lambda has
// a runtime of that very release. Older classes run on the default as well; newer
// ones run nowhere.
func (j java) runtime(t *tree, entry *file) (model.Choice, *mismatch) {
	seen := t.seen(entry, jvmManifests...)
	for _, name := range jvmManifests {
		f := t.file(name)
		if f == nil {
			continue
		}
		for _, re := range jvmRelease[name] {
			m := re.FindSubmatchIndex(f.Data)
			if m == nil {
				continue
			}
			release, err := strconv.Atoi(string(f.Data[m[2]:m[3]]))
			if err == nil {
				return j.release(t, f, m[2], release, seen)
			}
		}
	}
	return javaFamily.choose(nil, seen), nil
}

func (java) release(t *tree, f *file, offset, release int, seen model.Choice) (model.Choice, *mismatch) {
	at := t.place(f, offset)
	for _, v := range javaFamily.versions {
		if v[0] == release {
			return model.Choice{Value: javaFamily.id(v), Origin: model.Detected, Evidence: fmt.Sprintf("%s: Java %d", f.Path, release), Place: at}, nil
		}
	}
	newest := javaFamily.versions[0]
	c := javaFamily.choose(nil, model.Choice{Evidence: fmt.Sprintf("%s: Java %d runs on it", f.Path, release), Place: at})
	if release <= newest[0] {
		return c, nil
	}
	return seen, &mismatch{
		place: at,
		text:  fmt.Sprintf("the classes are compiled for Java %d, and Lambda's newest known runtime is %s", release, javaFamily.id(newest)),
		hint:  fmt.Sprintf("compile for Java %d, or set runtime: if Lambda has a runtime for Java %d by now", newest[0], release),
	}
}

// locate: a class is found by its name at run time; a handler may come from a
// framework's archive.
func (java) locate(*tree, string) (*file, string) { return nil, "" }

// malformed: without a method it is that of the interface.
//
// https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html#java-handler-naming
func (java) malformed(handler string) string {
	class, method, named := strings.Cut(handler, "::")
	if slices.Contains(strings.Split(class, "."), "") || strings.Contains(class, "/") || named && method == "" {
		return "the name of a class with its package and, behind ::, of a method, such as example.Handler::handleRequest"
	}
	return ""
}
