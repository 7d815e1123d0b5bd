"""Placeholders that were left where a value belongs: {PASSWORD}, <password>, YOUR_PASSWORD, ${CRM_PASSWORD}, *****."""

from __future__ import annotations

import re

_WORDS = {
    "server": "server|host|host ?name|address|endpoint",
    "database": "database|database name|db|db ?name",
    "port": "port",
    "username": "user|user ?name|user ?id|uid|login|role",
    "password": "password|pass|pwd|secret",
}
"""What a placeholder for each part of a declaration ends with, as it is compared: lower case, words apart."""
# Adobe's pages have {PASSWORD}, Azure's portal {your_password}; templates have {{ password }}, <password>, [password];
# shells and pipelines leave $PASSWORD, %PASSWORD%.
_BRACKETED = re.compile(r"\{\{(.+)\}\}|\{(.+)\}|<(.+)>|\[(.+)\]|%(.+)%|\$([A-Z][A-Z0-9_]*)")
# A variable that nothing has put a value for; its name need not tell what it is.
_VARIABLE = re.compile(r"\$\{\{?\s*[A-Za-z_][A-Za-z0-9_.]*\s*\}?\}|\$\([A-Za-z_][A-Za-z0-9_.]*\)")
_MASK = re.compile(r"[*•…]{3,}")


def is_placeholder(part: str, value: str, *, in_braces: bool = False) -> bool:
    """Return whether a value is what a template, a shell or a masked display has in its place.

    A value in brackets counts only where its words name its own part: a password may begin and end with a bracket.

    Args:
        part: `server`, `port`, `database`, `username` or `password`.
        value: The value, without quotes.
        in_braces: Whether it was in braces, which are quotes in a connection string, without a need for them.
    """
    if _VARIABLE.fullmatch(value) or _MASK.fullmatch(value):
        return True
    bracketed = _BRACKETED.fullmatch(value)
    inner = next(filter(None, bracketed.groups())) if bracketed else value
    words = " ".join(re.split(r"[\s_.-]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", inner.strip()))).lower()
    beginning = "(?:[a-z]+ )*?" if bracketed or in_braces else "your (?:[a-z]+ )*?"
    return re.fullmatch(f"{beginning}(?:{_WORDS[part]})(?: here)?", words) is not None
