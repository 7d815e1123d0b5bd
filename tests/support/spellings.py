"""The ways in which a service, a driver or a library writes a value that it quotes, and secrets to quote."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

from pulumi_adobe_aep.redaction import MASK

TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=8, max_size=40)
# What is masked already stays as it is.
LONG = TEXT.filter(lambda text: text.strip() == text and len(set(text)) > 4 and MASK not in text)
"""Secrets that are not ordinary words."""

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": json.dumps,
    "JSON in other alphabets": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "JSON with slashes escaped": lambda text: json.dumps(text).replace("/", "\\/"),
    "JSON as Gson writes it": lambda text: json.dumps(text).translate(
        {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&='"}
    ),
    "repr": repr,
    "URL": quote,
    "whole URL": lambda text: quote(text, safe=""),
    "URL in lower case": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "form": quote_plus,
    "URL in URL": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "HTML with numbers": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "JSON in HTML": lambda text: html.escape(json.dumps(text)),
    "SQL": lambda text: "'" + text.replace("'", "''") + "'",
    "doubled quotes": lambda text: '"' + text.replace('"', '""') + '"',
    "braces": lambda text: "{" + text.replace("}", "}}") + "}",
    "basic authorization": lambda text: base64.b64encode(f"aep_reader:{text}".encode()).decode(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"u:{text}?".encode()).decode(),
    "base64 in a URL": lambda text: quote(base64.b64encode(f"é{text}".encode()).decode(), safe=""),
    "base64 of a connection string": lambda text: base64.b64encode(
        f"UID=x;Password={{{text.replace('}', '}}')}}}".encode()
    ).decode(),
}
