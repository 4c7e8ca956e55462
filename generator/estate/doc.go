// Package estate makes of templates the concrete resources that they would create.
//
// [Of] takes the roots, templates with the places and parameters that they are deployed
// with, and instantiates each with everything that it nests: parameters, pseudo
// parameters, mappings, conditions, intrinsics, outputs, exports and imports. What only
// the deployment can tell (an id, the random end of a name) is a symbol of package
// symbol: it equals itself wherever it is handed to, and nothing else.
//
// An account or a region may be a symbol too. Then the estate holds for every account
// and region that no template names, and a thousand functions in a hundred and fifty
// targets are instantiated once an environment instead of once a target; [Classes] tells
// which targets can be taken together.
//
// A resource of the estate knows its predicted name and ARN and, through the entry that
// it was made from, the line of the user's file that asked for it. What the policies of
// an estate allow is not asked here; package proof does that.
package estate
