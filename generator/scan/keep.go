package scan

import (
	"path"
	"strings"

	"github.com/foldstack/foldstack/generator/scan/tree"
)

// dataFormats are formats that hold no code: such files are hashed, but their
// bytes are not kept for detect to read.
var dataFormats = map[string]bool{
	".json": true, ".jsonl": true, ".ndjson": true, ".csv": true, ".tsv": true, ".parquet": true, ".avro": true,
	".md": true, ".rst": true, ".adoc": true, ".html": true, ".css": true, ".map": true, ".log": true, ".sql": true,
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".webp": true, ".ico": true, ".svg": true, ".pdf": true,
	".ttf": true, ".otf": true, ".woff": true, ".woff2": true, ".mp3": true, ".mp4": true, ".wav": true,
	".zip": true, ".gz": true, ".tgz": true, ".tar": true, ".xz": true, ".bz2": true, ".zst": true, ".br": true,
	".jar": true, ".war": true, ".class": true, ".whl": true, ".so": true, ".dll": true, ".exe": true, ".pyc": true,
	".node": true, ".wasm": true, ".bin": true, ".dat": true, ".db": true, ".sqlite": true, ".pkl": true, ".npy": true,
	".onnx": true, ".pt": true, ".h5": true, ".tflite": true, ".pem": true, ".crt": true, ".p12": true,
}

const (
	maxSource = tree.MaxKept
	maxGo     = 64 << 20 // a generated file may be large and import all the same
)

// keep is the size up to which the tree keeps a file's bytes.
func keep(file string) int64 {
	switch ext := path.Ext(file); {
	case ext == ".go":
		return maxGo
	case ext == ".json":
		if name := path.Base(file); name != "package.json" && name != "global.json" && !strings.HasPrefix(name, "tsconfig") {
			return 0
		}
	case dataFormats[ext]:
		return 0
	}
	return maxSource
}
