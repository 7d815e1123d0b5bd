"""The secrets inside a secret are found, as they are written in it and decoded."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_adobe_aep.kinds.base_connection.odbc import build
from pulumi_adobe_aep.secret_parts import is_secret_key, secrets_inside

PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=4, max_size=30)


@given(PRINTABLE, st.sampled_from(["Password", "PWD", "AccountKey", "Access Token", "client_secret", "CredString"]))
@example("a}b;c={d", "Password")
@example("}}}}", "PWD")
def test_the_password_of_a_connection_string_is_found(password: str, key: str) -> None:
    string = build([("Server", "db"), ("UID", "aep_reader"), (key, password), ("Port", "5432")])
    assert password in secrets_inside(string)
    assert "aep_reader" not in secrets_inside(string)


@pytest.mark.parametrize(
    ("secret", "inside"),
    [
        ("Server=db;UID=u;Password=Zr8kq2Lx", "Zr8kq2Lx"),
        ("Server=db;Password = Zr8kq2Lx ;UID=u", "Zr8kq2Lx"),
        ("Password={Zr8k}}q2;Lx};Server=db", "Zr8k}q2;Lx"),
        ("Password={Zr8k}}q2;Lx};Server=db", "Zr8k}}q2;Lx"),
        ("Password='Zr8k''q2Lx';Server=db", "Zr8k'q2Lx"),
        ('Password="Zr8k q2;Lx";Server=db', "Zr8k q2;Lx"),
        ("Password=Zr8k;q2Lx;Server=db", "Zr8k;q2Lx"),
        ("Password=Zr8k;q2Lx;Server=db", "q2Lx"),
        ("host=db user=u password=Zr8kq2Lx dbname=crm", "Zr8kq2Lx"),
        ("host=db password='Zr8k q2Lx' dbname=crm", "Zr8k q2Lx"),
        ("postgresql://aep_reader:Zr8k%40q2Lx@db:5432/crm", "Zr8k@q2Lx"),
        ("postgresql://aep_reader:Zr8k%40q2Lx@db:5432/crm", "Zr8k%40q2Lx"),
        ("http://jdoe:Sup3r@Secret#99@proxy:3128", "Sup3r@Secret#99"),
        ("http://jdoe:Sup3r@Secret#99@proxy:3128", "Sup3r"),
        ("http://jdoe:Sup3r@Secret#99@proxy:3128", "Secret"),
        ("https://Zr8kq2Lx@github.com/x", "Zr8kq2Lx"),
        ("jdbc:postgresql://db:5432/crm?user=u&password=Zr8k%26q2Lx&ssl=true", "Zr8k&q2Lx"),
        ("jdbc:sqlserver://db:1433;user=u;password={Zr8k;q2}}Lx};encrypt=true", "Zr8k;q2}Lx"),
        ("jdbc:oracle:thin:scott/Zr8k/q2Lx@//db:1521/crm", "Zr8k/q2Lx"),
        ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zr8kq2Lx==;EndpointSuffix=x", "Zr8kq2Lx=="),
        ("https://a.blob.core.windows.net/c?sv=2024&sig=Zr8k%2Fq2Lx%3D", "Zr8k/q2Lx="),
        ("CredString={UID=u;pass=Zr8kq2Lx};Server=db", "Zr8kq2Lx"),
        ("Server=db;Token=Zr8kq2Lx", "Zr8kq2Lx"),
        ("Server=db;Secret=Zr8kq2Lx", "Zr8kq2Lx"),
        (json.dumps({"a": [{"password": 'Zr8k"q2Lx'}]}), 'Zr8k"q2Lx'),
        (json.dumps({"url": "postgresql://u:Zr8kq2Lx@db"}), "Zr8kq2Lx"),
        ("{'password': 'Zr8kq2Lx', 'user': u}", "Zr8kq2Lx"),
        (json.dumps({"private_key": "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhki\nx\n"}), "MIIEvQIBADANBgkqhki"),
        ("Bearer Zr8kq2Lx", "Zr8kq2Lx"),
        (f"Basic {base64.b64encode(b'aep_reader:Zr8kq2Lx').decode()}", "Zr8kq2Lx"),
    ],
)
def test_a_secret_is_found_in_what_drivers_and_vendors_write(secret: str, inside: str) -> None:
    assert inside in secrets_inside(secret)


@pytest.mark.parametrize(
    "secret",
    ["Zr8kq2Lx", "a plain pass phrase", "p@ss:word/x", "Server=db;Database=crm;UID=aep_reader", "", "=", "://"],
)
def test_what_holds_no_other_secret_has_none_inside(secret: str) -> None:
    assert secrets_inside(secret) == set()


@given(st.text(max_size=100))
@example("password=" * 30)
@example("://" * 30 + "@" * 30)
@example('{"token": ' * 30)
@example("Password={" + "}}" * 100)
def test_any_text_can_be_looked_at(text: str) -> None:
    assert "" not in secrets_inside(text)


@pytest.mark.parametrize("key", ["Password", "PWD", "client_secret", "private_key", "accessToken", "Account Key"])
def test_the_key_of_a_secret_is_reported_with_its_name(key: str) -> None:
    assert is_secret_key(key)


@pytest.mark.parametrize("key", ["Server", "UID", "username", "token_uri", "client_email", "PasswordFile", "bypass"])
def test_the_key_of_what_is_not_a_secret_is_reported_as_well(key: str) -> None:
    assert not is_secret_key(key)
