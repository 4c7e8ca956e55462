// Package estate makes of templates the concrete resources that they would create.
//
// [Of] takes the roots, templates with the places and parameters that they are deployed
// with, and instantiates each with everything that it nests: parameters, pseudo
// parameters, mappings, conditions, intrinsics, outputs, exports and imports. What only
// the deployment can tell (an id, the random end of a name) is a symbol of package
// symbol: it equals itself wherever it is handed to, and nothing else.
//
// The tables of forms say what Ref, the ARN and the other attributes of a type are. A
// name that CloudFormation generates is predicted as <stack>-<logical id>-<symbol>; of one
// that it may have to cut, only what is sure to begin it. Of a type that no table knows,
// Ref and every attribute are symbols.
//
// Two kinds of symbol differ in conditions. An id or the end of a name is different from
// every literal, so that comparing the two has an outcome. What can be any text (a stored
// setting, an answer of a custom resource) has a question mark at its end; a condition
// that depends on it may hold, and what may exist exists.
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
