package generator

import "github.com/foldstack/foldstack/generator/proof"

// reasons are why wildcards of our own templates stay.
var reasons []proof.Reason
