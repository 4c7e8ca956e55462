package check

import (
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// Secrets reports credentials in what users write. Whoever can read the repository,
// the template or the function's configuration would have them.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func Secrets(p *model.Project, problems *diag.Problems) {
	for i := range p.Functions {
		fn := &p.Functions[i]
		for _, v := range writtenVariables(fn) {
			secretTexts(v.Name, v.Value, problems)
		}
		for _, vpc := range fn.VPCs() {
			secretTexts("vpc", vpc.Value.Node, problems)
		}
		for _, e := range fn.Events {
			if written, ok := e.(interface{ Node() *source.Node }); ok {
				secretTexts(e.Kind(), written.Node(), problems)
			}
		}
		if fn.Resources != nil {
			secretTexts(fn.Resources.File, fn.Resources.Root, problems)
		}
	}
	for _, s := range p.Stacks {
		secretTexts(s.File, s.Template, problems)
		for _, pair := range s.Parameters {
			secretTexts(pair.Key.Text, pair.Value, problems)
		}
	}
}

// secretTexts looks into every text of a tree. name is where it stands: the key of
// the nearest mapping, or else what the tree is.
func secretTexts(name string, n *source.Node, problems *diag.Problems) {
	if n == nil {
		return
	}
	if what, found := credentialIn(name, n.Text); found && n.Kind == source.Scalar {
		problems.Add(diag.Problem{
			Rule: "plain-secret", Place: n.Place, Secret: true,
			Text: "the value of " + name + " looks like " + what,
			Hint: "revoke it if it was committed, keep the new one in Secrets Manager, and let the function read it when it runs: give it the secret's ARN and allow secretsmanager:GetSecretValue on it",
		})
	}
	for _, item := range n.Items {
		secretTexts(name, item, problems)
	}
	for _, pair := range n.Pairs {
		below := pair.Key.Text
		if strings.HasPrefix(below, "Fn::") {
			below = name
		}
		secretTexts(below, pair.Value, problems)
	}
}

// credential is a form by which a credential is known. Most texts have none of the
// marks, and the pattern is not asked.
type credential struct {
	what    string
	marks   []string
	pattern *regexp.Regexp
	name    *regexp.Regexp // of the variable; nil for any
}

// credentials are forms that hardly anything else has. A password or a key without
// a prefix of its own cannot be told from other text.
//
// Most issuers register their forms with GitHub:
// https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns
var credentials = []credential{
	{
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
		what: "an AWS access key", marks: []string{"AKIA", "ASIA", "ABIA", "ACCA"},
		pattern: regexp.MustCompile(`\b(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`),
	},
	{
		// It has no mark, so that the name has to speak.
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
		what: "an AWS secret access key", marks: []string{""},
		pattern: regexp.MustCompile(`^[A-Za-z0-9/+]{40}$`),
		name:    regexp.MustCompile(`(?i)secret_?(access_?)?key$`),
	},
	{
		// The first line of one alone may stand in code that reads one.
		// https://www.rfc-editor.org/rfc/rfc7468#section-10 and the older forms beside it
		what: "a private key", marks: []string{"PRIVATE KEY"},
		pattern: regexp.MustCompile(`-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----(\s*$|(?s:.{0,300}?)[A-Za-z0-9+/]{40})`),
	},
	{
		// https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
		what: "a GitHub token", marks: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"},
		pattern: regexp.MustCompile(`\b(gh[pousr]|github_pat)_[A-Za-z0-9_]{36,}`),
	},
	{
		// https://docs.gitlab.com/security/tokens/#token-prefixes
		what: "a GitLab token", marks: []string{"gl"},
		pattern: regexp.MustCompile(`\bgl(pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_-]{20,}`),
	},
	{
		// https://docs.slack.dev/authentication/tokens
		what: "a Slack token", marks: []string{"xox", "xapp-"},
		pattern: regexp.MustCompile(`\b(xox[abeoprs]-[0-9A-Za-z]+|xapp-[0-9]+-A[0-9A-Z]+)-[0-9A-Za-z-]{10,}`),
	},
	{
		// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
		what: "a Slack webhook", marks: []string{"hooks.slack.com"},
		pattern: regexp.MustCompile(`hooks\.slack\.com/(services|workflows)/T[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9/]{20,}`),
	},
	{
		// https://docs.stripe.com/keys
		what: "a Stripe key", marks: []string{"sk_", "rk_", "whsec_"},
		pattern: regexp.MustCompile(`\b([sr]k_(live|test)|whsec)_[A-Za-z0-9]{20,}`),
	},
	{
		// https://docs.npmjs.com/about-access-tokens
		what: "an npm token", marks: []string{"npm_"},
		pattern: regexp.MustCompile(`\bnpm_[A-Za-z0-9]{36}\b`),
	},
	{
		// https://pypi.org/help/#apitoken
		what: "a PyPI token", marks: []string{"pypi-"},
		pattern: regexp.MustCompile(`\bpypi-[A-Za-z0-9_-]{60,}`),
	},
	{
		// In the middle of a key of OpenAI stands its name in base64.
		// https://platform.openai.com/docs/api-reference/authentication
		// https://docs.anthropic.com/en/api/overview
		what: "an API key of OpenAI or Anthropic", marks: []string{"sk-"},
		pattern: regexp.MustCompile(`\bsk-((proj|svcacct|admin)-[A-Za-z0-9_-]+T3BlbkFJ|ant-[a-z]+[0-9]+-)[A-Za-z0-9_-]{20,}`),
	},
	{
		// https://www.rfc-editor.org/rfc/rfc7519#section-3
		what: "a signed token (JWT)", marks: []string{"eyJ"},
		pattern: regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`),
	},
	{
		// https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
		what: "a URL with a password", marks: []string{"://"},
		pattern: regexp.MustCompile(`\b(https?|postgres(ql)?|mysql|mariadb|mssql|sqlserver|mongodb|rediss?|amqps?|smtps?|s?ftps?|ldaps?|nats)(\+[a-z0-9]+)?://[^\s/:@?#"']*:[^\s/:@?#{}<>*$%,"']+@[^\s/]`),
	},
}

// credentialIn tells what kind of credential a text holds.
func credentialIn(name, text string) (what string, found bool) {
	for i := range credentials {
		c := &credentials[i]
		switch {
		case !c.marked(text):
		case c.name != nil && !c.name.MatchString(name):
		case slices.ContainsFunc(c.pattern.FindAllString(text, -1), isGenuine):
			return c.what, true
		}
	}
	return "", false
}

// placeholder is what examples write in the place of a credential, and a name in capitals
// that begins as an access key does.
var placeholder = regexp.MustCompile(`[xX*]{8}|0{8}|^ASIA[A-Z]+$`)

func isGenuine(match string) bool { return !placeholder.MatchString(match) }

func (c *credential) marked(text string) bool {
	for _, mark := range c.marks {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}
