// Package template is what the rules on templates read: every template of the
// output, generated or written by a user, as trees with places.
//
// A [Document] is one template. It is made from the typed template ([Of]) or from
// a user's own ([Written]); either way its sections hold [Entry] values, whose
// trees are those of package cfn, and whose [Entry.At] finds the user's line that
// a part of them came from. Documents that nest others know them by logical id,
// so that a rule can follow a value from a stack's output to another's parameter.
package template
