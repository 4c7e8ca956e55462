package cloud

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Doors are how somebody gets into the accounts of a project. Credentials that the SDK
// finds by itself open the account that they are of; the others need a profile or a role.
type Doors struct {
	// Profiles are those of ~/.aws/config, by account.
	Profiles map[string]string
	// Profile names the profile of every other account, with [AccountPlace] in it, or is empty.
	Profile string
	// Role is the name of a role, with its path, which is assumed in every account
	// that has no profile, or is empty.
	Role string
}

// AccountPlace stands for the number of the account in the name of a profile.
const AccountPlace = "{account}"

// ProfileOf is the profile of an account, or empty.
func (d Doors) ProfileOf(account string) string {
	if name := d.Profiles[account]; name != "" {
		return name
	}
	return strings.ReplaceAll(d.Profile, AccountPlace, account)
}

// Accounts are those of a project, each entered once and when it is needed. They may be
// asked for at the same time.
type Accounts struct {
	region, partition string
	doors             Doors
	options           Options

	found entry // of the credentials that the SDK finds by itself

	lock    sync.Mutex
	entries map[string]*entry
}

// entry is an account that somebody enters or has entered.
type entry struct {
	once    sync.Once
	session *Session
	err     error
}

// Enter makes ready to enter accounts of a partition. The region is where it is asked
// whose credentials these are.
func Enter(region, partition string, doors Doors, options Options) *Accounts {
	return &Accounts{region: region, partition: partition, doors: doors, options: options, entries: map[string]*entry{}}
}

// Session is access to an account. It fails where the credentials turn out to be of
// another one. The context of whoever asks first is that of the call.
func (a *Accounts) Session(ctx context.Context, account string) (*Session, error) {
	e := a.entry(account)
	e.once.Do(func() { e.session, e.err = a.enter(ctx, account) })
	return e.session, e.err
}

func (a *Accounts) entry(account string) *entry {
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.entries[account] == nil {
		a.entries[account] = &entry{}
	}
	return a.entries[account]
}

func (a *Accounts) enter(ctx context.Context, account string) (*Session, error) {
	if profile := a.doors.ProfileOf(account); profile != "" {
		return a.byProfile(ctx, account, profile)
	}
	found := &a.found
	found.once.Do(func() { found.session, found.err = Open(ctx, a.region, a.options) })
	switch {
	case found.err != nil:
		return nil, found.err
	case found.session.Account == account:
		return found.session, nil
	case a.doors.Role == "":
		return nil, Failure{
			fmt.Errorf("the credentials are of account %s (%s), and nothing says how to get into account %s", found.session.Account, found.session.Caller, account),
			"give `--profile " + account + "=NAME`, or `--role NAME` of a role that you may assume in every account",
		}
	}
	return found.session.assume(ctx, account, fmt.Sprintf("arn:%s:iam::%s:role/%s", a.partition, account, strings.TrimPrefix(a.doors.Role, "/")))
}

func (a *Accounts) byProfile(ctx context.Context, account, profile string) (*Session, error) {
	s, err := open(ctx, a.region, profile, a.options)
	var absent config.SharedConfigProfileNotExistError
	switch {
	case errors.As(err, &absent):
		return nil, Failure{
			fmt.Errorf("there is no profile %s, by which account %s is entered", profile, account),
			"`aws configure list-profiles` lists those that there are; give the right one by `--profile " + account + "=NAME`",
		}
	case err != nil:
		return nil, fmt.Errorf("entering account %s by the profile %s: %w", account, profile, err)
	}
	if s.Account != account {
		return nil, Failure{
			fmt.Errorf("the profile %s is of account %s (%s), and not of %s", profile, s.Account, s.Caller, account),
			"give the profile of that account by `--profile " + account + "=NAME`",
		}
	}
	return s, nil
}

// sessionName is how the sessions of assumed roles are called in the logs of AWS.
const sessionName = "foldstack"

// assume is access by a role that these credentials may assume.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func (s *Session) assume(ctx context.Context, account, role string) (*Session, error) {
	assumed := &Session{config: s.config.Copy(), uploads: s.uploads, prompt: s.prompt, backoff: s.backoff, pause: s.pause}
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(s.config), role, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = sessionName
	})
	assumed.config.Credentials = aws.NewCredentialsCache(provider)
	if _, err := assumed.config.Credentials.Retrieve(ctx); err != nil {
		return nil, Interrupted(ctx, s.Explain(err, Call{
			Action: "sts:AssumeRole", Region: s.config.Region, Resource: role,
			Hints: map[string]string{
				"AccessDenied": "the role has to exist in account " + account + " and to trust " + s.Caller +
					"; `--role` names another, `--profile " + account + "=NAME` a profile instead",
				"RegionDisabledException": enabling(s.config.Region),
			},
		}))
	}
	return assumed, Interrupted(ctx, assumed.identify(ctx))
}

// All enters accounts and returns every failure at once.
func (a *Accounts) All(ctx context.Context, accounts []string) error {
	return Each(ctx, len(accounts), func(i int) error {
		_, err := a.Session(ctx, accounts[i])
		return err
	})
}
