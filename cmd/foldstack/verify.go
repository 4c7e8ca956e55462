package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/proof"
	"github.com/spf13/cobra"
)

// verifyFlags are the flags of verify.
type verifyFlags struct {
	projectFlags
	estate    string
	templates string
	explain   string
	whoCan    string
	policy    string
	verbose   bool
	strict    bool
	json      bool
}

func (s *session) verifyCommand() *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Prove that every role can do what its step needs, and nothing more",
		Long: `Verify makes of the templates every resource of every account and region, and asks of each call
that the delivery makes, from the source action to a function's log, whether the policies allow
it: identity policies, boundaries, resource and trust policies, keys. It asks just as much which
calls must be refused, and which grants nothing needs. It calls no network.

A call that is not allowed is told with the policies that were asked, the statement that came
nearest and why it did not match, and what to add where. generate proves the same and writes
nothing while a call is refused that is needed.

--explain, --who-can and --policy answer questions about any account of the project. Roles and
resources are named by ARN, name or logical id, services as lambda.amazonaws.com.

With --templates and --estate it proves templates that foldstack did not generate; the file says
what is deployed where and with which parameters (docs/verify.md). Without --templates the file may
still bring the service control policies of the organisation.`,
		Example: `  foldstack verify
  foldstack verify --explain "acme-prod-deploy iam:PassRole arn:aws:iam::333333333333:role/…"
  foldstack verify --who-can "kms:Decrypt arn:aws:kms:eu-central-1:111111111111:key/…"
  foldstack verify --policy acme-prod-cloudformation
  foldstack verify --templates templates --estate estate.yaml`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, question := range []string{"explain", "who-can", "policy"} {
				if asked := cmd.Flags().Lookup(question); asked.Changed && asked.Value.String() == "" {
					return hinted{fmt.Errorf("--%s asks nothing", question), "`foldstack verify --help` shows how it is used"}
				}
			}
			return s.runVerify(cmd.Context(), f)
		},
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.estate, "estate", "", "`file` that tells where templates are deployed, and the organisation's policies")
	flags.StringVar(&f.templates, "templates", "", "`folder` of templates to prove in place of the project's; needs --estate")
	flags.StringVar(&f.explain, "explain", "", "whether somebody may do something, and why: `\"WHO ACTION RESOURCE\"`")
	flags.StringVar(&f.whoCan, "who-can", "", "everybody who may do something: `\"ACTION RESOURCE\"`")
	flags.StringVar(&f.policy, "policy", "", "what a `role` may do, on one page")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "list the wildcards that stay, with their reasons")
	flags.BoolVar(&f.strict, "strict", false, "exit 1 for a grant that nothing needs, too")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	flags.BoolVarP(&s.quiet, "quiet", "q", false, "print what was found only")
	cmd.MarkFlagsMutuallyExclusive("explain", "who-can", "policy")
	return cmd
}

func (s *session) runVerify(ctx context.Context, f verifyFlags) error {
	result, err := s.verify(ctx, f)
	if err != nil {
		return err
	}
	if result.Proof == nil {
		return s.unverified(result, f.json)
	}
	switch {
	case f.explain != "":
		return s.explain(result.Proof, f)
	case f.whoCan != "":
		return s.whoCan(result.Proof, f)
	case f.policy != "":
		return s.policyOf(result.Proof, f)
	}
	result.Proof.Weigh()
	return s.verdict(result, f)
}

// verify proves a project, or the templates that an estate names.
func (s *session) verify(ctx context.Context, f verifyFlags) (*generator.Result, error) {
	done := s.progress("verifying")
	defer done()
	if f.templates != "" {
		if f.estate == "" {
			return nil, hinted{errors.New("--templates says which templates there are, and nothing says where they are deployed"), "name the file that does by --estate; docs/verify.md shows one"}
		}
		return generator.VerifySurvey(generator.SurveyOptions{File: f.estate, Templates: f.templates})
	}
	options, err := f.options()
	if err != nil {
		return nil, err
	}
	options.Estate = f.estate
	return generator.Check(ctx, options)
}

// unverified tells what has to be mended before anything can be proved.
func (s *session) unverified(result *generator.Result, asJSON bool) error {
	if asJSON {
		if err := diag.WriteJSON(s.stdout, result.Problems); err != nil {
			return fmt.Errorf("printing the problems: %w", err)
		}
	} else if err := s.problems(result.Problems, result.Sources); err != nil {
		return err
	}
	s.say("%s; the permissions are proved when there are none", count(len(result.Problems), "problem"))
	return told(exitProblems)
}

// verdict prints the proof.
func (s *session) verdict(result *generator.Result, f verifyFlags) error {
	var err error
	if f.json {
		err = s.object(result.Proof)
	} else {
		err = s.showProof(result, f.verbose)
	}
	if err != nil {
		return err
	}
	p := result.Proof
	wrong := len(result.Problems)
	if f.strict {
		wrong += len(p.Surplus) + len(p.Unproved)
	}
	if wrong > 0 {
		s.say("%s", count(wrong, "finding"))
		return told(exitProblems)
	}
	if f.templates == "" {
		s.say("next: %s", again("generate", f.given()))
	}
	return nil
}

// words are the parts of a question.
func words(flag, question string, names ...string) ([]string, error) {
	list := strings.Fields(question)
	if len(list) != len(names) {
		return nil, hinted{
			fmt.Errorf("--%s has %s, and takes %d: %s", flag, count(len(list), "word"), len(names), strings.Join(names, ", ")),
			fmt.Sprintf("put all of them in one pair of quotes: --%s %q", flag, strings.ToUpper(strings.Join(names, " "))),
		}
	}
	return list, nil
}

// asked is why a question has no answer.
func asked(err error) error {
	return hinted{err, "`foldstack verify --help` says how roles and resources are named"}
}

// explain tells whether somebody may do something.
func (s *session) explain(p *proof.Proof, f verifyFlags) error {
	w, err := words("explain", f.explain, "who", "action", "resource")
	if err != nil {
		return err
	}
	chain, err := p.Explain(w[0], w[1], w[2])
	if err != nil {
		return asked(fmt.Errorf("explaining %s: %w", f.explain, err))
	}
	if f.json {
		return s.object(chain)
	}
	return s.showChain(chain)
}

func (s *session) whoCan(p *proof.Proof, f verifyFlags) error {
	w, err := words("who-can", f.whoCan, "action", "resource")
	if err != nil {
		return err
	}
	list, err := p.WhoCan(w[0], w[1])
	if err != nil {
		return asked(fmt.Errorf("looking for who can %s: %w", f.whoCan, err))
	}
	if f.json {
		return s.object(list)
	}
	if err := s.showAccess(list, f.whoCan); err != nil {
		return err
	}
	if meant, ok := p.Meant(w[0]); ok && len(list) == 0 {
		s.hint("nothing here calls " + w[0] + "; did you mean " + meant + "?")
	}
	return nil
}

func (s *session) policyOf(p *proof.Proof, f verifyFlags) error {
	effective, err := p.PolicyOf(f.policy)
	if err != nil {
		return asked(fmt.Errorf("looking for the role %s: %w", f.policy, err))
	}
	if f.json {
		return s.object(effective)
	}
	return s.showPolicy(effective)
}
