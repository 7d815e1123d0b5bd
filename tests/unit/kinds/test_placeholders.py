"""Placeholders are distinguished from values, which may look odd as well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_adobe_aep.kinds.placeholders import is_placeholder


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("password", "{PASSWORD}"),
        ("password", "{password}"),
        ("password", "{your_password}"),
        ("password", "{your password here}"),
        ("password", "<password>"),
        ("password", "<your-password>"),
        ("password", "<DB_PASSWORD>"),
        ("password", "[password]"),
        ("password", "[YOUR-PASSWORD]"),
        ("password", "YOUR_PASSWORD"),
        ("password", "your password"),
        ("password", "YourPassword"),
        ("password", "YOUR_DB_PASSWORD_HERE"),
        ("password", "your_secret"),
        ("password", "${VAR}"),
        ("password", "${{ secrets.CRM }}"),
        ("password", "$(CRM_PASSWORD)"),
        ("password", "$CRM_PASSWORD"),
        ("password", "%CRM_PASSWORD%"),
        ("password", "{{ crm_password }}"),
        ("password", "********"),
        ("password", "••••••"),
        ("server", "{HOST}"),
        ("server", "<server>"),
        ("server", "your-server"),
        ("database", "{DATABASE_NAME}"),
        ("database", "<dbname>"),
        ("port", "{PORT}"),
        ("port", "<port>"),
        ("username", "{USERNAME}"),
        ("username", "your_user"),
        ("username", "<user-id>"),
    ],
)
def test_what_a_template_a_shell_or_a_masked_display_leaves_is_a_placeholder(part: str, value: str) -> None:
    assert is_placeholder(part, value)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("password", "password"),
        ("password", "PASSWORD"),
        ("password", "my password is long"),
        ("password", "your horse battery"),
        ("password", "{Zr8;kq2Lx}"),
        ("password", "{correct horse}"),
        ("password", "<Zr8kq2Lx>"),
        ("password", "$Zr8kq2Lx"),
        ("password", "%Zr8kq2Lx%"),
        ("password", "**"),
        ("password", "*a*"),
        ("database", "database"),
        ("database", "db"),
        ("username", "user"),
        ("username", "your.name"),
        ("server", "server"),
        ("server", "your-server.example.com"),
        ("server", "db"),
    ],
)
def test_a_value_that_only_looks_like_one_is_none(part: str, value: str) -> None:
    assert not is_placeholder(part, value)


def test_in_braces_that_it_does_not_need_its_words_decide() -> None:
    assert is_placeholder("password", "PASSWORD", in_braces=True)
    assert is_placeholder("password", "your_password", in_braces=True)
    assert not is_placeholder("password", "PASSWORD")
    assert not is_placeholder("password", "Zr8kq2Lx", in_braces=True)


# Without a digit it may end in a word such as "Secret", and a placeholder's words are letters only.
@given(
    st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=24).filter(
        lambda password: not password.isalpha()
    )
)
def test_a_generated_password_is_none_in_any_kind_of_quotes(password: str) -> None:
    assert not any(is_placeholder("password", form) for form in (password, f"{{{password}}}", f"<{password}>"))
    assert not is_placeholder("password", password, in_braces=True)
