// Package authz answers IAM's question: may this principal do this action on this
// resource, under these policies?
//
// A [Policy] is read from the tree of a policy document ([Parse]). A [Request] is what
// AWS sees of a call: principal, action, resource and context. [Evaluate] brings the
// policies of a [Case] together as AWS documents it: an explicit deny anywhere wins;
// organisation policies, boundary and session policies must each allow; then identity
// and resource policies, both of them across accounts; roles are assumed and keys used
// only by what their own policy says. [Explain] says for a refusal which policies were
// asked, which statement came nearest, and why it did not match.
//
// Texts may hold the symbols of package symbol. A symbol equals itself only, and an
// asterisk stands for it. A condition that compares a symbol with something else is
// neither met nor missed: it lets nothing pass, and it denies nothing.
//
// The package knows no template, no foldstack and no list of actions: what it says of a
// policy holds for anybody's.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package authz
