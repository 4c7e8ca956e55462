package main

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/parallel"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The exit codes.
const (
	exitFine     = 0
	exitProblems = 1 // the project's files have problems, the output is stale, or somebody said no
	exitCannot   = 2 // the command could not run
)

// helpWidth is how many columns the help of a command takes.
const helpWidth = 100

// told is an exit code whose reason has been printed.
type told int

func (t told) Error() string { return fmt.Sprintf("exit code %d", int(t)) }

// hinted is an error together with what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// run is the whole command: it writes data to stdout and talk to stderr, reads the
// environment by env, and returns the exit code.
func run(args []string, stdout, stderr io.Writer, env func(string) string) int {
	if env("GOGC") == "" {
		debug.SetGCPercent(400) // a process that ends within the second has no use for tidiness
	}
	return newSession(stdout, stderr, env).execute(args)
}

func (s *session) execute(args []string) (code int) {
	defer func() {
		if p := recover(); p != nil {
			s.fail(diag.Bugf("%v", p))
			_, _ = s.stderr.Write(stackOf(p))
			code = exitCannot
		}
	}()
	root := s.rootCommand()
	root.SetArgs(args)
	root.SetOut(s.stdout)
	root.SetErr(s.stderr)
	err := root.Execute()
	var t told
	switch {
	case err == nil:
		return exitFine
	case errors.As(err, &t):
		return int(t)
	}
	s.fail(err)
	return exitCannot
}

// stackOf is where something panicked that was recovered from.
func stackOf(p any) []byte {
	if beside, ok := p.(*parallel.Panic); ok { // on a goroutine of its own
		return beside.Stack
	}
	return debug.Stack()
}

func (s *session) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "foldstack",
		Short: "A folder becomes a stack: CloudFormation for a directory of functions",
		Long: `A folder becomes a stack: every folder under functions/ is one AWS Lambda function, and
foldstack writes the CloudFormation that delivers all of them to many accounts and
regions. To add a function, add a folder.`,
		Example: `  foldstack list                 # what was found, and how it was understood
  foldstack generate             # write out/
  foldstack generate --check     # print what would change; exit 1 if anything would
  foldstack diff                 # show what a deployment would change
  foldstack verify               # prove that every role can do what it must, and no more
  foldstack bootstrap --dry-run  # show what has to be in the accounts before the pipeline runs
  foldstack status               # show where the pipeline stands and what is deployed`,
		Version:       versionLine(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs, // so that our own message answers a mistyped command
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return togetherRefused(cmd)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", helpWidth)))
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand(root))
	root.AddCommand(
		s.bootstrapCommand(), s.buildCommand(), s.checkCommand(), s.diffCommand(), s.explainCommand(), s.gcCommand(), s.generateCommand(),
		s.listCommand(), s.publishCommand(), s.statusCommand(), s.teardownCommand(), s.verifyCommand(), s.versionCommand(),
	)
	return root
}

// helpCommand is cobra's, but for a topic that there is not.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [command]",
		Short:   "Show how a command is used",
		Example: "  foldstack help generate",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil {
				return fmt.Errorf("finding the command: %w", err)
			}
			if len(rest) > 0 {
				return unknownCommand(cmd, rest[0])
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}

func unknownCommand(cmd *cobra.Command, name string) error {
	err := fmt.Errorf("there is no command %q", name)
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	if near, ok := diag.Suggest(name, names); ok {
		return hinted{err, "did you mean `foldstack " + near + "`?"}
	}
	slices.Sort(names)
	return hinted{err, "the commands are " + strings.Join(names, ", ")}
}

// valueKinds are the types of flags in words.
var valueKinds = map[string]string{
	"bool": "true or false", "duration": "a time such as 90s", "int": "a number", "stringToString": "NAME=VALUE",
	"NAME":         "the name of a role, with its path",
	"ACCOUNT=NAME": "ACCOUNT=NAME, or a name with " + cloud.AccountPlace + " in it for all accounts",
}

// flagError answers a mistyped flag with the nearest one.
func flagError(cmd *cobra.Command, err error) error {
	hint := "`" + cmd.CommandPath() + " --help` lists the flags"
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) {
		return hinted{fmt.Errorf("--%s takes %s, and %q is none", wrong.GetFlag().Name, valueKinds[wrong.GetFlag().Value.Type()], wrong.GetValue()), hint}
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return hinted{err, hint}
	}
	name, dashes := unknown.GetSpecifiedName(), "--"
	if unknown.GetSpecifiedShortnames() != "" {
		dashes = "-"
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near, ok := diag.Suggest(name, names); ok {
		hint = "did you mean `--" + near + "`?"
	}
	return hinted{fmt.Errorf("%s has no flag %s%s", cmd.CommandPath(), dashes, name), hint}
}

// togetherRefused refuses flags that exclude each other, as commands have marked them, by
// our own message.
func togetherRefused(cmd *cobra.Command) error {
	if cmd.ValidateFlagGroups() == nil {
		return nil
	}
	var given []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if len(f.Annotations) > 0 {
			given = append(given, "--"+f.Name)
		}
	})
	return hinted{errors.New(strings.Join(given, " and ") + " cannot be given together"), "give one of them"}
}

// noArguments refuses arguments by our own message.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return hinted{
		fmt.Errorf("%s takes no arguments, and %q is one", cmd.CommandPath(), args[0]),
		"`" + cmd.CommandPath() + " --help` shows how it is used",
	}
}
