package model

// The defaults of everything that a user may leave out.
const (
	DefaultMemory       = 128 // MB, as Lambda's own
	DefaultTimeout      = 30  // seconds
	DefaultLogRetention = 30  // days
	DefaultArchitecture = "arm64"
	DefaultFunctions    = "functions"
	DefaultOutput       = "out"
	DefaultTool         = "go tool foldstack"
	DefaultBranch       = "main"
	DefaultSourceKey    = "source.zip"
)
