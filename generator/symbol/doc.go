// Package symbol writes texts of which a part is known by name only.
//
// Before a deployment nobody knows the id of a key, the random end of a generated
// name, or, where one answer shall hold for many accounts, the account. [New] makes
// a symbol for such a part. It stands in a text like any other piece: texts with
// symbols are joined, compared and cut as texts are. A symbol stands for a value
// that is different from every text that anybody wrote and from every other symbol:
// it equals itself only, so that nothing unknown matches by accident. What stands
// for "any text", such as the asterisk of an IAM policy, stands for symbols too.
//
// A symbol begins and ends with control characters that no file of a user may hold
// (package source refuses them), so that user text never becomes a symbol.
package symbol
