package stack

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/source"
)

// LockFile is where a Lock is kept, beside foldstack.yaml.
const LockFile = "foldstack.lock"

// Lock remembers which orchestration holds which function or stack, because one
// that moved would be deleted and made again.
type Lock struct {
	Present bool           // the file is there
	Places  map[string]int // name -> number of the orchestration; none while one holds everything
}

// lockVersion is the version of the file's format.
const lockVersion = 1

// ReadLock reads the lock file; data is nil where there is none.
func ReadLock(data []byte, problems *diag.Problems) Lock {
	if data == nil {
		return Lock{}
	}
	lock := Lock{Present: true, Places: map[string]int{}}
	unread := &diag.Problems{}
	root := source.Parse(LockFile, data, unread)
	for _, p := range unread.Sorted() {
		problems.Add(p)
	}
	if root == nil {
		if unread.Empty() {
			problems.Addf("lock-unreadable", diag.Place{File: LockFile}, lockHint, "%s is empty", LockFile)
		}
		return lock
	}
	o := source.Open(root, LockFile, problems)
	o.Require("version", lockHint)
	o.Int("version", lockVersion, lockVersion)
	for _, pair := range o.Entries("orchestrations") {
		number, err := strconv.Atoi(pair.Value.Text)
		if err != nil || number < 1 || pair.Value.Kind != source.Scalar {
			problems.Addf("lock-unreadable", pair.Value.Place, lockHint, "the orchestration of %s is not a number from 1 on", pair.Key.Text)
			continue
		}
		lock.Places[pair.Key.Text] = number
	}
	o.Done()
	return lock
}

const lockHint = "restore the file from the last commit; only where nothing is deployed yet, remove it"

// Bytes is the lock file.
func (l Lock) Bytes() []byte {
	var b bytes.Buffer
	b.WriteString("# Written by foldstack; commit it with what it generates.\n")
	b.WriteString("# Which orchestration holds which function or stack. It is empty while one holds\n")
	b.WriteString("# them all; a function that moved to another would be deleted and made again.\n")
	fmt.Fprintf(&b, "version: %d\n", lockVersion)
	if len(l.Places) == 0 {
		b.WriteString("orchestrations: {}\n")
		return b.Bytes()
	}
	b.WriteString("orchestrations:\n")
	for _, name := range sorted(l.Places) {
		fmt.Fprintf(&b, "  %q: %d\n", name, l.Places[name])
	}
	return b.Bytes()
}
