// Package cloudtest is as much of AWS as publishing talks to, in this process: S3 as
// buckets whose policy lets nothing be written twice, ECR with the registries behind
// it, and STS. It speaks their wire protocols, so that the SDK is not told that it is
// no AWS.
//
// What it checks is what the real ones refuse: a write without `If-None-Match`, bytes
// that do not have the checksum that was announced, parts that are too small, missing
// or in the wrong order, a bucket of another account or region, a tag that is there
// already. [Server.Break] injects faults, and [Server.Calls] tells what was asked.
package cloudtest
