package model

import "slices"

// Partition is a group of regions with its own accounts, ARNs and hosts. No role
// and no artifact crosses it, so a project lies in one.
//
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
type Partition string

// The partitions in which CodePipeline can be used by customers.
const (
	Commercial Partition = "aws"
	China      Partition = "aws-cn"
	GovCloud   Partition = "aws-us-gov"
)

// String is the partition's name for people.
func (p Partition) String() string {
	switch p {
	case China:
		return "China"
	case GovCloud:
		return "AWS GovCloud (US)"
	}
	return "the commercial regions"
}

// Suffix is the end of the names of the partition's hosts.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
func (p Partition) Suffix() string {
	if p == China {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// Console is the host of the partition's console.
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-json-format.html
// https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html
// https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/getting-started-sign-in.html
func (p Partition) Console() string {
	switch p {
	case China:
		return "console.amazonaws.cn"
	case GovCloud:
		return "console.amazonaws-us-gov.com"
	}
	return "console.aws.amazon.com"
}

// offer is what a region has for a pipeline.
type offer struct {
	partition   Partition
	pipeline    bool // CodePipeline, so that an action may run there
	connections bool // CodeConnections, so that a source may be a Git host
}

// offers is every region that foldstack knows. A service that comes to a region
// is one word here.
//
// Regions: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
// CodePipeline: https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
// and https://docs.aws.amazon.com/general/latest/gr/codepipeline.html
// CodeConnections: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
var offers = map[string]offer{
	"af-south-1":     {Commercial, true, false},
	"ap-east-1":      {Commercial, true, false},
	"ap-east-2":      {Commercial, false, false},
	"ap-northeast-1": {Commercial, true, true},
	"ap-northeast-2": {Commercial, true, true},
	"ap-northeast-3": {Commercial, true, false},
	"ap-south-1":     {Commercial, true, true},
	"ap-south-2":     {Commercial, true, false},
	"ap-southeast-1": {Commercial, true, true},
	"ap-southeast-2": {Commercial, true, true},
	"ap-southeast-3": {Commercial, true, false},
	"ap-southeast-4": {Commercial, true, false},
	"ap-southeast-5": {Commercial, true, false},
	"ap-southeast-6": {Commercial, false, false},
	"ap-southeast-7": {Commercial, false, false},
	"ca-central-1":   {Commercial, true, true},
	"ca-west-1":      {Commercial, false, false},
	"eu-central-1":   {Commercial, true, true},
	"eu-central-2":   {Commercial, true, false},
	"eu-north-1":     {Commercial, true, true},
	"eu-south-1":     {Commercial, true, true},
	"eu-south-2":     {Commercial, true, false},
	"eu-west-1":      {Commercial, true, true},
	"eu-west-2":      {Commercial, true, true},
	"eu-west-3":      {Commercial, true, true},
	"il-central-1":   {Commercial, true, false},
	"me-central-1":   {Commercial, true, false},
	"me-south-1":     {Commercial, true, false},
	"mx-central-1":   {Commercial, false, false},
	"sa-east-1":      {Commercial, true, true},
	"us-east-1":      {Commercial, true, true},
	"us-east-2":      {Commercial, true, true},
	"us-west-1":      {Commercial, true, true},
	"us-west-2":      {Commercial, true, true},

	"cn-north-1":     {China, true, false},
	"cn-northwest-1": {China, true, false},

	"us-gov-east-1": {GovCloud, true, true},
	"us-gov-west-1": {GovCloud, true, false},
}

// PartitionOf is the partition of a region; ok is false for a region that
// foldstack does not know.
func PartitionOf(region string) (partition Partition, ok bool) {
	o, ok := offers[region]
	return o.partition, ok
}

// HasCodePipeline reports whether a pipeline, or one of its actions, can run in
// the region.
func HasCodePipeline(region string) bool { return offers[region].pipeline }

// HasConnections reports whether a pipeline in the region can take its source
// from a Git host.
func HasConnections(region string) bool { return offers[region].connections }

// HasArm64Builds reports whether CodeBuild is known to have arm64 hosts where the
// region lies.
//
// https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-acb.html
func HasArm64Builds(region string) bool {
	partition := offers[region].partition
	return partition != GovCloud && partition != China
}

// KnownRegions lists every region that foldstack knows, in alphabetical order.
func KnownRegions() []string {
	regions := make([]string, 0, len(offers))
	for region := range offers {
		regions = append(regions, region)
	}
	slices.Sort(regions)
	return regions
}
