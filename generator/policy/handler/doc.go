// Package handler knows what CloudFormation's resource handlers must be allowed
// to do, resource type by resource type.
//
// A role that is passed to CloudFormation needs the IAM actions that the handlers
// of its resource types call to create, read, update and delete. The tables of
// this package, one file per service, list them with the ARNs that they act on;
// the lists come from the handlers that AWS publishes in each type's schema, less
// what is no IAM action. What only a property needs that foldstack never sets is for
// types of which users make resources.
// [For] takes types and the names of a project and returns statements in which
// every resource whose ARN holds a name is narrowed to the project and the
// environment; [Names.Begins] judges a name that a user gave by the same rule.
//
// https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
package handler
