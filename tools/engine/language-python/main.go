// The Python language host as the engine starts it: passes what Pulumi.yaml says about the virtual environment on.
//
// Today's engine sends the options of the runtime in each request; the host that is pinned here takes them as flags
// only. This program reads them where the engine does and then becomes the host: the process, its standard
// streams and its signals stay the same.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"gopkg.in/yaml.v3"
)

// host is the file name of the host, beside this program.
const host = "pulumi-language-python-host"

// project is what matters here of a Pulumi.yaml.
type project struct {
	Runtime runtime `yaml:"runtime"`
}

// runtime is a name, or a name with options.
type runtime struct {
	Name    string `yaml:"name"`
	Options struct {
		Toolchain  string `yaml:"toolchain"`
		Virtualenv string `yaml:"virtualenv"`
	} `yaml:"options"`
}

func (r *runtime) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&r.Name)
	}
	type plain runtime
	return node.Decode((*plain)(r))
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run replaces this process by the host; it returns only if that fails.
func run() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	// Behind symbolic links: the host is beside the file itself.
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return err
	}
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	options, err := flags(folder)
	if err != nil {
		return err
	}
	executable := filepath.Join(filepath.Dir(self), host)
	arguments := append([]string{executable}, options...)
	if err := syscall.Exec(executable, append(arguments, os.Args[1:]...), os.Environ()); err != nil {
		return fmt.Errorf("%s does not start: %w", executable, err)
	}
	return nil
}

// flags returns what the host needs to know of the project in folder or, as the engine looks for it, above.
func flags(folder string) ([]string, error) {
	path, content := find(folder)
	if path == "" {
		return nil, nil
	}
	var found project
	if err := yaml.Unmarshal(content, &found); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if found.Runtime.Name != "python" {
		return nil, nil
	}
	options := found.Runtime.Options
	if toolchain := strings.ToLower(options.Toolchain); toolchain != "" && toolchain != "pip" {
		return nil, fmt.Errorf("%s: the toolchain %s needs a Pulumi from pulumi.com. This one was built from Go modules, "+
			"whose Python language host knows pip only: leave the option out, and name the virtual environment by the "+
			"option virtualenv", path, options.Toolchain)
	}
	if options.Virtualenv == "" {
		return nil, nil
	}
	return []string{"-root", filepath.Dir(path), "-virtualenv", options.Virtualenv}, nil
}

// find returns the project file that is closest to folder, upwards, and its content; without one, an empty path.
func find(folder string) (string, []byte) {
	for {
		for _, extension := range []string{".json", ".yaml", ".yml"} {
			path := filepath.Join(folder, "Pulumi"+extension)
			// What cannot be read is not a project for the engine either.
			if content, err := os.ReadFile(path); err == nil {
				return path, content
			}
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", nil
		}
		folder = parent
	}
}
