package estate

import (
	"strings"

	"github.com/foldstack/foldstack/generator/symbol"
)

// Concrete is a text of a class's estate as it is in one of its members. The names of
// other symbols may hold account and region, too.
func (c Cell) Concrete(text string) string {
	names := strings.NewReplacer(symbol.Show(account), c.Account, symbol.Show(region), c.Region)
	return symbol.Map(text, func(name string) string {
		switch symbol.New(name) {
		case account:
			return c.Account
		case region:
			return c.Region
		}
		return symbol.New(names.Replace(name))
	})
}
