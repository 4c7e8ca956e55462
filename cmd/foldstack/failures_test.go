package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
)

// toldOf are the lines of a command that ended with an error.
func toldOf(err error) string {
	var talk bytes.Buffer
	(&session{stderr: &talk}).fail(err)
	return talk.String()
}

func closed(account string) error {
	return cloud.Hinted(
		errors.New("sts:AssumeRole on arn:aws:iam::"+account+":role/admin as arn:aws:iam::111111111111:user/ada: AccessDenied"),
		"the role has to exist in account "+account+"; `--profile "+account+"=NAME` is another way",
	)
}

// Forty accounts that lack a role are one failure, which names them all.
func TestWhatFailsInManyAccountsIsToldOnce(t *testing.T) {
	var all []error
	var accounts []string
	for i := range 40 {
		accounts = append(accounts, fmt.Sprintf("%012d", 222222222222+i))
		all = append(all, closed(accounts[i]))
	}
	err := leaving(errors.Join(all...), "nothing was removed")
	assert.Equal(t, `foldstack: error: sts:AssumeRole on arn:aws:iam::ACCOUNT:role/admin as arn:aws:iam::111111111111:user/ada: AccessDenied; nothing was removed
    where ACCOUNT is `+strings.Join(accounts, ", ")+`
foldstack: hint: the role has to exist in account ACCOUNT; `+"`--profile ACCOUNT=NAME`"+` is another way
`, toldOf(err))
	listed := listedFailures(err)
	assert.Len(t, listed, 40, "programs have each by itself")
	assert.Equal(t, listedFailure{all[39].Error() + "; nothing was removed", cloud.HintOf(all[39])}, listed[39])
}

func TestAFailureThatIsAloneIsToldAsItIs(t *testing.T) {
	assert.Equal(t, `foldstack: error: sts:AssumeRole on arn:aws:iam::222222222222:role/admin as arn:aws:iam::111111111111:user/ada: AccessDenied
foldstack: hint: the role has to exist in account 222222222222; `+"`--profile 222222222222=NAME`"+` is another way
`, toldOf(closed("222222222222")))
}

func TestWhatDiffersInRegionsAndAccountsNamesBoth(t *testing.T) {
	in := func(account, region string) error {
		return errors.New("s3:PutObject on shop-assets-" + account + "-" + region + " in " + region + ": AccessDenied")
	}
	assert.Equal(t, `foldstack: error: s3:PutObject on shop-assets-ACCOUNT-REGION in REGION: AccessDenied
    where ACCOUNT REGION is 222222222222 eu-central-1, 222222222222 us-east-1, 333333333333 us-east-1
`, toldOf(errors.Join(in("222222222222", "eu-central-1"), in("222222222222", "us-east-1"), in("333333333333", "us-east-1"))))
	assert.Equal(t, `foldstack: error: s3:PutObject on shop-assets-222222222222-REGION in REGION: AccessDenied
    where REGION is eu-central-1, us-east-1
`, toldOf(errors.Join(in("222222222222", "eu-central-1"), in("222222222222", "us-east-1"))))
}

func TestALongerNumberIsNoAccount(t *testing.T) {
	assert.Equal(t, "foldstack: error: run 20260101000000 failed\nfoldstack: error: run 20260101000001 failed\n",
		toldOf(errors.Join(errors.New("run 20260101000000 failed"), errors.New("run 20260101000001 failed"))))
}

// Of two accounts that differ each has a name, or nobody would know which is which.
func TestTwoAccountsInOneFailureAreKeptApart(t *testing.T) {
	of := func(is, want string) error { return errors.New("the profile is of " + is + ", and not of " + want) }
	assert.Equal(t, `foldstack: error: the profile is of ACCOUNT, and not of ACCOUNT2
    where ACCOUNT ACCOUNT2 is 222222222222 333333333333, 444444444444 222222222222
foldstack: error: the profile is of 555555555555, and not of 555555555555
`, toldOf(errors.Join(of("222222222222", "333333333333"), of("555555555555", "555555555555"), of("444444444444", "222222222222"))))
}

func TestAHintIsSaidOnceForAllThatItHelps(t *testing.T) {
	fail := func(text, hint string) error { return cloud.Hinted(errors.New(text), hint) }
	assert.Equal(t, `foldstack: error: the profile dev expired
foldstack: error: the profile prod expired
foldstack: hint: sign in
foldstack: error: no region
foldstack: hint: enable it
foldstack: error: no idea
`, toldOf(errors.Join(
		fail("the profile dev expired", "sign in"), fail("no region", "enable it"), errors.New("no idea"), fail("the profile prod expired", "sign in"),
	)))
}

func TestWhatTheMachineForbidsHasAHint(t *testing.T) {
	forbidden := fmt.Errorf("making the local store: %w", &fs.PathError{Op: "mkdir", Path: "shop/.foldstack", Err: fs.ErrPermission})
	assert.Equal(t, `foldstack: error: making the local store: mkdir shop/.foldstack: permission denied
foldstack: hint: whoever runs foldstack needs the right to read and write there: another user may have made it, such as root in a container
`, toldOf(forbidden))
	assert.Equal(t, "sign in", hintOf(cloud.Hinted(forbidden, "sign in")), "who knows more is heard first")
	assert.Empty(t, hintOf(&fs.PathError{Op: "open", Path: "x", Err: fs.ErrExist}))
}
