// Package ceiling is the most that a role of a deployment may do.
//
// Every role that a deployment makes carries one managed policy as its permissions
// boundary. It grants nothing: a role may do what its own policies and the boundary
// both allow. It is put together of what foldstack's own roles need ([Always]), what
// functions may ask for (the project's `boundary:`, or [Default]) and what no
// function ever may ([Never]). [Outside] tells whether an action lies above it, so
// that a permission that could never work is found before it is deployed.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
package ceiling
