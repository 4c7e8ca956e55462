// Package tree is a project's files as git would track them.
//
// [Open] finds the ignore files that rule the project from outside: those between
// the root of the git repository and the root of the project, and the
// repository's own list of excludes. From there on everything is asked for by its
// slash-separated path from the project's root. [Tree.Folder] lists a folder,
// telling of each [Entry] whether git would track it and, where not, why;
// [Tree.Walk] goes through all that is tracked below a folder; [Tree.Read] reads
// and hashes a file. Whoever asks, each folder is listed and each file is read
// once, and a problem with it is reported once.
//
// Nothing is followed: a link is a text, as it is to git. What is neither file,
// folder nor link is never opened.
//
// What the user's own git configuration ignores (core.excludesFile) is not known
// here, because it is not part of the project; what operating systems and editors
// leave behind is left out by name instead. A file that was added to git although
// an ignore file names it counts as ignored.
package tree
