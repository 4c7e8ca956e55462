package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/bootstrap"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// printBootstrap prints commands of the AWS CLI that do what a bootstrap does.
func (s *session) printBootstrap(result *generator.Result, root string, f bootstrapFlags) error {
	bases, err := f.Choose(result.Bases)
	if err != nil {
		return err
	}
	p := &script{project: result.Project, flags: f}
	if dir := elsewhere(root); dir != "" {
		p.line("cd %s", shellWord(dir))
	}
	if bases[0].NeedsKey {
		p.account(result.Project.Tooling.Account, "")
		p.takeKey()
	}
	for _, b := range bases {
		p.base(b)
	}
	if _, err := io.WriteString(s.stdout, p.text.String()); err != nil {
		return fmt.Errorf("printing the commands: %w", err)
	}
	return nil
}

// script is a list of commands for a shell.
type script struct {
	project *model.Project
	flags   bootstrapFlags
	text    strings.Builder
	last    string // what was said of the account
	entered string // the account whose credentials were looked at last
	made    []string
}

func (p *script) line(format string, args ...any) { fmt.Fprintf(&p.text, format+"\n", args...) }

// aws is a command of the AWS CLI with credentials of an account. What comes last is
// for the shell as it is.
func (p *script) aws(account string, words []string, raw ...string) string {
	list := []string{p.flags.cli(account)}
	for _, word := range words {
		list = append(list, shellWord(word))
	}
	return strings.Join(append(list, raw...), " ")
}

// account says whose credentials the next commands need, and has them looked at: with
// those of another account they would deploy there.
func (p *script) account(account, why string) {
	text := "# in account " + account
	if account == p.project.Tooling.Account {
		text = "# in the tooling account, " + account
	}
	if role := p.flags.doors.Role; role != "" && p.flags.doors.ProfileOf(account) == "" {
		text += ", as its role " + role
	}
	if text += why; text != p.last {
		p.line("%s", text)
	}
	p.last = text
	if account != p.entered {
		p.line(`test "$(%s)" = %s || { echo 'these are not credentials of account %[2]s' >&2; false; }`,
			p.aws(account, []string{"sts", "get-caller-identity", "--query", "Account", "--output", "text"}), account)
	}
	p.entered = account
}

// takeKey reads the id of the key from the tooling stack.
func (p *script) takeKey() {
	tooling := p.project.Tooling
	p.line("key=$(%s)", p.aws(tooling.Account,
		[]string{"cloudformation", "describe-stacks", "--region", tooling.Region, "--stack-name", model.ToolingStack(p.project.Name)},
		"--query", fmt.Sprintf(`"Stacks[0].Outputs[?OutputKey=='%s'].OutputValue"`, generator.BaseKey), "--output", "text",
	))
}

// base deploys a stack.
func (p *script) base(b generator.Base) {
	if units := p.flags.Sets.Of(b.Environment); units != nil {
		p.set(b, units)
		return
	}
	why := ""
	switch {
	case b.Environment != "":
		why = ", for " + b.Environment
	case b.UpdatesItself && p.project.Source.Provider != model.S3 && p.project.Source.Connection == "":
		why = ", after the connection was authorised at " + bootstrap.ConsoleURL(b.Region)
	}
	p.account(b.Account, why)
	large := len(b.Template) > stacks.MaxTemplate
	if large && b.Seed != nil {
		p.seed(b)
	}
	words := []string{"cloudformation", "deploy", "--region", b.Region, "--stack-name", b.Name, "--template-file", b.File, "--no-fail-on-empty-changeset"}
	if large {
		tooling := p.project.Tooling
		words = append(words, "--s3-bucket", model.ArtifactBucket(p.project.Name, tooling.Account, tooling.Region), "--s3-prefix", bootstrap.Prefix)
	}
	if b.Makes("IAM") {
		words = append(words, "--capabilities", "CAPABILITY_NAMED_IAM")
	}
	p.line("%s", p.aws(b.Account, words, p.parameters(b, "--parameter-overrides", "%s=%s")...))
	if b.Name == model.ToolingStack(p.project.Name) {
		p.takeKey()
	}
}

// seed makes a stack of its seed where it is not there. It is a creation, which is refused
// where somebody else was faster: deploying the seed would make that stack small again.
//
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/wait/stack-create-complete.html
func (p *script) seed(b generator.Base) {
	cloudFormation := func(words ...string) string {
		return p.aws(b.Account, slices.Concat([]string{"cloudformation"}, words, []string{"--region", b.Region, "--stack-name", b.Name}))
	}
	p.line("# %s is too large for a call: where the stack is not there, the bucket that takes it is made first", b.File)
	p.line("%s >/dev/null 2>&1 || {", cloudFormation("describe-stacks"))
	p.line("%s", cloudFormation("create-stack", "--template-body", string(b.Seed)))
	p.line("%s", cloudFormation("wait", "stack-create-complete"))
	p.line("}")
}

// parameters are those of a stack, each in the given form. The key's id is a variable.
func (p *script) parameters(b generator.Base, flag, form string) []string {
	var list []string
	for name, value := range b.Parameters("") {
		value = shellWord(value)
		if name == generator.BaseKey {
			value = `"$key"`
		}
		list = append(list, fmt.Sprintf(form, name, value))
	}
	if slices.Sort(list); len(list) > 0 {
		list = append([]string{flag}, list...)
	}
	return list
}

// set makes a stack set of all accounts of an environment.
func (p *script) set(b generator.Base, units []string) {
	if slices.Contains(p.made, b.Name) {
		return
	}
	p.made = append(p.made, b.Name)
	account, home := p.flags.Sets.Account, p.project.Tooling.Region
	p.account(account, ", which manages the organization; where that is delegated to it, with --call-as DELEGATED_ADMIN")
	p.line("%s", p.aws(account, []string{
		"cloudformation", "create-stack-set", "--region", home, "--stack-set-name", b.Name, "--template-body", "file://" + b.File,
		"--capabilities", "CAPABILITY_NAMED_IAM", "--permission-model", "SERVICE_MANAGED", "--auto-deployment", "Enabled=true,RetainStacksOnAccountRemoval=true",
	}, p.parameters(b, "--parameters", "ParameterKey=%s,ParameterValue=%s")...))
	p.line("%s", p.aws(account, []string{
		"cloudformation", "create-stack-instances", "--region", home, "--stack-set-name", b.Name, "--regions", b.Region,
		"--deployment-targets", "OrganizationalUnitIds=" + strings.Join(units, ","),
		"--operation-preferences", "MaxConcurrentPercentage=100,FailureTolerancePercentage=100",
	}))
}
