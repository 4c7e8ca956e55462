// Package lambdatest is as much of Lambda as runs what was built, on this machine:
// [Invoke] unpacks an archive, starts its runtime, and is the runtime API that hands it one
// event. Go's programs run by themselves; for Node.js and Python the folder runtime
// has what answers events in the place of Lambda's own.
//
// It knows no memory, no time limit and no role, and the version of Node.js or Python is
// that of the machine.
package lambdatest
