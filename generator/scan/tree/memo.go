package tree

import "sync"

// Memo makes each value once, however many ask for it at the same time. Its zero
// value is ready.
type Memo[V any] struct{ cells sync.Map }

type cell[V any] struct {
	once  sync.Once
	value V
}

func (m *Memo[V]) Get(key string, make func() V) V {
	c, ok := m.cells.Load(key)
	if !ok {
		c, _ = m.cells.LoadOrStore(key, new(cell[V]))
	}
	it := c.(*cell[V])
	it.once.Do(func() { it.value = make() })
	return it.value
}
