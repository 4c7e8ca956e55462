// Package handler knows what CloudFormation's resource handlers call.
//
// Its tables, one file per service, list for each resource type the calls by which a
// resource is created, read, updated, deleted and tagged: the action, what it acts on,
// the property without which it is not made, and the keys that the request carries. The
// lists come from the handlers that AWS publishes in each type's schema, and from the
// pages that a row names where a handler needs more; a test holds them against the
// published lists. [Of] tells the calls for one resource, and that a type is not known.
//
// Package policy/handler says what we grant. The two are written from the same sources
// and do not know each other, so that each can find the other's mistakes.
//
// https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
package handler
