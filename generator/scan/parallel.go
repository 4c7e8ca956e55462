package scan

import "github.com/foldstack/foldstack/generator/parallel"

// parallel calls do with every number below n, unless the scan is cancelled meanwhile.
func (s *scanner) parallel(n int, do func(int)) error {
	parallel.Each(n, func(i int) {
		if s.context.Err() == nil {
			do(i)
		}
	})
	return s.context.Err()
}
