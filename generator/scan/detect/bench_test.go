package detect_test

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/foldstack/foldstack/generator/diag"
	"github.com/foldstack/foldstack/generator/scan/detect"
)

func BenchmarkFunction(b *testing.B) {
	for _, name := range []string{"node-typescript", "python-requirements", "go-simple", "java-maven", "dotnet-class-library", "ruby-simple", "rust-simple", "image-multi-stage"} {
		b.Run(name, func(b *testing.B) {
			archive, err := txtar.ParseFile("testdata/" + name + ".txtar")
			if err != nil {
				b.Fatal(err)
			}
			folder := detect.Folder{Dir: dir}
			for _, f := range archive.Files {
				if f.Name != "want" && !strings.HasPrefix(f.Name, "above/") {
					folder.Files = append(folder.Files, detect.File{Path: f.Name, Data: f.Data})
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				var problems diag.Problems
				if !detect.Look(folder, detect.Said{}).Found {
					b.Fatal("not found")
				}
				detect.Function(folder, detect.Said{}, &problems)
			}
		})
	}
}
