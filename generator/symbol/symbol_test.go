package symbol_test

import (
	"strings"
	"testing"

	"github.com/foldstack/foldstack/generator/symbol"
	"github.com/stretchr/testify/assert"
)

func TestASymbolEqualsItselfOnly(t *testing.T) {
	assert.Equal(t, symbol.New("key"), symbol.New("key"))
	assert.True(t, symbol.Is(symbol.New("key"), "key"))
	for _, other := range []string{"key", "<key>", symbol.New("Key"), symbol.New("key2"), symbol.New("")} {
		assert.NotEqual(t, symbol.New("key"), other)
		assert.False(t, symbol.Is(other, "key"), other)
	}
}

func TestATextTellsWhatIsNotKnownInIt(t *testing.T) {
	text := "key/" + symbol.New("id") + "/x"
	assert.True(t, symbol.In(text))
	assert.False(t, symbol.In("key/<id>/x"))
	assert.Equal(t, "key/<id>/x", symbol.Show(text))
	assert.Zero(t, symbol.Width(text))
	assert.Zero(t, symbol.Width(""))
	assert.Equal(t, len(symbol.New("id")), symbol.Width(text[len("key/"):]))
}

func TestASymbolIsReplacedByName(t *testing.T) {
	text := symbol.New("account") + ":" + symbol.New("region") + ":" + symbol.New("account")
	assert.Equal(t, "[account]:[region]:[account]", symbol.Map(text, func(name string) string { return "[" + name + "]" }))
	cut := symbol.New("account")[:4]
	assert.Equal(t, "x"+cut, symbol.Map("x"+cut, func(string) string { return "x" }), "half a symbol is text")
	assert.Equal(t, "plain", symbol.Map("plain", func(string) string { return "x" }))
}

func TestWhatASymbolsNameHoldsIsNoPartOfTheText(t *testing.T) {
	text := "apis/" + symbol.New("shop/Api") + "/x"
	assert.Equal(t, len(text)-len("/x"), symbol.LastIndexAny(text, "/:"))
	assert.Equal(t, len("apis"), symbol.LastIndexAny("apis/"+symbol.New("shop/Api"), "/"))
	assert.Equal(t, -1, symbol.LastIndexAny(symbol.New("a/b"), "/"))
	assert.Equal(t, len(text)-len("/x"), symbol.IndexByte(text[len("apis/"):], '/')+len("apis/"))
	assert.Equal(t, -1, symbol.IndexByte(symbol.New("a/b"), '/'))
	assert.Equal(t, len("\x01ab"), symbol.IndexByte("\x01ab/", '/'), "half a symbol is text")
	assert.Equal(t, "APIS/"+symbol.New("shop/Api")+"/X", symbol.Around(text, strings.ToUpper))
	assert.Equal(t, "PLAIN", symbol.Around("plain", strings.ToUpper))
}
