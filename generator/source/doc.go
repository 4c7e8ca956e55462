// Package source turns the bytes of a YAML file into a tree with places.
//
// [Parse] reads one document under limits of size and depth and refuses what is
// not text. The tree ([Node]) keeps each scalar as its author wrote it, each
// CloudFormation tag as a tag, and the place of every key and value. [Open]
// decodes a mapping key by key into typed [Field] values; [Object.Done] then
// reports every key that nobody asked for, with a suggestion.
//
// Nothing outside this package knows which YAML library reads the bytes.
package source
