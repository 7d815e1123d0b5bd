"""Names of a program as the state has them; `pulumi_sdk.wording` has the other direction."""

from __future__ import annotations

import re
from functools import lru_cache

from pydantic.alias_generators import to_camel


class UserKey(str):
    """A key of a dict that is the user's own: it is not a property's name, and stays as it is."""

    __slots__ = ()


_NAME = re.compile(r"\w+")


# Names are translated with regular expressions, and the SDK asks for each name of each resource several times.
@lru_cache(maxsize=512)
def name_in_state(path: str) -> str:
    """Return a name as the state has it; also of a path in an option, such as `auth.ssl_mode`."""
    return _NAME.sub(lambda name: to_camel(name[0]), path)
