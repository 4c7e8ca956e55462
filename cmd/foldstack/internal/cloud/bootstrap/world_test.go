package bootstrap_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/bootstrap"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
	"github.com/foldstack/foldstack/generator"
)

const (
	tooling = "111111111111"
	dev     = "222222222222"
	prod    = "333333333333"
	prodToo = "444444444444"
	first   = "eu-central-1"
	second  = "us-east-1"
)

const usual = `project: shop
tooling: {account: "111111111111", region: eu-central-1}
source: {provider: github, repository: acme/shop}
environments:
  dev: {accounts: ["222222222222"]}
  prod: {accounts: ["333333333333", "444444444444"], regions: [eu-central-1, us-east-1]}
`

var generations sync.Map

// generated are the base stacks of a project with one function. They are made once.
func generated(t *testing.T, config string) *generator.Result {
	t.Helper()
	if made, ok := generations.Load(config); ok {
		return made.(*generator.Result)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"foldstack.yaml": config, "functions/hello/index.mjs": "export const handler = async () => null;\n"} {
		file := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	result, err := generator.Check(t.Context(), generator.Options{Root: dir})
	require.NoError(t, err)
	require.Empty(t, result.Problems)
	generations.Store(config, result)
	return result
}

// world is AWS and a project to be bootstrapped in it, by somebody who may assume a
// role in every account.
type world struct {
	*cloudtest.Server
	result  *generator.Result
	options bootstrap.Options
	doors   cloud.Doors
	story
}

func newWorld(t *testing.T, config string) *world {
	t.Helper()
	w := &world{Server: cloudtest.Start(t), result: generated(t, config), doors: cloud.Doors{Role: "bootstrap"}}
	w.Looks = 1
	w.SetConnections("AVAILABLE")
	return w
}

func now(int) time.Duration { return 0 }

func (w *world) look(ctx context.Context) (*bootstrap.Plan, error) {
	accounts := cloud.Enter(first, "aws", w.doors, cloud.Options{Backoff: now, Pause: now})
	return bootstrap.Look(ctx, accounts, w.result.Project, w.result.Bases, w.options)
}

// run is a whole bootstrap.
func (w *world) run(ctx context.Context) error {
	plan, err := w.look(ctx)
	if err != nil {
		return err
	}
	w.steps, w.events, w.waiting = nil, nil, nil
	return plan.Run(ctx, &w.story)
}

// story is what a watcher was told.
type story struct {
	steps   []string // begun and ended
	events  []string
	waiting []string
	onEvent func(s *bootstrap.Step, e stacks.Event)
	onEnd   func(s *bootstrap.Step)
	onWait  func()
}

func (s *story) Begun(step *bootstrap.Step) { s.steps = append(s.steps, "begun "+called(step)) }
func (s *story) Ended(step *bootstrap.Step) {
	end := string(step.Outcome)
	if step.Err != nil {
		end = "failed"
	}
	s.steps = append(s.steps, end+" "+called(step))
	if s.onEnd != nil {
		s.onEnd(step)
	}
}

func (s *story) Event(step *bootstrap.Step, e stacks.Event) {
	s.events = append(s.events, called(step)+" "+e.LogicalID+" "+e.Status)
	if s.onEvent != nil {
		s.onEvent(step, e)
	}
}

func (s *story) Waiting(c *bootstrap.Connection) {
	s.waiting = append(s.waiting, c.URL)
	if s.onWait != nil {
		s.onWait()
	}
}

// called is a step in few words: shop-dev-target@222222222222/eu-central-1.
func called(s *bootstrap.Step) string { return s.Name + "@" + s.Account + "/" + s.Region }

// actions are those of a plan, by step.
func actions(p *bootstrap.Plan) []string {
	var list []string
	for _, s := range p.Steps {
		list = append(list, string(s.Action)+" "+called(s))
	}
	return list
}

// there is everything that CloudFormation holds: each stack in a line, with what it was
// made from.
func (w *world) there() []string {
	var list []string
	for _, account := range w.accounts() {
		for _, region := range w.result.Project.Regions() {
			for _, s := range w.Stacks(account, region) {
				name := number.ReplaceAllString(s.Name, "")
				list = append(list, fmt.Sprintf("%s@%s/%s %s %s %v", name, account, region, s.Status, s.Outputs[generator.BaseDigest], s.Parameters))
			}
		}
	}
	slices.Sort(list)
	return list
}

// number is what ends the names of the stacks of a set.
var number = regexp.MustCompile(`-[0-9a-f-]{36}$`)

func (w *world) accounts() []string {
	list := []string{tooling}
	for _, t := range w.result.Project.Targets() {
		if !slices.Contains(list, t.Account) {
			list = append(list, t.Account)
		}
	}
	return list
}

// stack is one that is there.
func (w *world) stack(account, region, name string) cloudtest.Stack {
	for _, s := range w.Stacks(account, region) {
		if s.Name == name {
			return s
		}
	}
	return cloudtest.Stack{}
}

// calls are the operations that were asked for, of some services.
func (w *world) operations(prefix string) []string {
	var list []string
	for _, c := range w.Calls() {
		if strings.HasPrefix(c.Operation, prefix) {
			list = append(list, c.Operation+" "+c.Key+"@"+c.Account+"/"+c.Region)
		}
	}
	return list
}
