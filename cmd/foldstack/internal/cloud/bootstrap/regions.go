package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/generator/model"
)

// checkRegions fails where a region is not enabled in the tooling account or in an
// account that has a target in it. Only commercial accounts choose their regions.
//
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
func (p *Plan) checkRegions(ctx context.Context) error {
	if partition, _ := model.PartitionOf(p.project.Tooling.Region); partition != model.Commercial {
		return nil
	}
	using := slices.DeleteFunc(p.places(), func(account string) bool { return len(p.regionsOf(account)) == 0 })
	return cloud.Each(ctx, len(using), func(i int) error {
		return p.checkRegionsOf(ctx, using[i], p.regionsOf(using[i]))
	})
}

// regionsOf are the regions that the project uses in an account.
func (p *Plan) regionsOf(account string) []string {
	if account == p.project.Tooling.Account {
		return p.project.Regions()
	}
	var regions []string
	for _, t := range p.project.Targets() {
		if t.Account == account && !slices.Contains(regions, t.Region) {
			regions = append(regions, t.Region)
		}
	}
	return regions
}

func (p *Plan) checkRegionsOf(ctx context.Context, number string, regions []string) error {
	session, err := p.accounts.Session(ctx, number)
	if err != nil {
		return err
	}
	found, err := statuses(ctx, session, p.project.Tooling.Region)
	if err != nil {
		return err
	}
	var f []error
	for _, region := range regions {
		f = append(f, unusable(number, region, found[region]))
	}
	return errors.Join(f...)
}

// statuses are those of all regions of an account, by name. Every account may ask for
// its own, and who has PowerUserAccess may.
//
// https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html
func statuses(ctx context.Context, session *cloud.Session, region string) (map[string]types.RegionOptStatus, error) {
	found := map[string]types.RegionOptStatus{}
	pages := account.NewListRegionsPaginator(account.NewFromConfig(session.Config(region)), &account.ListRegionsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, session.Explain(err, cloud.Call{Action: "account:ListRegions", Region: region, Resource: "the account " + session.Account})
		}
		for _, r := range page.Regions {
			found[aws.ToString(r.RegionName)] = r.RegionOptStatus
		}
	}
	return found, nil
}

// unusable is why a region cannot be used, or nil.
func unusable(account, region string, status types.RegionOptStatus) error {
	switch status {
	case types.RegionOptStatusEnabled, types.RegionOptStatusEnabledByDefault:
		return nil
	case types.RegionOptStatusEnabling:
		return cloud.Hinted(fmt.Errorf("the region %s is still being enabled in account %s", region, account),
			"that takes minutes to hours: run it again when `aws account get-region-opt-status --region-name "+region+"` says ENABLED")
	}
	return cloud.Hinted(fmt.Errorf("the region %s is not enabled in account %s", region, account),
		"with credentials of that account: `aws account enable-region --region-name "+region+"`")
}
