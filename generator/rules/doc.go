// Package rules is the catalogue of everything that foldstack can find wrong with a
// project.
//
// Each rule is a file of the folder catalogue, called after its id. The file is a
// txtar archive: its comment holds the rule's text for people, its files two small
// projects, bad/, which breaks the rule, and good/, which keeps it.
//
// [All] and [Groups] give the texts to whoever prints a report. The tests of the
// package hold the catalogue together: they find every id in the sources and ask
// for its file, they run both projects of every rule through the generator, and they
// write docs/rules.md from the files and from what was printed.
//
// # The comment
//
// Lines of a key and a value come first, then an empty line and the text, whose last
// line may be the AWS page that states the rule. The keys are
//
//	group: one of Groups
//	also: ID …             other rules that the bad project must break with this one
//	whole: yes             the projects are complete as they stand; to others the test
//	                       adds what every project needs and the example leaves out
//	shown by: PKG.TEST     no project on disk can show it, but that test does
//	link: PATH -> TARGET   a symbolic link
//	fifo: PATH             a named pipe
//	folder: PATH           an empty folder
//	executable: PATH       the file PATH may be executed
//	bytes: PATH QUOTED     a file of the bytes of a Go string
//
// A file's name may end in " × N": it is made N times, and every %d in its name is
// its number. In a file's text and between « and » stand actions of text/template;
// . is the number of a file that is made many times, "to N" the numbers from 1 to
// N, and "repeat TEXT N" N times a text.
package rules
