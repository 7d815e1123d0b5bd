"""A Pulumi provider for base connections of Adobe Experience Platform's Flow Service."""

from pulumi_adobe_aep._version import __version__

__all__ = ["__version__"]
