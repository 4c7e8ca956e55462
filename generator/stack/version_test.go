package stack

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/generator/model"
)

var versionLine = regexp.MustCompile(`(?m)^  Version([0-9a-f]{16}):$`)

// version is the digest of the version of the function a.
func version(t testing.TB, p *model.Project) string {
	t.Helper()
	text := output(t, p)["functions/a.yaml"]
	m := versionLine.FindStringSubmatch(text)
	require.NotNil(t, m, text)
	assert.Contains(t, text, "("+m[1]+")\n", "the digest ends the description")
	assert.Contains(t, text, "FunctionVersion: !GetAtt Version"+m[1]+".Version")
	return m[1]
}

const versionYAML = `
description: Does it.
environment:
  TABLE: !Output orders.TableName
  OWN: !Ref Own
  OTHER: !Output b.OtherArn
  LEVEL: info
environments:
  prod: {memory: 256}
`

const versionResources = `
Resources:
  Own: {Type: AWS::SNS::Topic, Properties: {DisplayName: own}}
  Unrelated: {Type: AWS::SNS::Topic, Properties: {DisplayName: unrelated}}
`

const versionOther = `
Resources:
  Other: {Type: AWS::SNS::Topic, Properties: {DisplayName: other}}
Outputs:
  OtherArn: {Value: !Ref Other}
`

// edited is the project of the version tests with one text replaced everywhere.
func edited(t testing.TB, old, new string) *model.Project {
	r := strings.NewReplacer(old, new)
	p := shop(t,
		folder{name: "a", yaml: r.Replace(versionYAML), resources: r.Replace(versionResources)},
		folder{name: "b", resources: r.Replace(versionOther)},
	)
	addStack(t, p, "orders", r.Replace(ordersTemplate), r.Replace("Alarms: loud\n"), model.Only{})
	return p
}

func TestWhatAVersionPublishesMakesANewOne(t *testing.T) {
	before := version(t, edited(t, "", ""))
	seen := map[string]string{before: "nothing"}
	for _, change := range [][2]string{
		{"Does it.", "Does it now."},
		{"LEVEL: info", "LEVEL: debug"},
		{"LEVEL", "VERBOSITY"},
		{"{memory: 256}", "{memory: 512}"},
		{"{memory: 256}", "{memory: 256, timeout: 20}"},
		{"{memory: 256}", "{memory: 256, storage: 1024}"},
		{"{memory: 256}", "{memory: 256, tracing: false}"},
		{"{memory: 256}", "{memory: 256, environment: {LEVEL: debug}}"},
		{"OWN: !Ref Own", "OWN: !GetAtt Own.TopicName"},
		{"DisplayName: own", "DisplayName: mine"},      // the resource that OWN refers to
		{"DisplayName: other", "DisplayName: another"}, // that of another function
		{"AttributeName: id", "AttributeName: key"},    // that of a stack
		{"Default: 1", "Default: 2"},                   // what that resource refers to
		{"Alarms: loud", "Alarms: quiet"},              // a value given to the stack
		{"TableName: {Value: !Ref Table}", "TableName: {Value: !Sub \"${Table}\"}"},
	} {
		digest := version(t, edited(t, change[0], change[1]))
		assert.Empty(t, seen[digest], "%s makes no new version", change[1])
		seen[digest] = change[1]
	}
	for name, change := range map[string]func(fn *model.Function){
		"code":         func(fn *model.Function) { fn.Digest = strings.Repeat("f", 64) },
		"runtime":      func(fn *model.Function) { fn.Runtime.Value = "nodejs22.x" },
		"handler":      func(fn *model.Function) { fn.Handler.Value = "main.handler" },
		"architecture": func(fn *model.Function) { fn.Architecture.Value = "x86_64" },
		"package":      func(fn *model.Function) { fn.Package = model.Image },
	} {
		p := edited(t, "", "")
		change(&p.Functions[0])
		digest := version(t, p)
		assert.Empty(t, seen[digest], "%s makes no new version", name)
		seen[digest] = name
	}
}

func TestWhatAVersionDoesNotPublishKeepsIt(t *testing.T) {
	before := version(t, edited(t, "", ""))
	for _, change := range [][2]string{
		{"{memory: 256}", "{memory: 256, concurrency: 5}"},
		{"{memory: 256}", "{memory: 256, logRetention: 5}"},
		{"{memory: 256}", "{memory: 256, environment: {LEVEL: info}}"},
		{"LEVEL: info", "LEVEL: 'info'"},
		{"DisplayName: unrelated", "DisplayName: different"},
		{"environments:", "permissions:\n  - {allow: sns:Publish, on: '*'}\nenvironments:"},
		{"environments:", "events:\n  - schedule: rate(1 day)\nenvironments:"},
		{"environments:", "\n\n# moved down\nenvironments:"},
	} {
		assert.Equal(t, before, version(t, edited(t, change[0], change[1])), change[1])
	}
}

func TestAFurtherEnvironmentThatChangesNothingKeepsTheVersion(t *testing.T) {
	p := shop(t, folder{name: "a", yaml: "environment: {LEVEL: info}\n"})
	before := version(t, p)
	p.Environments = append(p.Environments, targetEnvironment("qa", 1, "eu-central-1"))
	assert.Equal(t, before, version(t, p))
}

// Lambda refuses to publish what equals the last published version: were that of a
// failed deployment kept, the same commit could not be deployed again.
func TestEveryVersionIsRetainedButThatOfAFailedDeployment(t *testing.T) {
	text := output(t, edited(t, "", ""))["functions/a.yaml"]
	at := versionLine.FindStringIndex(text)
	assert.Contains(t, text[at[0]:at[1]+160], "    DeletionPolicy: RetainExceptOnCreate\n    UpdateReplacePolicy: Retain\n")
}

func TestADescriptionThatLeavesNoRoomForTheDigestIsAProblem(t *testing.T) {
	room := maxDescription - len(" (0123456789abcdef)")
	assert.Empty(t, problemsOf(t, shop(t, folder{name: "a", yaml: "description: " + strings.Repeat("d", room) + "\n"})))
	problem := onlyProblem(t, shop(t, folder{name: "a", yaml: "description: " + strings.Repeat("d", room+1) + "\n"}))
	assert.Equal(t, "description-length", problem.Rule)
}
