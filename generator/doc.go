// Package generator turns a directory of functions into CloudFormation templates.
//
// [Generate] is the whole line: it scans a project's folders into a model, checks
// the model, builds typed stacks from it, renders them in memory, proves that their
// permissions suffice and compares the files with those on disk. It writes nothing. A
// [Result] is what commands show: its problems, its model, its proof, or its plan, which
// [output.Plan.Apply] carries out.
//
//	scan -> check -> stack -> cfn (render) -> estate -> demand -> proof -> output (plan)
//
// Each stage takes the values of the one before it and returns its own; none reads
// a file again, calls back or changes what it was given. [VerifySurvey] begins with
// templates that somebody else wrote: survey -> estate -> demand -> proof.
package generator
