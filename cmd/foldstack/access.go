package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/spf13/cobra"
)

// accessFlags say how somebody gets into the accounts of a project.
type accessFlags struct {
	doors cloud.Doors
}

func (f *accessFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Var((*profilesFlag)(&f.doors), "profile", "`ACCOUNT=NAME` of a profile in ~/.aws/config, or NAME with "+cloud.AccountPlace+" in it for all accounts; may be repeated")
	flags.Var((*roleFlag)(&f.doors.Role), "role", "`NAME` of a role, with its path, that is assumed in every account that has no profile")
}

// enter makes ready to enter the accounts of a project, each when it is needed.
func (s *session) enter(project *model.Project, f *accessFlags) *cloud.Accounts {
	partition, _ := model.PartitionOf(project.Tooling.Region) // checked when it was generated
	options := s.waiting
	options.Retrying = s.retrying()
	return cloud.Enter(project.Tooling.Region, string(partition), f.doors, options)
}

// retrying tells why a call is made again, each reason once: many calls have the same.
func (s *session) retrying() func(reason string) {
	var told sync.Map
	return func(reason string) {
		if _, known := told.LoadOrStore(reason, true); !known {
			s.say("AWS is asked again: %s", reason)
		}
	}
}

// given are the flags as a person would repeat them.
func (f *accessFlags) given() []string {
	var list []string
	for _, value := range (*profilesFlag)(&f.doors).values() {
		list = append(list, "--profile", shellWord(value))
	}
	if f.doors.Role != "" {
		list = append(list, "--role", shellWord(f.doors.Role))
	}
	return list
}

// cli is the AWS CLI with credentials of an account, as far as a profile has them.
func (f *accessFlags) cli(account string) string {
	if profile := f.doors.ProfileOf(account); profile != "" {
		return "aws --profile " + shellWord(profile)
	}
	return "aws"
}

// roleFlag is --role.
type roleFlag string

// Set takes the name that the role has in every account.
func (r *roleFlag) Set(value string) error {
	if value == "" || strings.HasPrefix(value, "arn:") {
		return errors.New("no name of a role")
	}
	*r = roleFlag(value)
	return nil
}

// String is what was given.
func (r *roleFlag) String() string { return string(*r) }

// Type is what help calls it.
func (r *roleFlag) Type() string { return "NAME" }

// profilesFlag is --profile.
type profilesFlag cloud.Doors

var accountProfile = regexp.MustCompile(`^([0-9]{12})=(.+)$`)

// Set takes one value.
func (p *profilesFlag) Set(value string) error {
	if m := accountProfile.FindStringSubmatch(value); m != nil {
		if p.Profiles == nil {
			p.Profiles = map[string]string{}
		}
		p.Profiles[m[1]] = m[2]
		return nil
	}
	if !strings.Contains(value, cloud.AccountPlace) {
		return errors.New("neither ACCOUNT=NAME nor a name with " + cloud.AccountPlace)
	}
	p.Profile = value
	return nil
}

// String is all that was given.
func (p *profilesFlag) String() string { return strings.Join(p.values(), ",") }

// Type is what help calls it.
func (p *profilesFlag) Type() string { return "ACCOUNT=NAME" }

func (p *profilesFlag) values() []string {
	var list []string
	for _, account := range slices.Sorted(maps.Keys(p.Profiles)) {
		list = append(list, fmt.Sprintf("%s=%s", account, p.Profiles[account]))
	}
	if p.Profile != "" {
		list = append(list, p.Profile)
	}
	return list
}
