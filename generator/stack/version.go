package stack

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/event"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"

	"github.com/awslabs/goformation/v7/cloudformation/lambda"
)

// maxDescription is the length of a function's description.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const maxDescription = 256

// addVersion publishes the function and points the alias at what was published.
//
// A version cannot change, so a change makes a new one under a new logical id,
// which holds the digest of the code and of every property that Lambda publishes.
// Lambda refuses to publish a function that has not changed; therefore the same
// digest ends the function's description, and a new id always meets a changed
// function. Old versions are retained: somebody may still call them. The version of
// a deployment that failed is not: it would be the last one published, and equal to
// what the next attempt publishes.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
func (b *builder) addVersion(f *lambda.Function) {
	digest := b.digest()
	f.Description = cfn.Ptr(b.description(digest))

	id := versionID(digest)
	kept(b.add(id, &lambda.Version{FunctionName: cfn.Ref(functionID)}))

	b.add(aliasID, &lambda.Alias{
		Name:            aliasName,
		FunctionName:    cfn.Ref(functionID),
		FunctionVersion: cfn.GetAtt(id, "Version"),
	})
}

func versionID(digest string) string { return "Version" + digest }

// VersionDigest is the digest in the logical id of a version; ok is false for any other id.
func VersionDigest(id string) (digest string, ok bool) {
	digest, ok = strings.CutPrefix(id, versionID(""))
	return digest, ok && isVersionDigest(digest)
}

// Described is what users wrote of a function's description, without the digest that
// ends it.
func Described(description string) string {
	at := strings.LastIndex(description, " (")
	if at < 0 {
		return description
	}
	if digest, closed := strings.CutSuffix(description[at+len(" ("):], ")"); !closed || !isVersionDigest(digest) {
		return description
	}
	return description[:at]
}

func isVersionDigest(text string) bool {
	raw, err := hex.DecodeString(text)
	return err == nil && len(raw) == versionDigestLength
}

func (b *builder) description(digest string) string {
	text := b.function.Description.Value
	if text == "" {
		text = b.project.Name + " " + b.function.Name
	}
	text += " (" + digest + ")"
	if n := utf8.RuneCountInString(text); n > maxDescription {
		place := b.function.Description.Place
		if place.IsZero() {
			place = b.function.Place
		}
		b.problems.Addf("description-length", place, fmt.Sprintf("shorten it by %d", n-maxDescription),
			"with the digest that ends it, the description has %d characters, and Lambda takes %d", n, maxDescription)
	}
	return text
}

// shortDigest is the digest of a text as it enters names.
func shortDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}

// digest covers what a version publishes, in every environment: the key of the
// code, the settings, the environment variables and the VPC. Of a variable or an id
// that refers to a resource it covers that resource's definition too, wherever it
// stands, because only a change of it can change the value.
//
// It is made of the user's words and not of the rendered template, so that a new
// release of foldstack publishes nothing.
func (b *builder) digest() string {
	d := &digester{links: b.links, seen: map[string]bool{}}
	fn := b.function
	d.write("code", string(fn.Package), fn.Digest, fn.Architecture.Value)
	if fn.Package == model.Image {
		d.write("registry", b.project.Tooling.Account)
	} else {
		d.write("runtime", fn.Runtime.Value, fn.Handler.Value)
	}
	d.write("description", fn.Description.Value)
	for _, s := range settings {
		if s.versioned {
			d.choices(s.name, s.values(fn, b.environments))
		}
	}
	for _, name := range variableNames(fn, b.environments) {
		var choices []choice
		for _, environment := range b.environments {
			n := variable(fn, environment, name)
			choices = append(choices, choice{environment, canonical(n)})
			d.referred(fn, n)
		}
		d.choices("variable "+name, choices)
	}
	d.vpc(fn, b.environments)
	sum := sha256.Sum256(d.text)
	return hex.EncodeToString(sum[:versionDigestLength])
}

// versionDigestLength is how many bytes of a digest tell versions apart.
const versionDigestLength = 8

// digester writes things so that different sequences of things differ.
type digester struct {
	text  []byte
	links *Links
	seen  map[string]bool // definitions that were written
}

func (d *digester) write(parts ...string) {
	for _, part := range parts {
		d.text = strconv.AppendInt(d.text, int64(len(part)), 10)
		d.text = append(append(append(d.text, ':'), part...), ',')
	}
	d.text = append(d.text, '\n')
}

// choices writes one value where all environments agree, so that a further
// environment that agrees too changes nothing.
func (d *digester) choices(name string, choices []choice) {
	same := true
	for _, c := range choices {
		same = same && c.value == choices[0].value
	}
	for _, c := range choices {
		if same {
			d.write(name, fmt.Sprint(c.value))
			return
		}
		d.write(name, c.environment, fmt.Sprint(c.value))
	}
}

// vpc writes the VPC of each environment; nothing where there is none in any, so that
// functions without one keep the versions of earlier releases.
func (d *digester) vpc(fn *model.Function, environments []string) {
	if !inVPC(fn, environments) {
		return
	}
	var choices []choice
	for _, environment := range environments {
		vpc := effective(fn, environment).VPC.Value
		choices = append(choices, choice{environment, canonicalVPC(vpc)})
		for _, n := range vpc.IDs() {
			d.referred(fn, n)
		}
	}
	d.choices("VpcConfig", choices)
}

// referred writes the definitions that a function's node refers to.
func (d *digester) referred(fn *model.Function, n *source.Node) {
	event.Walk(n, func(n *source.Node) {
		if n.Tag == event.OutputTag {
			if r, ok := event.ParseReference(n); ok {
				d.output(r)
			}
		} else if n.Tag != "" && fn.Resources != nil {
			d.words("function "+fn.Name, fn.Resources.Root, n)
		}
	})
}

// output writes the definition of another stack's output. Outputs of ours have
// names that never change.
func (d *digester) output(r event.Reference) {
	provider := d.links.nodes[r.Stack]
	if provider == nil {
		return
	}
	switch {
	case provider.stack != nil:
		for _, pair := range provider.stack.Parameters {
			d.write("parameter", pair.Key.Text, canonical(pair.Value))
		}
		d.named("stack "+provider.name, provider.stack.Template, "Outputs", r.Output)
	case provider.function != nil && provider.function.Resources != nil:
		d.named("function "+provider.name, provider.function.Resources.Root, "Outputs", r.Output)
	}
}

// definitions are the sections of a template whose entries others refer to.
var definitions = []string{"Parameters", "Mappings", "Conditions", "Resources"}

// words follows every word below n that names something in root. A word that
// stands there for something else only makes a version too many.
func (d *digester) words(owner string, root, n *source.Node) {
	event.Walk(n, func(n *source.Node) {
		if n.Kind != source.Scalar {
			return
		}
		if n.Tag == event.OutputTag {
			if r, ok := event.ParseReference(n); ok {
				d.output(r)
			}
			return
		}
		for _, word := range identifiers(n.Text) {
			for _, section := range definitions {
				d.named(owner, root, section, word)
			}
		}
	})
}

// named writes one entry of a section, once, and what it refers to.
func (d *digester) named(owner string, root *source.Node, section, name string) {
	key := owner + " " + section + " " + name
	entry := root.Get(section).Get(name)
	if entry == nil || d.seen[key] {
		return
	}
	d.seen[key] = true
	d.write(key, canonical(entry))
	d.words(owner, root, entry)
}

// identifiers are the alphanumeric words of a text.
func identifiers(text string) []string {
	var words []string
	start := -1
	for i := range len(text) + 1 {
		letter := i < len(text) && (text[i] >= 'a' && text[i] <= 'z' || text[i] >= 'A' && text[i] <= 'Z' || text[i] >= '0' && text[i] <= '9')
		if letter && start < 0 {
			start = i
		}
		if !letter && start >= 0 {
			words = append(words, text[start:i])
			start = -1
		}
	}
	return words
}

// canonical writes a tree so that equal trees, and only they, are equal text:
// where they stand and how they are quoted does not count.
func canonical(n *source.Node) string {
	return string(appendCanonical(nil, n))
}

func appendCanonical(b []byte, n *source.Node) []byte {
	if n == nil || n.Kind == source.Null && n.Tag == "" {
		return append(b, '-')
	}
	b = append(b, n.Tag...)
	b = strconv.AppendInt(b, int64(len(n.Text)), 10)
	b = append(append(b, ':'), n.Text...)
	for _, item := range n.Items {
		b = append(appendCanonical(append(b, '['), item), ']')
	}
	for _, pair := range n.Pairs {
		b = append(appendCanonical(append(b, '{'), pair.Key), '=')
		b = append(appendCanonical(b, pair.Value), '}')
	}
	return b
}
