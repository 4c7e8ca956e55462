package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/build"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// cloudOf is the AWS of each script.
var cloudOf sync.Map

// standIn is AWS as a script knows it.
type standIn struct {
	*cloudtest.Server
	reached chan struct{} // a call that hangs has arrived
	end     chan struct{}
}

// aws is a command of scripts:
//
//	aws start REGION…      starts it, with what bootstrap makes for the project shop in these regions
//	aws account ID         gives the credentials another account
//	aws list REGION FILE   writes the keys of the asset bucket and the tags of the repository to FILE
//	aws stacks ACCOUNT REGION FILE     writes the names and states of the stacks to FILE
//	aws fail STACK LOGICALID REASON    makes a resource of a stack fail, until REASON is empty
//	aws refuse OPERATION   denies access from now on; `aws allow` ends that
//	aws hang OPERATION     answers it no more from now on
//	aws watch OPERATION    waits by the next command until it was called twice
//	aws reached            waits until that was called
//	aws connection STATE   gives the connection to the source a state
//	aws region ACCOUNT REGION STATE   gives a region of an account a state
//	aws unit OU ACCOUNT…   gives a unit of the organization its accounts
//	aws made FILE ACCOUNT…            writes the stacks of accounts, with what they were made from, to FILE
//
// and what deliver knows.
func aws(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("aws takes a command and no negation")
	}
	if args[0] == "start" {
		startAWS(ts, args[1:])
		return
	}
	value, ok := cloudOf.Load(ts)
	if !ok {
		ts.Fatalf("aws was not started")
	}
	server := value.(*standIn)
	switch args[0] {
	case "account":
		server.SignIn(args[1])
	case "list":
		ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(server.listing(args[1])), 0o644))
	case "stacks":
		ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(server.stacks(args[1], args[2])), 0o644))
	case "fail":
		server.FailResource(args[1], args[2], args[3])
	case "refuse":
		server.Refuse(args[1])
	case "allow":
		server.Break(nil)
	case "hang":
		server.hang(args[1])
	case "watch":
		server.watch(args[1])
	case "reached":
		<-server.reached
	case "connection":
		server.SetConnections(args[1])
	case "region":
		server.SetRegion(args[1], args[2], args[3])
	case "unit":
		server.SetOrganizationalUnit(args[1], args[2:]...)
	case "made":
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(server.made(args[2:])), 0o644))
	default:
		server.deliver(ts, args)
	}
}

func startAWS(ts *testscript.TestScript, regions []string) {
	s := &standIn{cloudtest.New(), make(chan struct{}), make(chan struct{})}
	for _, region := range regions {
		s.AddBucket(region, model.AssetBucket("shop", s.Account(), region))
		s.AddRepository(region, model.ImageRepository("shop"))
	}
	for name, value := range s.Environment() {
		ts.Setenv(name, value)
	}
	cloudOf.Store(ts, s)
	ts.Defer(func() {
		close(s.end)
		s.Close()
		cloudOf.Delete(ts)
	})
}

func (s *standIn) listing(region string) string {
	var b strings.Builder
	for key := range s.Objects(model.AssetBucket("shop", "111111111111", region)) {
		fmt.Fprintln(&b, key)
	}
	for tag := range s.Tags(region, model.ImageRepository("shop")) {
		fmt.Fprintln(&b, store.ImageKey(tag))
	}
	return b.String()
}

// made are the stacks of accounts, each with what it was made from.
func (s *standIn) made(accounts []string) string {
	var b strings.Builder
	for _, account := range accounts {
		for _, region := range model.KnownRegions() {
			for _, stack := range s.Stacks(account, region) {
				fmt.Fprintf(&b, "%s %s %s %s %v %v %d bytes\n", account, region, stack.Name, stack.Status, stack.Parameters, stack.Outputs, len(stack.Template))
			}
		}
	}
	return b.String()
}

// stacks are those that are there, but for nested ones, in the order of their names.
func (s *standIn) stacks(account, region string) string {
	var lines []string
	for _, stack := range s.Stacks(account, region) {
		if !stack.Nested {
			lines = append(lines, stack.Name+" "+stack.Status+"\n")
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func (s *standIn) watch(operation string) {
	var seen atomic.Int32
	s.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation == operation && seen.Add(1) == 2 {
			close(s.reached)
		}
		return cloudtest.None
	})
}

func (s *standIn) hang(operation string) {
	var once sync.Once
	s.Break(func(c cloudtest.Call) cloudtest.Fault {
		if c.Operation != operation {
			return cloudtest.None
		}
		once.Do(func() { close(s.reached) })
		<-s.end
		return cloudtest.Unheard
	})
}

// built puts into the local store what a build would make, but for the code.
func built(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("takes nothing and no negation")
	}
	ts.Check(fillStore(ts.MkAbs(".")))
}

func fillStore(root string) error {
	result, err := generator.Check(context.Background(), generator.Options{Root: root})
	if err != nil {
		return err
	}
	for i := range result.Project.Functions {
		f := &result.Project.Functions[i]
		if f.Package == model.Image {
			err = errors.Join(err, storeImage(filepath.Join(root, build.Folder, store.ImageKey(f.Digest))))
		} else {
			err = errors.Join(err, storeArchive(filepath.Join(root, build.Folder, model.ArchiveKey(f.Digest)), "the archive of "+f.Name))
		}
	}
	return err
}

func storeArchive(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

func storeImage(folder string) error {
	path, err := layout.Write(folder, empty.Index)
	if err != nil {
		return err
	}
	return path.AppendImage(empty.Image)
}
