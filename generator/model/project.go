package model

import (
	"slices"
	"strings"
	"unicode"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// Project is foldstack.yaml, the folders that it points at and what they hold.
type Project struct {
	Place        diag.Place   // of foldstack.yaml
	Root         *source.Node // what stands in it
	Name         string       // prefix of every name; a-z, 0-9 and -
	Patterns     []string     // doublestar patterns of the folders that hold functions
	Exclude      []string     // doublestar patterns of folders that are no functions
	Output       string       // slash path of the output folder, relative to the root
	OutputPlace  diag.Place   // where that is said
	Tool         string       // how a build starts foldstack: "go run ./cmd/foldstack"
	Tooling      Location     // the account and region of the pipeline
	Source       Source
	Build        Build
	Environments []Environment // in the order of promotion
	Defaults     Defaults
	Unchecked    []string    // types of resources whose schemas are newer than this program's
	Boundary     []Allowance // the ceiling of every role that a deployment creates
	Deployment   []Allowance // what CloudFormation may do beyond our own vocabulary
	Stacks       []Stack     // plain templates nested beside the functions, by name
	Functions    []Function  // by name
	Skipped      []Skipped   // folders and files that were not taken, by path
}

// At is the place of the value at a path of keys in foldstack.yaml, or of the last
// one on the way that is written.
func (p *Project) At(path ...string) diag.Place {
	place, node := p.Place, p.Root
	for _, key := range path {
		if node = node.Get(key); node == nil {
			break
		}
		place = node.Place
	}
	return place
}

// IsCommand reports whether a text can stand as a command in a buildspec: it is one
// line of printable characters.
func IsCommand(text string) bool {
	return strings.TrimSpace(text) != "" && !strings.ContainsFunc(text, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) })
}

// Location is one region of one account.
type Location struct {
	Account string // twelve digits
	Region  string
	Place   diag.Place // of the region
}

// Source is where the pipeline takes the project from.
type Source struct {
	Place    diag.Place
	Provider SourceProvider
	Folder   string // the project's, in what the source gives; empty where it is all of it
	// Of a connection:
	Repository string // owner/name
	Branch     string
	Connection string // ARN of a given connection; empty: the tooling stack makes one
	// Of a bucket:
	Bucket string // a given versioned bucket; empty: the tooling stack makes one
	Key    string
}

// SourceProvider is a value of source.provider.
type SourceProvider string

// The providers. All but S3 are reached through a CodeConnections connection.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
const (
	GitHub           SourceProvider = "github"
	GitHubEnterprise SourceProvider = "github-enterprise"
	GitLab           SourceProvider = "gitlab"
	GitLabSelf       SourceProvider = "gitlab-self-managed"
	Bitbucket        SourceProvider = "bitbucket"
	S3               SourceProvider = "s3"
)

// Build is what the build project runs on.
//
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
type Build struct {
	Image       string // CodeBuild image
	Type        string // environment type, such as ARM_CONTAINER
	ComputeType string // such as BUILD_GENERAL1_SMALL
	Privileged  bool   // container images can only be built with it
	Timeout     int    // minutes
}

// Environment is a named step of promotion.
type Environment struct {
	Name     string
	Place    diag.Place
	Accounts []source.Field[string]
	Regions  []source.Field[string]
	Approval *Approval // nil: none
}

// Defaults are what every function has unless it says otherwise.
type Defaults struct {
	Settings     Settings
	Architecture Choice
}

// Approval asks people before an environment's change sets are executed.
type Approval struct {
	Place   diag.Place
	Notify  []string // e-mail addresses
	Timeout int      // minutes
}

// Target is one account and one region of one environment.
type Target struct {
	Environment string
	Account     string
	Region      string
}

// Targets lists an environment's targets, account by account.
func (e *Environment) Targets() []Target {
	targets := make([]Target, 0, len(e.Accounts)*len(e.Regions))
	for _, account := range e.Accounts {
		for _, region := range e.Regions {
			targets = append(targets, Target{e.Name, account.Value, region.Value})
		}
	}
	return targets
}

// Targets lists every target of the project in the order of promotion.
func (p *Project) Targets() []Target {
	var targets []Target
	for i := range p.Environments {
		targets = append(targets, p.Environments[i].Targets()...)
	}
	return targets
}

// Regions lists the tooling region first, then every other region that a
// target lies in, in the order of first use.
func (p *Project) Regions() []string {
	regions := []string{p.Tooling.Region}
	seen := map[string]bool{p.Tooling.Region: true}
	for _, t := range p.Targets() {
		if !seen[t.Region] {
			seen[t.Region] = true
			regions = append(regions, t.Region)
		}
	}
	return regions
}

// Accounts lists every account that holds a target, in the order of first use.
func (p *Project) Accounts() []string {
	var accounts []string
	seen := map[string]bool{}
	for _, t := range p.Targets() {
		if !seen[t.Account] {
			seen[t.Account] = true
			accounts = append(accounts, t.Account)
		}
	}
	return accounts
}

// Environment returns the environment of that name, or nil.
func (p *Project) Environment(name string) *Environment {
	for i := range p.Environments {
		if p.Environments[i].Name == name {
			return &p.Environments[i]
		}
	}
	return nil
}

// Function returns the function of that name, or nil.
func (p *Project) Function(name string) *Function {
	i, found := slices.BinarySearchFunc(p.Functions, name, func(f Function, name string) int { return strings.Compare(f.Name, name) })
	if !found {
		return nil
	}
	return &p.Functions[i]
}

// Allowance is a statement that a user wrote: actions on resources.
type Allowance struct {
	Place diag.Place
	Allow []source.Field[string]
	On    []*source.Node // nil: every resource, where IAM knows no narrower one
}

// Stack is a user's own template that is nested beside the functions.
type Stack struct {
	Name       string
	Place      diag.Place // in foldstack.yaml
	File       string     // slash path of the template
	FilePlace  diag.Place // where that is written
	Data       []byte     // its bytes, published as they are
	Template   *source.Node
	Parameters []source.Pair // values that foldstack.yaml gives
	Only       Only
}

// Skipped is something in a functions folder that is no function, and why.
type Skipped struct {
	Path   string
	Reason string
	Code   bool // it holds code, and may have been meant as a function
}
