// Package source turns the bytes of a YAML file into a tree with places.
//
// [Parse] reads one document. The bytes first become text or are refused (size,
// encoding, control characters). The scanner of goccy/go-yaml cuts the text into
// tokens, and the mender holds them against the text: each token gets its exact
// place, each scalar its exact content, and what the scanner misread is mended or
// refused, as are limits of depth and the parts of YAML that foldstack does not
// read. The library's parser makes a tree of the tokens, and from that comes ours
// ([Node]), which keeps each scalar as its author wrote it, each CloudFormation
// tag as a tag, and the place of every key and value; aliases and merge keys are
// resolved. Tests hold all of it against a second YAML library.
//
// [Open] then decodes a mapping key by key into typed [Field] values, and
// [Object.Done] reports every key that nobody asked for, with a suggestion.
//
// No scalar, key or tag of a tree holds NUL or another control character than
// tab, line feed and carriage return; package cfn relies on that.
//
// Nothing outside this package knows which YAML library reads the bytes.
package source
