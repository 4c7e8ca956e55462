// Package proof shows that the roles of an estate suffice, and that they hold nothing
// more.
package proof
