package generator

import (
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/authz/judge"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/foldstack/foldstack/generator/symbol"
)

var judgeIn = flag.String("judge", "", "ask the judge that is installed in this folder what it makes of the questions of the proofs")

const judgeScript = "../.ci/conformance/iam.mjs"

// A symbol stands for a text that nobody has written, so that a verdict must stay what it
// is with such texts in the place of symbols. With these the judge is asked, too.
func TestEveryVerdictOfAProofHoldsForLiteralTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("there are very many verdicts")
	}
	var all hearing
	t.Run("projects", func(t *testing.T) {
		for _, root := range judgedProjects(t) {
			t.Run(filepath.Base(root), func(t *testing.T) {
				t.Parallel()
				asked, cases := casesOf(t, provedAt(t, root))
				own := hearing{asked: asked, cases: len(cases), by: map[string]int{}}
				if *judgeIn != "" {
					own.judge(t, cases)
				}
				all.add(&own)
			})
		}
	})
	t.Logf("%d questions of the golden estates, of which %d differ in more than accounts and regions", all.asked, all.cases)
	if *judgeIn != "" {
		all.report(t)
	}
}

// judgedProjects are the shipped project and the golden ones whose functions are files.
func judgedProjects(t *testing.T) []string {
	t.Helper()
	functions, err := filepath.Glob("testdata/*/functions")
	require.NoError(t, err)
	roots := []string{".."}
	for _, folder := range functions {
		roots = append(roots, filepath.Dir(folder))
	}
	return roots
}

// casesOf are the questions of a proof without symbols: the first of those that differ in
// accounts and regions only, and how many there were.
func casesOf(t *testing.T, p *proved) (asked int, cases []*authz.Case) {
	t.Helper()
	require.NotContains(t, p.project.Regions(), judge.Literal(symbol.New(proof.Region)), "what stands for any region is one")
	var literals judge.Literals
	known := map[string]bool{}
	for c, decision := range p.proof.Cases() {
		asked++
		key := string(decision.Verdict) + withoutPlaces(fmt.Sprintf("%q", c.Request))
		if known[key] {
			continue
		}
		known[key] = true
		made := literals.Case(c)
		if authz.Evaluate(made).Verdict != decision.Verdict {
			require.Fail(t, "another verdict", "as it is asked, %s:\n%s\nwith literal texts:\n%s", decision.Verdict, authz.Explain(c), authz.Explain(made))
		}
		cases = append(cases, made)
	}
	require.NotEmpty(t, cases)
	return asked, cases
}

var place = regexp.MustCompile(`\b\d{12}\b|\b[a-z]{2}(-[a-z]+)+-\d\b`)

// withoutPlaces is a text with a number in the place of each account and region, so that
// texts stay different in which different places are the same.
func withoutPlaces(text string) string {
	numbers := map[string]string{}
	return place.ReplaceAllStringFunc(text, func(name string) string {
		if numbers[name] == "" {
			numbers[name] = fmt.Sprintf("<place %d>", len(numbers))
		}
		return numbers[name]
	})
}

// hearing counts what the judge says.
type hearing struct {
	mutex     sync.Mutex
	asked     int
	cases     int
	agreed    int
	explained int
	silent    int
	by        map[string]int // what was reviewed, by name
}

func (h *hearing) judge(t *testing.T, cases []*authz.Case) {
	t.Helper()
	answers, err := judge.Ask(judgeScript, *judgeIn, cases)
	require.NoError(t, err)
	for i, c := range cases {
		h.compare(t, c, answers[i])
	}
}

func (h *hearing) compare(t *testing.T, c *authz.Case, said judge.Answer) {
	t.Helper()
	if said.Unlisted != "" {
		found := listingOf(c.Action, said.Unlisted)
		if !assert.NotNil(t, found, "%s on %s: the judge says %s", c.Action, c.Request.Resource, said.Unlisted) {
			return
		}
		h.by[found.name]++
	}
	switch said.Verdict {
	case "":
		h.silent++
	case authz.Evaluate(c).Verdict:
		h.agreed++
	default:
		found := readingOf(c, said.Verdict)
		if assert.NotNil(t, found, "to the judge it is %s: %s\n%+v", said.Verdict, authz.Explain(c), c.Request) {
			h.explained++
			h.by[found.name]++
		}
	}
}

func (h *hearing) add(other *hearing) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.by == nil {
		h.by = map[string]int{}
	}
	h.asked, h.cases = h.asked+other.asked, h.cases+other.cases
	h.agreed, h.explained, h.silent = h.agreed+other.agreed, h.explained+other.explained, h.silent+other.silent
	for name, n := range other.by {
		h.by[name] += n
	}
}

func (h *hearing) report(t *testing.T) {
	t.Helper()
	t.Logf("%d requests of the golden estates, %d agreed, %d differences explained, %d not answered", h.cases, h.agreed, h.explained, h.silent)
	show := func(name, page string) {
		assert.NotZero(t, h.by[name], "nothing is explained by: %s", name)
		t.Logf("%5d  %s\n       %s", h.by[name], name, page)
	}
	for _, r := range judgeReadings {
		show(r.name, r.page)
	}
	t.Log("not in the judge's list of actions, so that only the caller's policies were put to it:")
	for _, l := range judgeListings {
		show(l.name, l.page)
	}
}

// judgeReading is a place where the judge understands policies otherwise than AWS
// documents them. It makes of a case what the judge understood.
type judgeReading struct {
	name, page string
	as         func(c *authz.Case) *authz.Case
}

// judgeReadings are reviewed by hand.
var judgeReadings = []judgeReading{
	{
		"a request has no keys of an encryption context",
		"https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context",
		func(c *authz.Case) *authz.Case {
			read := *c
			read.Context = authz.Context{}
			for key, values := range c.Context {
				if !strings.HasPrefix(key, "kms:encryptioncontext:") {
					read.Context[key] = values
				}
			}
			return &read
		},
	},
}

func readingOf(c *authz.Case, verdict authz.Verdict) *judgeReading {
	for i, r := range judgeReadings {
		if authz.Evaluate(r.as(c)).Verdict == verdict {
			return &judgeReadings[i]
		}
	}
	return nil
}

// judgeListing is requests that the judge's list of actions does not have, or not on such
// a resource.
type judgeListing struct {
	name, page string
	actions    []string // patterns
	told       string
}

// judgeListings are reviewed by hand.
var judgeListings = []judgeListing{
	{
		"what is made by API Gateway's second interface, in a list of the first one's resources",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html",
		[]string{"apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST"},
		"no.resource.types",
	},
	{
		"the tags of a stage of an HTTP API, for which the type's schema wants actions of their own",
		"https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html",
		[]string{"apigateway:TagResource", "apigateway:UntagResource"},
		"invalid.action",
	},
	{
		"a version or an alias of a function, whose ARNs look the same",
		"https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html#awslambda-resources-for-iam-policies",
		[]string{"lambda:GetProvisionedConcurrencyConfig"},
		"multiple.resource.types",
	},
	{
		"a connection by the one of its two names that its ARN does not have",
		"https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html",
		[]string{"codeconnections:*", "codestar-connections:*"},
		"no.resource.types",
	},
}

func listingOf(action, told string) *judgeListing {
	for i, l := range judgeListings {
		for _, pattern := range l.actions {
			if told == l.told && authz.MatchesAction(pattern, action) {
				return &judgeListings[i]
			}
		}
	}
	return nil
}

func TestPlacesThatAreTheSameStayTheSame(t *testing.T) {
	assert.Equal(t, "a <place 0> b <place 1> c <place 0> <place 2>", withoutPlaces("a 111111111111 b us-gov-west-1 c 111111111111 222222222222"))
	assert.Equal(t, "mrk-1 1111111111112 eu-central-1b acme-shop-1", withoutPlaces("mrk-1 1111111111112 eu-central-1b acme-shop-1"))
}
