"""What a database server may be, what is refused with what to write instead, and what Adobe cannot reach."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_adobe_aep.kinds.server import find_server_problem, is_out_of_reach

SECRET = "Pa55w0rd"
FORMAT_CHARACTERS = [chr(each) for each in range(sys.maxunicode + 1) if unicodedata.category(chr(each)) == "Cf"]
ALONE = "give the host name or address alone, such as db.example.com"


@pytest.mark.parametrize(
    "server",
    [
        "db",
        "crm-db.example.com",
        "crm-db.example.com.",
        "crm_db.example.com",
        "CRM-DB.EXAMPLE.COM",
        "203.0.113.7",
        "2001:db8::1",
        "[2001:db8::1]",
        "::ffff:203.0.113.7",
        "datenbank.müller.de",
        "база.пример.рф",
        "データ.例え.テスト",
        "डेटा.उदाहरण.परीक्षा",
        "xn--mller-kva.de",
        "crm.cluster-ro-abc123.eu-central-1.rds.amazonaws.com",
        "1and1.example",
        f"{'d' * 63}.example",
    ],
)
def test_host_names_and_addresses_in_every_spelling_are_taken_and_adobe_may_reach_them(server: str) -> None:
    assert find_server_problem(server) is None
    assert not is_out_of_reach(server)


@pytest.mark.parametrize(
    ("server", "text", "instead"),
    [
        ("db.example.com:5432", "has the port in it", "write `server` 'db.example.com' and `port` 5432"),
        ("db.example.com,1433", "has the port in it", "write `server` 'db.example.com' and `port` 1433"),
        ("[2001:db8::1]:5432", "has the port in it", "write `server` '[2001:db8::1]' and `port` 5432"),
        ("203.0.113.7:5432", "has the port in it", "write `server` '203.0.113.7' and `port` 5432"),
        ("tcp:db.example.com,1433", "begins with a protocol", "write `server` 'db.example.com' and `port` 1433"),
        ("TCP: db.example.com", "begins with a protocol", "write `server` 'db.example.com'"),
        ("jdbc:postgresql:crm", "begins with a protocol", ALONE),
        ("https://db.example.com", "is a URL", "write `server` 'db.example.com'"),
        ("https://db.example.com/", "is a URL", "write `server` 'db.example.com'"),
        ("postgresql://db.example.com:6432/crm?ssl=1", "is a URL", "write `server` 'db.example.com' and `port` 6432"),
        ("jdbc:postgresql://db.example.com:5432/crm", "is a URL", "write `server` 'db.example.com' and `port` 5432"),
        ("jdbc:sqlserver://db.example.com;databaseName=crm", "is a URL", "write `server` 'db.example.com'"),
        ("https://", "is a URL", ALONE),
        (
            "db.example.com/crm",
            "holds a path, a named instance or a socket's folder",
            "write `server` 'db.example.com'",
        ),
        ("/var/run/postgresql", "holds a path, a named instance or a socket's folder", ALONE),
        ("db\\instance", "holds a path, a named instance or a socket's folder", "write `server` 'db'"),
        ("10.0.0.0/8", "holds a path, a named instance or a socket's folder", "write `server` '10.0.0.0'"),
        (
            "db1.example.com,db2.example.com",
            "holds ',' or ';'",
            "give one host name or address; every option has its own property",
        ),
        (
            "db.example.com;Port=5432",
            "holds ',' or ';'",
            "give one host name or address; every option has its own property",
        ),
        ("db example.com", "holds whitespace", ALONE),
        ("db\u00a0example.com", "holds whitespace", ALONE),
        ("db.example.com 5432", "holds whitespace", ALONE),
        ("db*.example.com", "holds '*', which no host name may have", ALONE),
        ("'db.example.com'", "holds ''', which no host name may have", ALONE),
        ("300.1.2.3", "is not a valid IPv4 address", "it has four numbers from 0 to 255, such as 203.0.113.7"),
        ("10.0.1", "is not a valid IPv4 address", "it has four numbers from 0 to 255, such as 203.0.113.7"),
        ("5432", "is not a valid IPv4 address", "it has four numbers from 0 to 255, such as 203.0.113.7"),
        ("[203.0.113.7]", "holds '[', which no host name may have", ALONE),
        ("2001:db8::1::2", "holds ':', which no host name may have", ALONE),
        ("db..example.com", "is not a host name: it has 1 to 63 characters between two dots", ALONE),
        (".example.com", "is not a host name: it has 1 to 63 characters between two dots", ALONE),
        (".", "is not a host name: it has 1 to 63 characters between two dots", ALONE),
        (f"{'d' * 64}.example", "is not a host name: it has 1 to 63 characters between two dots", ALONE),
        ("d." * 130 + "d", "is longer than a host name can be, which is 253 characters", ALONE),
        ("{SERVER}", "is a placeholder", "put the server's host name in its place"),
        ("${CRM_DB}", "is a placeholder", "put the server's host name in its place"),
        ("<host>.example.com", "holds '<', which no host name may have", ALONE),
        ("DB\u200b.example.com", "holds an invisible character (U+200B)", "type it instead of pasting it"),
        ("\ufeffdb.example.com", "holds an invisible character (U+FEFF)", "type it instead of pasting it"),
    ],
)
def test_anything_else_is_reported_with_what_to_write_instead(server: str, text: str, instead: str) -> None:
    assert find_server_problem(server) == (text, instead)


@pytest.mark.parametrize(
    "server",
    [
        f"postgresql://aep_reader:{SECRET}@db.example.com:5432/crm",
        f"aep_reader:{SECRET}@db.example.com",
        f"aep_reader:{SECRET}@tcp:db.example.com,1433",
        f"https://{SECRET}@db.example.com",
        f"db.example.com/{SECRET}",
        f"db.example.com?password={SECRET}",
        f"db.example.com;Password={SECRET}",
        f"db.example.com Password={SECRET}",
        f"https://db.example.com?password={SECRET}",
    ],
)
def test_what_may_be_a_password_in_it_is_not_quoted(server: str) -> None:
    problem = find_server_problem(server)
    assert problem is not None
    assert SECRET not in "".join(problem)


@pytest.mark.parametrize("place", ["{}db.example.com", "db{}.example.com", "db.example.com{}"])
def test_every_character_of_unicodes_format_class_is_refused_wherever_it_stands(place: str) -> None:
    taken = [f"U+{ord(each):04X}" for each in FORMAT_CHARACTERS if find_server_problem(place.format(each)) is None]
    assert len(FORMAT_CHARACTERS) > 100
    assert taken == []


@given(st.text(min_size=1))
def test_whatever_the_server_is_the_result_is_a_sentence_or_none(server: str) -> None:
    problem = find_server_problem(server)
    assert problem is None or (problem.text and problem.instead)


@given(st.ip_addresses())
def test_every_address_is_taken_and_an_ipv6_one_in_brackets_too(address: object) -> None:
    assert find_server_problem(str(address)) is None
    if ":" in str(address):
        assert find_server_problem(f"[{address}]") is None


@pytest.mark.parametrize(
    "server",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "db.localhost",
        "localhost.localdomain",
        "crm.local",
        "host.docker.internal",
        "crm.lan",
        "nas.home.arpa",
        "127.0.0.1",
        "127.8.9.10",
        "::1",
        "[::1]",
        "0.0.0.0",  # noqa: S104 - what somebody may write, nothing is bound to it
        "::",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.5",
        "100.64.0.1",
        "169.254.10.10",
        "fe80::1",
        "fe80::1%eth0",
        "fd12:3456::1",
        "[fd12:3456::1]",
        "::ffff:10.0.0.1",
    ],
)
def test_what_only_this_machine_or_this_network_knows_is_out_of_adobes_reach(server: str) -> None:
    assert find_server_problem(server) is None
    assert is_out_of_reach(server)


@pytest.mark.parametrize(
    "server", ["localhost.example.com", "local.example.com", "internal", "mylocal", "11.0.0.1", "172.32.0.1", "fec::1"]
)
def test_what_only_looks_like_it_is_not(server: str) -> None:
    assert is_out_of_reach(server) == (server == "internal")
