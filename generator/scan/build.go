package scan

import (
	"github.com/foldstack/foldstack/generator/asset"
	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/model"
	"github.com/foldstack/foldstack/generator/scan/detect"
	"github.com/foldstack/foldstack/generator/scan/tree"
	"github.com/foldstack/foldstack/generator/source"
)

// function makes the model of one function out of its folder.
func (s *scanner) function(f folder) model.Function {
	fn := model.Function{Name: f.name, Group: f.group, Dir: f.dir, Place: diag.Place{File: f.dir}}
	if !lambdaName.MatchString(f.name) {
		s.Problems.Addf("function-name", fn.Place, "rename the folder",
			"%q is no name for a function: Lambda takes 1 to %d of a-z, A-Z, 0-9, - and _", f.name, model.MaxFunctionName)
	}
	s.reportMisnamed(f)
	node, present := s.document(tree.Join(f.dir, FunctionFile))
	if present {
		fn.Place = diag.Place{File: tree.Join(f.dir, FunctionFile)}
	}
	resources := tree.Join(f.dir, ResourcesFile)
	if root, _ := s.document(resources); root != nil {
		fn.Resources = &model.Resources{File: resources, Root: root}
	}
	checkDynamic(node, s.Problems)
	decodeFunction(&fn, s.project, node, s.Problems)
	entry := s.detect(f, &fn, node)
	s.digest(f, &fn, entry, node)
	return fn
}

// misnamed are the files that their authors take for ours.
var misnamed = map[string]string{FunctionFile: "function.yml", ResourcesFile: "resources.yml"}

func (s *scanner) reportMisnamed(f folder) {
	for right, wrong := range misnamed {
		if e := s.tree.Folder(f.dir).Entry(wrong); e != nil && e.Skip == "" {
			s.Problems.Addf("misnamed-file", diag.Place{File: tree.Join(f.dir, wrong)}, "rename it to "+right, "foldstack does not read %s", wrong)
		}
	}
}

// detect fills in how the function runs and returns the file a build starts from.
func (s *scanner) detect(f folder, fn *model.Function, node *source.Node) (entry string) {
	said := detect.Said{Place: fn.Place, Dockerfile: fn.Dockerfile, Build: fn.Steps.Before + fn.Steps.Command + fn.Steps.After}
	if n := node.Get("dockerfile"); n != nil {
		said.DockerfilePlace = n.Place
	}
	if fn.Runtime.Origin == model.Said {
		said.Runtime, said.RuntimePlace = fn.Runtime.Value, fn.Runtime.Place
	}
	if fn.Handler.Origin == model.Said {
		said.Handler, said.HandlerPlace = fn.Handler.Value, fn.Handler.Place
	}
	var found diag.Problems
	result := detect.Function(s.detectFolder(f), said, &found)
	fn.Package, fn.Runtime, fn.Handler, fn.Dockerfile = result.Package, result.Runtime, result.Handler, result.Dockerfile
	for _, p := range found.Sorted() {
		s.addPlaces(p)
		s.Problems.Add(p)
	}
	return result.Entry
}

// addPlaces gives the printer the code that a problem points into.
func (s *scanner) addPlaces(p diag.Problem) {
	places := []diag.Place{p.Place}
	for _, n := range p.Notes {
		places = append(places, n.Place)
	}
	for _, place := range places {
		if e := s.tree.Entry(place.File); e == nil || e.Kind != tree.Regular {
			continue
		}
		if data := s.tree.Read(place.File).Data; data != nil {
			s.addSource(place.File, data)
		}
	}
}

// digest collects the function's inputs and names its build.
func (s *scanner) digest(f folder, fn *model.Function, entry string, node *source.Node) {
	if entry == "" {
		entry = fn.Dockerfile
	}
	folder := s.tree.Folder(f.dir)
	toolchain := asset.ToolchainOf(fn.Package, fn.Runtime.Value, entry, func(name string) bool { return folder.Entry(name) != nil })
	if toolchain == asset.Go && s.golang.nearest(f.dir, "go.mod") == "" {
		s.Problems.Addf("no-go-module", diag.Place{File: f.dir}, "run go mod init in the project's root or in the folder; a go.mod above "+ConfigFile+" is not seen",
			"no go.mod lies in %s or above it in the project", f.dir)
	}
	in := s.inputs(f, fn, toolchain, node)
	if toolchain == asset.Node && in.importsOutside {
		toolchain = asset.Bundle
	}
	fn.Toolchain, fn.Entry = string(toolchain), entry
	fn.Inputs = in.sorted()
	fn.Digest = asset.Digest(asset.RecipeOf(fn), fn.Inputs)
}
