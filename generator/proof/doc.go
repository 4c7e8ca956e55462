// Package proof shows that the roles of an estate suffice, and that they hold nothing
// more.
//
// A [Set] is what is to be proved: estates, and the demands that belong to them. [Decide]
// finds for every demand the policies that have a say in it, those of the caller and
// that of the resource, wherever in the estates they stand, and lets package authz
// decide. What comes out is a [Proof]: how many demands each step of a delivery has, and
// for each that is not met a [Chain]: who calls what on which resource, which policies
// were asked, how near each came, and what to add where. A request that must be refused
// and is not is such a chain too.
//
// What rests on a policy that no template holds is neither met nor unmet, and so is what a
// user conditioned on a key of which demands know nothing, such as the organisation.
//
// The other half is what [Proof.Weigh] adds, and [Prove] does both: a [Surplus] is a grant
// that serves no demand, is wider than the demands that it serves, or lacks a condition
// that they ask for; and a Deny without which nothing would be allowed that must be
// refused. Wildcards that stay have a [Reason].
//
// # Targets
//
// What lies in an account that is a symbol is proved once for all targets of its class.
// Only what reaches out of it, into the tooling account, is asked for every member with
// its own account and region, and there a thousand functions make one request of a
// bucket where its policy cannot tell them apart. So the work grows with targets plus
// functions, and not with their product. Where a policy of the caller names a region, what
// it has a say in is asked region by region, and where one of the organisation names a
// target, target by target.
//
// Demands that are alike but for a name are one question, with a symbol for the name. Its
// answer holds for all of them if it is what is wanted and no policy knows one of them:
// none matches some and not the symbol. Otherwise each is asked for itself, as is what has
// a policy of its own, and what must be refused.
//
// # Questions
//
// [Proof.Explain], [Proof.WhoCan] and [Proof.PolicyOf] answer for any account of the
// estates. [Proof.With] tells what would be found if one policy document read
// otherwise, at the price of the demands that the document has a say in.
//
// The package knows no project: which templates are deployed where, and which demands
// somebody declares, is told by the caller.
package proof
