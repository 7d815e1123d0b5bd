// Writes the SDKs of a Pulumi package from its schema, with Pulumi's own generators.
//
// Usage: sdk-generator SCHEMA FOLDER LANGUAGE...
package main

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/blang/semver"
	java "github.com/pulumi/pulumi-java/pkg/codegen/java"
	"github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// tool is how the files that are generated name their generator.
const tool = "pulumi-adobe-aep"

type files = map[string][]byte

// logo is the picture of the .NET package, whose generator would otherwise download Pulumi's.
//
//go:embed logo.png
var logo embed.FS

var generators = map[string]func(*schema.Package) (files, error){
	"dotnet": func(p *schema.Package) (files, error) { return dotnet.GeneratePackage(tool, p, nil, nil) },
	"go":     func(p *schema.Package) (files, error) { return golang.GeneratePackage(tool, p, nil) },
	"java":   func(p *schema.Package) (files, error) { return java.GeneratePackage(tool, p, nil, nil, false, false) },
	"nodejs": func(p *schema.Package) (files, error) {
		return nodejs.GeneratePackage(tool, p, nil, nil, false, noPackages{})
	},
	"python": func(p *schema.Package) (files, error) { return python.GeneratePackage(tool, p, nil, noPackages{}) },
}

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: sdk-generator SCHEMA FOLDER LANGUAGE...")
		os.Exit(2)
	}
	http.DefaultTransport.(*http.Transport).RegisterProtocol("embedded", http.NewFileTransportFS(logo))
	for _, language := range os.Args[3:] {
		if err := generate(os.Args[1], os.Args[2], language); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", language, err)
			os.Exit(1)
		}
	}
}

// generate writes the SDK of a language into the folder of that name below folder, in place of what is there.
func generate(schemaFile, folder, language string) error {
	generator, known := generators[language]
	if !known {
		return fmt.Errorf("there is no generator for it, only for %s", strings.Join(slices.Sorted(maps.Keys(generators)), ", "))
	}
	// Read again for each language, because a generator changes what it is given.
	pkg, err := load(schemaFile)
	if err != nil {
		return err
	}
	generated, err := generator(pkg)
	if err != nil {
		return err
	}
	sdk := filepath.Join(folder, language)
	if err := os.RemoveAll(sdk); err != nil {
		return err
	}
	for name, content := range generated {
		path := filepath.Join(sdk, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// load reads a schema and checks it against Pulumi's metaschema.
func load(path string) (*schema.Package, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(content, &spec); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if spec.LogoURL == "" {
		spec.LogoURL = "embedded:///logo.png"
	}
	pkg, found, err := schema.BindSpec(spec, noPackages{}, schema.ValidationOptions{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if found.HasErrors() {
		problems := make([]string, 0, len(found))
		for _, problem := range found {
			problems = append(problems, problem.Summary)
		}
		return nil, fmt.Errorf("%s: %s", path, strings.Join(problems, "\n"))
	}
	return pkg, nil
}

// noPackages is the loader of a schema that refers to no other package.
type noPackages struct{}

func (noPackages) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	return nil, refuse(name)
}

func (noPackages) LoadPackageV2(_ context.Context, p *schema.PackageDescriptor) (*schema.Package, error) {
	return nil, refuse(p.Name)
}

func (noPackages) LoadPackageReference(name string, _ *semver.Version) (schema.PackageReference, error) {
	return nil, refuse(name)
}

func (noPackages) LoadPackageReferenceV2(
	_ context.Context, p *schema.PackageDescriptor,
) (schema.PackageReference, error) {
	return nil, refuse(p.Name)
}

func refuse(name string) error {
	return fmt.Errorf("the schema refers to the package %s; only schemas without such references are supported", name)
}
