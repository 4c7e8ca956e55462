// Package endtoend holds one test: a project is delivered to AWS as moto plays it, over
// HTTP, from the first bootstrap to the last thing that teardown leaves.
//
// # Who plays whom
//
// foldstack is the program, built here. The buildspec calls it, and so does the person who
// bootstraps, compares, looks, collects and tears down (person_test.go), with the credentials
// of an account from which all others can be entered. S3, IAM, Lambda and the rest are moto's,
// and CloudFormation is that of .ci/conformance/mock, which makes resources by their own APIs
// and fails a stack whose resource it cannot make. CodePipeline and CodeBuild are played here,
// as their pages describe them: player_test.go reads the pipeline that is deployed, takes the
// role of each action, does what it is configured to do, and tells the mock of the run;
// codebuild_test.go runs the commands of the deployed project's buildspec in a shell.
//
// # What is compared
//
// After each chapter the mock tells all that is in every account and region, and the
// difference from before is a page in testdata: what came (+), went (-) and changed (~). So
// a page says that one function changed, and that nothing else did. -update rewrites
// the pages. Names that AWS makes up are written as an ellipsis; what lies in the buckets of
// source and artifacts is the pipeline's freight, and not told.
//
// Before each delivery foldstack diff says which functions come, go and change, and where.
// That has to come true, and then foldstack status has nothing to find.
//
// # What it does not show
//
// moto enforces no policy; that roles may do what they must is proved by `foldstack verify`. It
// calls no function: what is deployed is taken out of its bucket and run here.
//
// The test needs a Python with moto, and runs with -moto, as make conformance does.
package endtoend
