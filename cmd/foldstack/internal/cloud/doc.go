// Package cloud is how foldstack gets into AWS, and how it tells what went wrong there.
//
// [Open] signs in and asks whose credentials these are; [Enter] does so in many
// accounts, each when it is needed. A [Session] makes the configuration of the SDK's
// clients, which time out, try again and stop when they are told to. [Session.Explain]
// turns the error of a call into one that names the permission, the resource and the
// caller, and says what to do; [HintOf] gives that back. [Each] does many things side by
// side and tells of every failure at once.
//
// What is done in AWS lies below: cloud/store publishes, cloud/stacks deploys, cloud/live
// looks at what there is, cloud/gc and cloud/teardown remove it.
//
// # What is injected
//
// Endpoints, credentials and profiles come from the SDK's default chain. Tests set
// its environment and give [Options] a backoff that does not wait.
package cloud
