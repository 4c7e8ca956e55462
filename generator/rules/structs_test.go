package rules

import (
	"go/ast"
	"slices"
	"strings"
)

// A struct with a field for a rule is written with its keys, by which the search
// knows the field.

// withRule are the structs of a package that have a field for a rule. diag.Problem
// is one everywhere.
func withRule(files []*ast.File) map[string]bool {
	structs := map[string]bool{"Problem": true}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				structs[spec.Name.Name] = structs[spec.Name.Name] || isWithRule(spec.Type)
			}
			return true
		})
	}
	return structs
}

func isWithRule(typ ast.Expr) bool {
	s, ok := typ.(*ast.StructType)
	return ok && slices.ContainsFunc(names(s.Fields), func(name string) bool { return strings.EqualFold(name, "rule") })
}

// keyed wants the keys of a struct with a rule, also where its type is only said
// by the list or map around it.
func (s *ids) keyed(literal *ast.CompositeLit, structs map[string]bool) {
	wants := func(typ ast.Expr) bool { return typ != nil && (isWithRule(typ) || structs[nameOf(typ)]) }
	if wants(literal.Type) {
		s.wantKeys(literal)
	}
	var element ast.Expr
	switch list := literal.Type.(type) {
	case *ast.ArrayType:
		element = list.Elt
	case *ast.MapType:
		element = list.Value
	}
	if !wants(element) {
		return
	}
	for _, item := range literal.Elts {
		if pair, ok := item.(*ast.KeyValueExpr); ok {
			item = pair.Value
		}
		if inner, ok := item.(*ast.CompositeLit); ok && inner.Type == nil {
			s.wantKeys(inner)
		}
	}
}

func (s *ids) wantKeys(literal *ast.CompositeLit) {
	if len(literal.Elts) > 0 {
		if _, ok := literal.Elts[0].(*ast.KeyValueExpr); !ok {
			s.fault(literal.Pos(), "write the keys of a struct that has the field rule")
		}
	}
}

// names are those of parameters or fields, in order.
func names(fields *ast.FieldList) []string {
	var list []string
	for _, f := range fields.List {
		for _, name := range f.Names {
			list = append(list, name.Name)
		}
		if len(f.Names) == 0 {
			list = append(list, "")
		}
	}
	return list
}

// nameOf is the last name of an expression such as a, a.b or *a.b.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.StarExpr:
		return nameOf(e.X)
	}
	return ""
}
