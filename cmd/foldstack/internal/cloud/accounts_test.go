package cloud_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
)

const (
	tooling = "111111111111" // whose credentials the SDK finds
	dev     = "222222222222"
	prod    = "333333333333"
)

// start is AWS, for somebody who has profiles of accounts by their names.
func start(t *testing.T, profiles map[string]string) *cloudtest.Server {
	t.Helper()
	server := cloudtest.Start(t)
	var b strings.Builder
	for name, account := range profiles {
		fmt.Fprintf(&b, "[profile %s]\naws_access_key_id = %s\naws_secret_access_key = example\n", name, cloudtest.AccessKey(account))
	}
	file := filepath.Join(t.TempDir(), "config")
	require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o600))
	t.Setenv("AWS_CONFIG_FILE", file)
	return server
}

func enter(doors cloud.Doors) *cloud.Accounts {
	return cloud.Enter("eu-central-1", "aws", doors, cloud.Options{Backoff: func(int) time.Duration { return 0 }})
}

func TestAnAccountIsEnteredByTheDoorThatIsItsOwn(t *testing.T) {
	profiles := map[string]string{"named": dev, "all-" + dev: dev, "all-" + prod: prod, "all-" + tooling: tooling}
	for name, c := range map[string]struct {
		doors   cloud.Doors
		account string
		assumed string // the role, if one is
	}{
		"credentials that are found":       {cloud.Doors{}, tooling, ""},
		"those need no role":               {cloud.Doors{Role: "deployer"}, tooling, ""},
		"a profile":                        {cloud.Doors{Profiles: map[string]string{dev: "named"}}, dev, ""},
		"a profile for every account":      {cloud.Doors{Profile: "all-{account}"}, prod, ""},
		"a profile for this one too":       {cloud.Doors{Profile: "all-{account}"}, tooling, ""},
		"one of its own before that":       {cloud.Doors{Profiles: map[string]string{dev: "named"}, Profile: "none-{account}"}, dev, ""},
		"a profile before a role":          {cloud.Doors{Profiles: map[string]string{dev: "named"}, Role: "deployer"}, dev, ""},
		"a role":                           {cloud.Doors{Role: "deployer"}, dev, "arn:aws:iam::222222222222:role/deployer"},
		"a role with a path":               {cloud.Doors{Role: "/teams/deployer"}, dev, "arn:aws:iam::222222222222:role/teams/deployer"},
		"a role where no profile is given": {cloud.Doors{Profiles: map[string]string{dev: "named"}, Role: "deployer"}, prod, "arn:aws:iam::333333333333:role/deployer"},
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t, profiles)
			session, err := enter(c.doors).Session(t.Context(), c.account)
			require.NoError(t, err)
			assert.Equal(t, c.account, session.Account)
			assert.Contains(t, session.Caller, c.account)
			assumed := ""
			for _, call := range server.Calls() {
				if call.Operation == "AssumeRole" {
					assumed = call.Key
				}
			}
			assert.Equal(t, c.assumed, assumed)
		})
	}
}

func TestWhatIsCalledAfterwardsIsCalledWithTheCredentialsOfTheAccount(t *testing.T) {
	server := start(t, nil)
	accounts := enter(cloud.Doors{Role: "deployer"})
	for _, account := range []string{tooling, dev, prod} {
		session, err := accounts.Session(t.Context(), account)
		require.NoError(t, err)
		credentials, err := session.Config("us-east-1").Credentials.Retrieve(t.Context())
		require.NoError(t, err)
		assert.Equal(t, account == tooling, credentials.AccessKeyID == "AKIDEXAMPLE")
		assert.Equal(t, account, session.Account)
	}
	assert.NotEmpty(t, server.Calls())
}

func TestAnAccountThatCannotBeEnteredSaysWhichDoorItLacks(t *testing.T) {
	for name, c := range map[string]struct {
		doors      cloud.Doors
		text, hint string
	}{
		"no door": {
			cloud.Doors{},
			"the credentials are of account 111111111111 (arn:aws:sts::111111111111:assumed-role/acme-build/session), and nothing says how to get into account 222222222222",
			"`--profile 222222222222=NAME`, or `--role NAME`",
		},
		"a profile of another account": {
			cloud.Doors{Profile: "prod"},
			"the profile prod is of account 333333333333 (arn:aws:sts::333333333333:assumed-role/acme-build/session), and not of 222222222222",
			"`--profile 222222222222=NAME`",
		},
		"a profile that there is not": {
			cloud.Doors{Profile: "team-{account}"},
			"there is no profile team-222222222222, by which account 222222222222 is entered",
			"`aws configure list-profiles`",
		},
		"a role that may not be assumed": {
			cloud.Doors{Role: "deployer"},
			"sts:AssumeRole on arn:aws:iam::222222222222:role/deployer in eu-central-1 as arn:aws:sts::111111111111:assumed-role/acme-build/session: AccessDenied: ",
			"to trust arn:aws:sts::111111111111:assumed-role/acme-build/session",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t, map[string]string{"prod": prod})
			server.Refuse("AssumeRole")
			_, err := enter(c.doors).Session(t.Context(), dev)
			require.ErrorContains(t, err, c.text)
			assert.Contains(t, cloud.HintOf(err), c.hint)
		})
	}
}

// The region in which it is asked whose credentials these are may be one that an account
// has to enable first.
func TestAnAccountWithoutTheRegionSaysSo(t *testing.T) {
	for _, doors := range []cloud.Doors{{Role: "deployer"}, {Profile: "dev"}} {
		server := start(t, map[string]string{"dev": dev})
		server.SetRegion(dev, "eu-central-1", "DISABLED")
		_, err := enter(doors).Session(t.Context(), dev)
		require.Error(t, err)
		assert.Contains(t, cloud.HintOf(err), "aws account enable-region --region-name eu-central-1")
	}
}

func TestEveryAccountThatCannotBeEnteredIsToldAtOnceAndEachOnce(t *testing.T) {
	start(t, map[string]string{"prod": prod})
	doors := cloud.Doors{Profiles: map[string]string{dev: "gone", "444444444444": "prod", "555555555555": "gone too"}}
	err := enter(doors).All(t.Context(), []string{tooling, dev, dev, "444444444444", "555555555555"})
	require.EqualError(t, err, "there is no profile gone, by which account 222222222222 is entered\n"+
		"the profile prod is of account 333333333333 (arn:aws:sts::333333333333:assumed-role/acme-build/session), and not of 444444444444\n"+
		"there is no profile gone too, by which account 555555555555 is entered")
	assert.NotEmpty(t, cloud.HintOf(err))
	require.NoError(t, enter(cloud.Doors{Role: "deployer"}).All(t.Context(), []string{tooling, dev, prod}))
}

func TestCredentialsThatAreNotThereAreMissedOnceAndNotByEveryAccount(t *testing.T) {
	start(t, nil)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	err := enter(cloud.Doors{Role: "deployer"}).All(t.Context(), []string{tooling, dev, prod})
	require.ErrorContains(t, err, "there are no AWS credentials")
	assert.Equal(t, 1, strings.Count(err.Error(), "there are no AWS credentials"))
	assert.Contains(t, cloud.HintOf(err), "aws sso login")
}

func TestAnAccountIsEnteredOnceHoweverManyAsk(t *testing.T) {
	server := start(t, nil)
	accounts := enter(cloud.Doors{Role: "deployer"})
	var group sync.WaitGroup
	for range 10 {
		for _, account := range []string{tooling, dev, prod} {
			group.Go(func() {
				session, err := accounts.Session(t.Context(), account)
				if assert.NoError(t, err) {
					assert.Equal(t, account, session.Account)
				}
			})
		}
	}
	group.Wait()
	counts := map[string]int{}
	for _, call := range server.Calls() {
		counts[call.Operation]++
	}
	assert.Equal(t, map[string]int{"GetCallerIdentity": 3, "AssumeRole": 2}, counts)
}

func TestWhoInterruptsTheEntranceIsNotToldOfAnErrorOfAWS(t *testing.T) {
	for _, operation := range []string{"GetCallerIdentity", "AssumeRole"} {
		server := start(t, nil)
		ctx, interrupt := context.WithCancel(t.Context())
		server.Break(func(call cloudtest.Call) cloudtest.Fault {
			if call.Operation == operation {
				interrupt()
				return cloudtest.Unheard
			}
			return cloudtest.None
		})
		err := enter(cloud.Doors{Role: "deployer"}).All(ctx, []string{dev, prod})
		interrupt()
		require.ErrorIs(t, err, context.Canceled, operation)
		assert.Equal(t, context.Canceled.Error(), err.Error(), operation)
	}
}
