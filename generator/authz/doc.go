// Package authz answers IAM's question: may this principal do this action on this
// resource, under these policies?
//
// A [Policy] is read from the tree of a policy document ([Parse]). A [Request] is what
// AWS sees of a call: principal, action, resource and context, to which [Known] adds what
// AWS itself derives. [Evaluate] brings the policies of a [Case] together as AWS documents
// it: an explicit deny anywhere wins; organisation policies, boundary and session policies
// must each allow; then identity and resource policies, both of them across accounts; roles
// are assumed and keys used only by what their own policy says. [Explain] says for a
// refusal which policies were asked, which statement came nearest, and why it did not match.
//
// Within an account it matters whom the resource's policy names. The account itself leaves
// the decision to the caller's policies. A role's ARN grants, within its boundary and
// session policies. A session's or user's ARN and everybody grant, whatever these say. Where
// both sides would be enough, the decision rests on the caller's.
//
// What NotPrincipal does with a deny AWS calls possible rather than certain where the
// account of a named role is not named as well. Here it does deny: a proof that something
// is allowed may not rest on luck.
//
// Texts may hold the symbols of package symbol. A symbol equals itself only; an asterisk
// stands for it, a question mark does not. A condition that compares a symbol with something
// else is neither met nor missed: it lets nothing pass, and it denies nothing. The same goes
// for a value that is not what the operator compares, such as a number that is none, and for
// several values without a set operator.
//
// [Includes] and [Overlap] compare patterns with each other, for the questions that are not
// about one resource: is this grant within that one?
//
// A case's organisation policies are asked whoever calls, services excepted: to leave them
// out for the management account and for service-linked roles is up to whoever makes the
// case. Resource control policies and anonymous callers are not known here. The package knows no
// template, no foldstack and no list of actions: what it says of a policy holds for
// anybody's.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package authz
