package build

import (
	"archive/zip"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// java packs the classes and resources of the project's jar, and beside them in lib/ the
// jars that it needs, unless the jar holds them already.
//
// https://docs.aws.amazon.com/lambda/latest/dg/java-package.html
func java(ctx context.Context, s *site) error {
	tool, p, output := "gradle", s.gradle(), "build/libs"
	if s.holds(path.Join(s.fn.Dir, "pom.xml")) {
		tool, p, output = "mvn", s.maven(), "target"
	} else if err := write(s.gradleScript(), copyLibraries); err != nil {
		return err
	}
	defer s.exclusive(tool)() // neither shares its caches with another of its own
	if _, err := s.run(ctx, p); err != nil {
		return err
	}
	jar, err := s.jar(path.Join(s.fn.Dir, output))
	if err != nil {
		return err
	}
	if err := s.unpack(jar); err != nil {
		return fmt.Errorf("unpacking %s: %w", filepath.Base(jar), err)
	}
	return nil
}

// wrapper is the build tool's wrapper, where the project has one, or the tool.
func (s *site) wrapper(file, tool string) string {
	if dir, name, ok := s.nearest(file); ok {
		return s.on(path.Join(dir, name))
	}
	return tool
}

// maven packs, and copies what is needed at run time.
//
// https://maven.apache.org/guides/mini/guide-reproducible-builds.html
// https://maven.apache.org/plugins/maven-dependency-plugin/copy-dependencies-mojo.html
func (s *site) maven() program {
	args := []string{"--batch-mode", "--quiet", "-Dstyle.color=never", "-DskipTests", "-Dproject.build.outputTimestamp=1980-01-01T00:00:02Z", "package"}
	if pom := s.read(path.Join(s.fn.Dir, "pom.xml")); !strings.Contains(pom, "maven-shade-plugin") && !strings.Contains(pom, "maven-assembly-plugin") {
		args = append(args, "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory="+filepath.Join(s.out.Name(), "lib"))
	}
	return program{name: s.wrapper("mvnw", "mvn"), args: args, dir: s.folder()}
}

// copyLibraries is a script that gives every project a task which copies what it needs
// at run time.
//
//go:embed libraries.gradle
var copyLibraries []byte

// gradle packs by the task of the Shadow plugin where the project has it.
//
// https://docs.gradle.org/current/userguide/init_scripts.html
// https://gradleup.com/shadow/
func (s *site) gradle() program {
	args := []string{"--no-daemon", "--console=plain", "--quiet"}
	if s.shadowed() {
		args = append(args, "shadowJar")
	} else {
		args = append(args, "--init-script", s.gradleScript(), "-PfoldstackLibraries="+filepath.Join(s.out.Name(), "lib"), "jar", "foldstackLibraries")
	}
	return program{name: s.wrapper("gradlew", "gradle"), args: args, dir: s.folder()}
}

func (s *site) gradleScript() string { return filepath.Join(s.dir, "libraries.gradle") }

func (s *site) shadowed() bool {
	text := s.read(path.Join(s.fn.Dir, "build.gradle")) + s.read(path.Join(s.fn.Dir, "build.gradle.kts"))
	return strings.Contains(text, "shadow")
}

// notTheJar are the ends of the names of what lies beside a project's jar.
var notTheJar = []string{"-sources.jar", "-javadoc.jar", "-tests.jar", "-test-fixtures.jar", "-plain.jar"}

// jar is the one that a build left in a folder: that with its dependencies where there
// are two.
func (s *site) jar(dir string) (string, error) {
	found, err := filepath.Glob(filepath.Join(s.on(dir), "*.jar"))
	if err != nil {
		return "", fmt.Errorf("looking for the jar: %w", err)
	}
	found = slices.DeleteFunc(found, func(file string) bool {
		name := filepath.Base(file)
		return strings.HasPrefix(name, "original-") || slices.ContainsFunc(notTheJar, func(end string) bool { return strings.HasSuffix(name, end) })
	})
	for _, ending := range []string{"-all.jar", "-jar-with-dependencies.jar", "-aws.jar"} {
		if i := slices.IndexFunc(found, func(file string) bool { return strings.HasSuffix(file, ending) }); i >= 0 {
			return found[i], nil
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var names []string
	for _, file := range found {
		names = append(names, filepath.Base(file))
	}
	return "", s.failure(fmt.Sprintf("the build left %d jars in %s: %s", len(found), dir, strings.Join(names, ", ")),
		"write the steps under `build` in function.yaml: unpack the jar into $FOLDSTACK_OUT")
}

// aboutJar names what Maven and Gradle write about the jar: older ones with the time and
// the user. Out of a jar nobody reads it.
func aboutJar(name string) bool {
	return name == "META-INF/MANIFEST.MF" || strings.HasPrefix(name, "META-INF/maven/")
}

// unpack puts the files of a jar into the archive.
func (s *site) unpack(jar string) error {
	r, err := zip.OpenReader(jar)
	if err != nil {
		return err
	}
	defer r.Close()
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, "/") || aboutJar(f.Name) {
			continue
		}
		if err := s.unpackFile(f); err != nil {
			return err
		}
	}
	return nil
}

func (s *site) unpackFile(f *zip.File) error {
	if err := s.out.MkdirAll(path.Dir(f.Name), 0o755); err != nil { // refuses what leaves the folder
		return err
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := s.out.OpenFile(f.Name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, in)
	return err
}
