"""The plugin, for an engine that installs it with its own Python language host."""

from pulumi_adobe_aep.native.server import main

main()
