package authz

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/foldstack/foldstack/generator/cfn"
	"github.com/foldstack/foldstack/generator/symbol"
)

// ParseJSON reads a policy document that stands in a file.
func ParseJSON(kind Kind, name string, data []byte, source any) (*Policy, []error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	tree, err := readJSON(d, 0)
	if err == nil {
		if _, rest := d.Token(); !errors.Is(rest, io.EOF) {
			err = errors.New("there is more behind the document")
		}
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return New(kind, name, older, nil, source), []error{fmt.Errorf("the policy is not JSON: %w", err)}
	}
	return Parse(kind, name, tree, source)
}

// deepest is more than any policy nests: document, statements, conditions, keys, values.
const deepest = 16

// readJSON is the value that comes next, its objects in their order.
func readJSON(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > deepest {
		return nil, errors.New("it nests too deeply")
	}
	switch t := token.(type) {
	case string:
		return t, refuseSymbol(t)
	case json.Number:
		return t.String(), nil
	case json.Delim:
		if t == '{' {
			return readJSONObject(d, depth)
		}
		return readJSONList(d, depth)
	}
	return token, nil
}

func readJSONObject(d *json.Decoder, depth int) (any, error) {
	m := cfn.Map{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := readJSON(d, depth+1)
		if err != nil {
			return nil, err
		}
		if err := refuseSymbol(key.(string)); err != nil {
			return nil, err
		}
		m = append(m, cfn.Entry{Key: key.(string), Value: value})
	}
	_, err := d.Token()
	return m, err
}

func readJSONList(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		value, err := readJSON(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := d.Token()
	return list, err
}

// refuseSymbol keeps what people write from becoming something that nobody knows.
func refuseSymbol(text string) error {
	if symbol.In(text) {
		return errors.New("it holds a control character")
	}
	return nil
}
