// Package rules is the catalogue of everything that foldstack can find wrong with a
// project.
//
// Each rule is a file of the folder catalogue, called after its id. The file is a
// txtar archive: its comment holds the rule's text for people, its files two small
// projects, bad/, which breaks the rule, and good/, which keeps it. A file below
// neither is part of both.
//
// [All] gives the texts to whoever prints a report. The tests of the package hold
// the catalogue together: they find every id in the sources and ask for its file,
// they run both projects of every rule through the generator, and they write
// docs/rules.md from the files and from what was printed.
//
// # The comment
//
// Lines of a key and a value come first, then an empty line and the text, whose last
// word may be the address of the page that states the rule. The keys are
//
//	group: one of groups
//	whole: yes                the projects are complete as they stand
//	link: PATH -> TARGET      a symbolic link
//	executable: PATH          the file PATH may be executed
//	shown by: FOLDER.TEST     in place of files: no small project on disk can show it,
//	                          but this test does
//
// To a project that is not whole the test adds what every project needs and the
// example leaves out: foldstack.yaml, a function, and code in the folder of each
// function that has none.
package rules
