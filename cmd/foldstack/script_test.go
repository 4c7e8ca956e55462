package main

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the outputs that the scripts expect")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"foldstack": main, "awscli": awsCLI})
}

// Each script is a behaviour. Besides testscript's own commands there are
//
//	backdate PATH     gives everything at PATH an old time
//	untouched PATH    fails if anything at PATH has another
//	crlf FILE         ends the lines of FILE in CR LF
//	built             puts an archive or image of every function into the local store
//	aws …             is AWS in this process; see aws_test.go
//	pipeline …        does what a pipeline does; see pipeline_test.go
//	empty FOLDER      fails if anything lies in FOLDER
//	symlink           is testscript's; links FILE -> TARGET
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"aws":       aws,
			"backdate":  backdate,
			"built":     built,
			"crlf":      crlf,
			"empty":     emptyFolder,
			"pipeline":  pipeline,
			"untouched": untouched,
		},
	})
}

var longAgo = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)

func walk(ts *testscript.TestScript, neg bool, args []string, visit func(string)) {
	if neg || len(args) != 1 {
		ts.Fatalf("takes one path and no negation")
	}
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(name string, _ fs.DirEntry, err error) error {
		if err == nil {
			visit(name)
		}
		return err
	}))
}

func backdate(ts *testscript.TestScript, neg bool, args []string) {
	walk(ts, neg, args, func(name string) { ts.Check(os.Chtimes(name, longAgo, longAgo)) })
}

func untouched(ts *testscript.TestScript, neg bool, args []string) {
	walk(ts, neg, args, func(name string) {
		info, err := os.Stat(name)
		ts.Check(err)
		if !info.ModTime().Equal(longAgo) {
			ts.Fatalf("%s was touched", name)
		}
	})
}

func crlf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("takes one file and no negation")
	}
	name := ts.MkAbs(args[0])
	ts.Check(os.WriteFile(name, []byte(strings.ReplaceAll(ts.ReadFile(name), "\n", "\r\n")), 0o644))
}

func emptyFolder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("takes one folder and no negation")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(entries) > 0 {
		ts.Fatalf("%s lies in %s", entries[0].Name(), args[0])
	}
}
