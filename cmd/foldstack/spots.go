package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/spf13/cobra"
)

// spotFlags say where to look besides the accounts and regions of the configuration: in
// those that have left it. They also say where not to.
type spotFlags struct {
	leftAccounts, leftRegions, without []string
}

func (f *spotFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.leftAccounts, "account", nil, "`ID` of an account that left the configuration, to be looked at as well; may be repeated")
	flags.StringArrayVar(&f.leftRegions, "region", nil, "`name` of a region that left the configuration, to be looked at as well; may be repeated")
	flags.StringArrayVar(&f.without, "without", nil, "`ID[/REGION]` of an account that nobody can look into, such as one that was closed; may be repeated")
}

var (
	accountID  = regexp.MustCompile(`^[0-9]{12}$`)
	regionName = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9]+$`)
)

// noAccount refuses what a flag takes for an account.
func noAccount(flag, value string) error {
	return hinted{fmt.Errorf("%s %s is no account", flag, value), "an account has twelve digits"}
}

func (f *spotFlags) check() error {
	for _, account := range f.leftAccounts {
		if !accountID.MatchString(account) {
			return noAccount("--account", account)
		}
	}
	for _, region := range f.leftRegions {
		if !regionName.MatchString(region) {
			return hinted{fmt.Errorf("--region %s is no region", region), "write it as eu-central-1"}
		}
	}
	for _, spot := range f.without {
		account, region, inRegion := strings.Cut(spot, "/")
		if !accountID.MatchString(account) || inRegion && !regionName.MatchString(region) {
			return hinted{fmt.Errorf("--without %s is no account, nor a region of one", spot), "write it as 444444444444, or as 444444444444/eu-central-1"}
		}
	}
	return nil
}

// indispensable refuses to do without the tooling account, or without the region of it in
// which its stacks tell what there is: nobody would know who needs what is removed.
func (f *spotFlags) indispensable(tooling model.Location) error {
	for _, home := range []struct{ spot, what string }{
		{tooling.Account, "the tooling account, which tells what there is"},
		{tooling.Account + "/" + tooling.Region, "the region of the tooling account whose stacks tell what there is"},
	} {
		if slices.Contains(f.without, home.spot) {
			return hinted{fmt.Errorf("--without %s: that is %s", home.spot, home.what), "only accounts of targets can be done without, and other regions"}
		}
	}
	return nil
}

// where is what the flags say to those who look.
func (f *spotFlags) where() live.Where {
	return live.Where{Accounts: f.leftAccounts, Regions: f.leftRegions, Without: f.without}
}

// given are the flags as a person would repeat them.
func (f *spotFlags) given() []string {
	var list []string
	for _, account := range f.leftAccounts {
		list = append(list, "--account", account)
	}
	for _, region := range f.leftRegions {
		list = append(list, "--region", region)
	}
	for _, spot := range f.without {
		list = append(list, "--without", spot)
	}
	return list
}

// unknownOnly refuses a value of --only that names no environment of a project; what else
// it could have been says otherwise.
func unknownOnly(p *model.Project, name, otherwise string) error {
	err := fmt.Errorf("--only %s: the project has no such environment%s", name, otherwise)
	var names []string
	for i := range p.Environments {
		names = append(names, p.Environments[i].Name)
	}
	if near, ok := diag.Suggest(name, names); ok {
		return hinted{err, "did you mean `--only " + near + "`?"}
	}
	return hinted{err, "the environments are " + strings.Join(names, ", ")}
}
