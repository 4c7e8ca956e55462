// Package delivery brings a generated project to the AWS of package cloudtest, for tests of
// what comes after that: looking at it, and removing it.
//
// [Generate] makes the project, and a [Delivery] does what bootstrap, publish and the
// pipeline do with it, at once and without their care.
package delivery
