"""Whether the resources of a program are those of the plugin or of the dynamic provider."""

from __future__ import annotations

import pulumi

from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.native.tokens import dynamic_type_token
from pulumi_adobe_aep.settings import NAMESPACE

SETTING = "nativePlugin"
"""The key in the stack's configuration. Not an environment variable: there is no way back, so that it must not depend
on who runs the program."""


def is_used() -> bool:
    """Return whether the stack's configuration says so (`adobe-aep:nativePlugin`).

    Raises:
        ConfigTypeError: It is neither `true` nor `false`.
    """
    return bool(pulumi.Config(NAMESPACE).get_bool(SETTING))


def options(name: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options of a resource of the plugin.

    Args:
        name: The kind's: `PostgresBaseConnection`.
        opts: The program's own, which come first.
    """
    # What the dynamic provider has written is the same resource. The plugin is that of this very version.
    own = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=dynamic_type_token(name))], version=__version__)
    return pulumi.ResourceOptions.merge(own, opts)
