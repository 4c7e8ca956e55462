package cloud

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// lanes are how many things are done side by side. CloudFormation counts calls by account
// and region; whoever is throttled tries again.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const lanes = 10

// Each does something for every number below n, some at a time, and joins what failed in
// their order: nobody learns of the second account without access when that to the first
// was found. What several fail with is told once. Who interrupts is told that alone, and
// begins nothing more.
func Each(ctx context.Context, n int, do func(i int) error) error {
	failures := make([]error, n)
	var group errgroup.Group
	group.SetLimit(lanes)
	for i := range n {
		group.Go(func() error {
			if failures[i] = context.Cause(ctx); failures[i] == nil {
				failures[i] = do(i)
			}
			return nil
		})
	}
	_ = group.Wait() // each has its failure
	return Interrupted(ctx, errors.Join(distinct(failures)...))
}

// distinct are errors without those that say what another said: an account that cannot
// be entered fails in each of its regions.
func distinct(failures []error) []error {
	var list []error
	said := map[string]bool{}
	for _, err := range failures {
		if err != nil && !said[err.Error()] {
			said[err.Error()] = true
			list = append(list, err)
		}
	}
	return list
}
