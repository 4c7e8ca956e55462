// Package cloudtest is as much of AWS as foldstack talks to, in this process: S3 as
// buckets whose policy lets nothing be written twice, ECR with the registries behind
// it, CloudFormation in every account and region, what CodePipeline tells of a pipeline,
// and STS. It speaks their wire protocols, so that the SDK is not told that it is no AWS.
//
// What it checks is what the real ones refuse: a write without `If-None-Match`, bytes
// that do not have the checksum that was announced, parts that are too small, missing
// or in the wrong order, a bucket of another account or region, a tag that is there
// already, a bucket or a repository to remove that is not empty. Objects have versions and
// delete markers; keys wait for their deletion, a primary for its replicas; and a stack
// that [Server.Release] has deployed by a role is not deleted without it.
// [Start] starts it for a test, [Server.Break] injects faults, and [Server.Calls] tells what was asked.
//
// # CloudFormation
//
// Stacks, nested stacks, change sets and stack sets do with a template what
// CloudFormation does, as far as somebody depends on it: parameters, capabilities,
// conditions and intrinsics, the order of resources, exports and who uses them, rollbacks,
// what is retained. A template's buckets and repositories are those of this server. A
// resource fails where its name is taken, where a bucket to delete is not empty, where a
// function's code is not there, and wherever [Server.FailResource] says so.
//
// There is no clock: what an operation does comes to light when somebody looks at its
// stack, in as many looks as Server.Looks says. Ids and times are the same in
// every run. [Server.Stacks] shows what there is without looking in that sense, and
// [Server.SetStatus] leaves a stack as somebody else could have.
//
// # CodePipeline
//
// [Server.AddPipeline] gives a pipeline its history, from which every answer is made: no
// run does anything, and the stacks know nothing of it.
package cloudtest
