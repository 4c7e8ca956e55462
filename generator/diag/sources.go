package diag

import (
	"bytes"
	"strings"
	"sync"
)

// Sources keeps the bytes of the files that were read, so that a printer can
// show the line a problem speaks of. Its zero value is ready, a nil one is
// empty, and it may be used by many goroutines at once.
type Sources struct {
	mu    sync.RWMutex
	files map[string]*sourceFile
}

// longestLine is the length in bytes up to which a line is shown. A longer one was
// written by a program, and each excerpt of it would cost as much as the file.
const longestLine = 64 << 10

// sourceFile finds its lines on first use: most files have no problem.
type sourceFile struct {
	data  []byte
	once  sync.Once
	lines [][]byte
}

// Add keeps data, which must not change afterwards, as the content of file.
func (s *Sources) Add(file string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[string]*sourceFile{}
	}
	s.files[file] = &sourceFile{data: data}
}

// Line returns a line of file, counted from 1, without its line break and
// without the byte order mark that a file may begin with. A very long line it does
// not return.
func (s *Sources) Line(file string, line int) (string, bool) {
	if s == nil {
		return "", false
	}
	s.mu.RLock()
	f := s.files[file]
	s.mu.RUnlock()
	if f == nil {
		return "", false
	}
	f.once.Do(f.split)
	if line < 1 || line > len(f.lines) || len(f.lines[line-1]) > longestLine {
		return "", false
	}
	return strings.TrimSuffix(string(f.lines[line-1]), "\r"), true
}

func (f *sourceFile) split() {
	f.lines = bytes.Split(bytes.TrimPrefix(f.data, []byte("\ufeff")), []byte("\n"))
}
