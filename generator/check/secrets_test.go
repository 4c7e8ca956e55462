package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/check"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/source"
)

// some is so many characters of a secret. No secret stands in this file as a whole,
// so that nobody's scanner takes it for a leaked one.
func some(n int) string { return strings.Repeat("aB3dE5gH7j", n/10+1)[:n] }

// capitals are what an access key is made of.
func capitals(n int) string { return strings.ToUpper(some(n)) }

func tree(t *testing.T, text string) *source.Node {
	t.Helper()
	var problems diag.Problems
	n := source.Parse("f.yaml", []byte(text), &problems)
	require.Empty(t, problems.Sorted(), text)
	return n
}

// holding is a project with one environment variable.
func holding(t *testing.T, name, value string) *model.Project {
	n := &source.Node{Kind: source.Scalar, Text: value, Place: diag.Place{File: "function.yaml", Line: 2, Column: 9}}
	return &model.Project{Functions: []model.Function{{Name: "f", Environment: []model.Variable{{Name: name, Value: n}}}}}
}

func TestACredentialInTheEnvironmentIsFoundAndNotRepeated(t *testing.T) {
	for value, what := range map[string]string{
		"AKIA" + capitals(16):                                  "an AWS access key",
		"ASIA" + capitals(16):                                  "an AWS access key",
		"key=AKIA" + capitals(16) + ";":                        "an AWS access key",
		"-----BEGIN PRIVATE" + " KEY-----\n" + some(64) + "\n": "a private key",
		"-----BEGIN EC PRIVATE" + " KEY-----\nProc-Type: 4,ENCRYPTED\n\n" + some(64): "a private key",
		"-----BEGIN RSA PRIVATE" + " KEY-----":                                       "a private key",
		"-----BEGIN OPENSSH PRIVATE" + " KEY-----":                                   "a private key",
		"-----BEGIN ENCRYPTED PRIVATE" + " KEY-----":                                 "a private key",
		"-----BEGIN PGP PRIVATE" + " KEY BLOCK-----":                                 "a private key",
		"ghp_" + some(36):                                        "a GitHub token",
		"ghs_" + some(36):                                        "a GitHub token",
		"github_pat_" + some(22) + "_" + some(59):                "a GitHub token",
		"https://x:ghp_" + some(36) + "@github.com/a/b":          "a GitHub token",
		"glpat-" + some(20):                                      "a GitLab token",
		"glrt-" + some(20):                                       "a GitLab token",
		"xoxb-" + "123456789012-123456789012-" + some(24):        "a Slack token",
		"xapp-" + "1-A0123-456-" + some(24):                      "a Slack token",
		"https://hooks.slack.com/services/T012/B345/" + some(24): "a Slack webhook",
		"sk_live_" + some(24):                                    "a Stripe key",
		"rk_test_" + some(24):                                    "a Stripe key",
		"npm_" + some(36):                                        "an npm token",
		"pypi-" + some(80):                                       "a PyPI token",
		"sk-proj-" + some(20) + "T3Blbk" + "FJ" + some(20):       "an API key of OpenAI or Anthropic",
		"sk-ant-api03-" + some(40):                               "an API key of OpenAI or Anthropic",
		"eyJ" + some(20) + ".eyJ" + some(30) + "." + some(43):    "a signed token (JWT)",
		"postgres://app:" + some(9) + "@db.example.com/orders":   "a URL with a password",
		"postgresql+psycopg2://app:" + some(9) + "@db/orders":    "a URL with a password",
		"rediss://:" + some(9) + "@cache:6379":                   "a URL with a password",
	} {
		var problems diag.Problems
		check.Secrets(holding(t, "SETTING", value), &problems)
		found := problems.Sorted()
		if !assert.Len(t, found, 1, value) {
			continue
		}
		assert.Equal(t, "plain-secret", found[0].Rule)
		assert.Equal(t, "the value of SETTING looks like "+what, found[0].Text)
		assert.Equal(t, 2, found[0].Place.Line)
		assert.Contains(t, found[0].Hint, "Secrets Manager")
		assert.True(t, found[0].Secret, "the excerpt would show it")
	}
}

func TestWhatIsNoCredentialIsNoProblem(t *testing.T) {
	for _, value := range []string{
		"", "info", "eu-central-1", "arn:aws:iam::222222222222:role/AKIA",
		"arn:aws:secretsmanager:eu-central-1:222222222222:secret:orders/db-AbCdEf",
		"AKIA", "AKIA" + capitals(15), "AKIA" + capitals(17), "MAKIA" + capitals(16), strings.ToLower("AKIA" + capitals(16)),
		"AROA" + capitals(17), "AIDA" + capitals(17),
		"-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "PRIVATE KEY",
		"ghp_", "ghp_short", "ghost_writer", "github_pattern", "glossary-of-the-terms-that-we-all-use", "glpat-short",
		"xoxo", "xapp-icon", "https://hooks.slack.com/services/", "https://slack.com/api/chat.postMessage",
		"ASIAPACIFICSOUTHEAST", "AKIA" + strings.Repeat("X", 16), "ghp_" + strings.Repeat("x", 36), "sk_test_" + strings.Repeat("x", 24),
		"https://hooks.slack.com/services/T00000000/B00000000/" + strings.Repeat("X", 24), "xapp-traffic-steering-image",
		"sk-proj-orders-artifacts-production", "if '-----BEGIN RSA PRIVATE" + " KEY-----' not in pem: pem = fetch(secret)",
		"pk_live_" + some(24), "task_live_" + some(24), "disk_test_" + some(24), "npm_config_registry", "pypi-mirror", "sk-learn-model-of-the-orders-service",
		"eyJ", "eyJhbGciOiJub25lIn0", "e.y.J",
		some(40), "da39a3ee5e6b4b0d3255bfef95601890afd80709", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
		"550e8400-e29b-41d4-a716-446655440000", "mrk-0123456789abcdef0123456789abcdef",
		"https://example.com/a:b@c", "https://user@example.com/", "http://localhost:8080/", "postgres://app@db.example.com:5432/orders",
		"postgres://app:${PASSWORD}@db/orders", "postgres://app:{password}@db/orders", "postgres://app:<password>@db/orders", "postgres://app:%s@db/orders",
		"http://a.example:8080,ops@example.com", `"https://"+user+":"+password+"@"+host`, "'https://'+user+':'+password+'@'+host",
		"123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders@sha256:" + strings.Repeat("0a1b2c3d", 8),
		"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
		"docker://orders:1.2@sha256:da39a3ee", "mailto:ops@example.com", "s3://bucket/a:b@c",
	} {
		assert.Empty(t, found(check.Secrets, holding(t, "SETTING", value)), value)
	}
}

func TestAnAWSSecretKeyIsKnownByTheNameThatItHas(t *testing.T) {
	for _, name := range []string{"AWS_SECRET_ACCESS_KEY", "OTHER_SECRET_ACCESS_KEY", "SECRET_KEY", "secretAccessKey"} {
		assert.Len(t, found(check.Secrets, holding(t, name, some(40))), 1, name)
		assert.Empty(t, found(check.Secrets, holding(t, name, some(39))), name)
	}
	for _, name := range []string{"COMMIT", "SECRET_KEY_NAME", "KEY"} {
		assert.Empty(t, found(check.Secrets, holding(t, name, some(40))), name)
	}
}

// attached are settings with a VPC.
func attached(vpc *source.Node) model.Settings {
	v := model.VPC{Node: vpc}
	for _, pair := range vpc.Pairs {
		v.Subnets = append(v.Subnets, pair.Value.Items...)
	}
	return model.Settings{VPC: source.Field[model.VPC]{Value: v, Place: vpc.Place, Set: true}}
}

// written is an event as package event makes them.
type written struct{ node *source.Node }

func (e written) Kind() string       { return "schedule" }
func (e written) Summary() string    { return "" }
func (e written) Place() diag.Place  { return diag.Place{} }
func (e written) Node() *source.Node { return e.node }

func TestACredentialIsFoundWhereverAUserMayWriteText(t *testing.T) {
	key := "AKIA" + capitals(16)
	variable := func(name, text string) []model.Variable { return []model.Variable{{Name: name, Value: tree(t, text)}} }
	for where, p := range map[string]*model.Project{
		"an override": {Functions: []model.Function{{Overrides: []model.Override{{Variables: variable("KEY", key)}}}}},
		"a tag":       {Functions: []model.Function{{Environment: variable("KEY", "!Join ['', [a, "+key+"]]")}}},
		"a long form": {Functions: []model.Function{{Environment: variable("KEY", "Fn::Join: ['', [a, "+key+"]]")}}},
		"a VPC":       {Functions: []model.Function{{Settings: attached(tree(t, "KEY: [a, "+key+"]"))}}},
		"an event":    {Functions: []model.Function{{Events: []model.Event{written{tree(t, "input: {KEY: "+key+"}")}}}}},
		"resources":   {Functions: []model.Function{{Resources: &model.Resources{File: "resources.yaml", Root: tree(t, "Resources: {A: {Properties: {KEY: "+key+"}}}")}}}},
		"a stack":     {Stacks: []model.Stack{{File: "s.yaml", Template: tree(t, "Resources: {A: {Properties: {KEY: "+key+"}}}")}}},
		"a parameter": {Stacks: []model.Stack{{Parameters: tree(t, "KEY: "+key).Pairs}}},
	} {
		texts := found(check.Secrets, p)
		require.Len(t, texts, 1, where)
		assert.Contains(t, texts[0], "the value of KEY looks like an AWS access key", where)
	}
}
