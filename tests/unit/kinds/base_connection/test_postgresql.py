"""PostgreSQL's two kinds of auth: what is sent, what is taken over from the service, what is warned about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_adobe_aep.errors import MissingSecret
from pulumi_adobe_aep.kinds.base_connection.odbc import parse
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import (
    POSTGRES,
    BasicAuthModel,
    ConnectionStringAuthModel,
)
from pulumi_adobe_aep.kinds.model import UNKNOWN

PASSWORD = "s3cr3t-of-the-database"
PARTS = {"server": "db.example.com", "database": "crm", "username": "reader", "password": PASSWORD}
STRING = f"Server=db.example.com;Database=crm;Port=5432;UID=reader;Password={PASSWORD}"


def string_auth(**parts: Any) -> ConnectionStringAuthModel:
    return ConnectionStringAuthModel.model_validate({**PARTS, **parts})


def whole(text: Any = STRING) -> ConnectionStringAuthModel:
    return ConnectionStringAuthModel.model_validate({"connectionString": text})


def basic_auth(**parts: Any) -> BasicAuthModel:
    return BasicAuthModel.model_validate({**PARTS, **parts})


def sent(auth: ConnectionStringAuthModel | BasicAuthModel, **environment: str) -> dict[str, str]:
    return auth.params(environment)


# What is sent.


def test_a_connection_string_is_built_in_the_order_of_adobes_pattern() -> None:
    assert sent(string_auth()) == {"connectionString": STRING}


@pytest.mark.parametrize(
    ("encryption", "end"),
    [
        ("verify", ";EncryptionMethod=1;ValidateServerCertificate=1"),
        ("require", ";EncryptionMethod=1;ValidateServerCertificate=0"),
        ("request", ";EncryptionMethod=6"),
        ("disable", ";EncryptionMethod=0"),
        (None, ""),
    ],
)
def test_encryption_is_said_in_the_drivers_words(encryption: str | None, end: str) -> None:
    assert sent(string_auth(encryption=encryption)) == {"connectionString": STRING + end}


@given(st.text(min_size=1).filter(lambda text: text.strip() and text.isprintable()))
def test_any_password_survives_the_connection_string(password: str) -> None:
    built = sent(string_auth(password=password))["connectionString"]
    assert dict(parse(built))["Password"] == password


def test_a_whole_connection_string_is_sent_as_it_is() -> None:
    text = f"uid=reader; pwd={{{PASSWORD}}};server=db;port=1;database=crm;SomethingElse=1;"
    assert sent(whole(text)) == {"connectionString": text}


def test_basic_auth_is_sent_in_parts_with_the_port_as_a_text() -> None:
    assert sent(basic_auth(port=5433, sslMode="Verify Full")) == {
        **PARTS,
        "port": "5433",
        "sslMode": "Verify Full",
    }


def test_basic_auth_without_an_ssl_mode_says_nothing_about_it() -> None:
    assert sent(basic_auth()) == {**PARTS, "port": "5432"}


def test_a_password_from_the_environment_stands_in_the_built_string() -> None:
    auth = string_auth(password={"fromEnv": "CRM", "version": 2})
    assert sent(auth, CRM="from;env")["connectionString"].endswith("Password={from;env}")
    assert auth.to_state()["password"] == {"fromEnv": "CRM", "version": 2}


def test_a_password_from_the_environment_stands_in_basic_auth() -> None:
    assert sent(basic_auth(password={"fromEnv": "CRM"}), CRM="from;env")["password"] == "from;env"


def test_a_whole_string_from_the_environment_is_sent_as_it_is() -> None:
    assert sent(whole({"fromEnv": "CRM"}), CRM=STRING) == {"connectionString": STRING}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (PASSWORD, "It cannot be read: part 1 has no '='"),
        (f"Server=db;Password={PASSWORD}", "It lacks Database, Port, UID;"),
        (f"{STRING};Password={PASSWORD}", "It has Password more than once."),
        (STRING.replace("5432", PASSWORD), "It has a Port that is not a whole number from 1 to 65535."),
        (STRING.replace(PASSWORD, "{your_password}"), "It has a Password that is a placeholder."),
    ],
)
def test_a_wrong_string_from_the_environment_is_reported_without_its_text(text: str, why: str) -> None:
    with pytest.raises(MissingSecret) as caught:
        sent(whole({"fromEnv": "CRM"}), CRM=text)
    message = str(caught.value)
    assert message.startswith("The environment variable CRM holds no whole connection string; nothing was sent.")
    assert why in message
    assert PASSWORD not in message


# What the state holds.


def test_the_default_port_is_written_so_that_leaving_it_out_is_not_a_change() -> None:
    assert string_auth().to_state() == string_auth(port=5432).to_state() == string_auth(port="5432").to_state()
    assert basic_auth().to_state() == basic_auth(port=5432.0).to_state()


def test_a_whole_string_has_no_port_beside_it() -> None:
    assert whole().to_state() == {
        "specName": "Connection String Based Authentication",
        "connectionString": STRING,
    }


@pytest.mark.parametrize(
    ("auth", "kind"),
    [
        (PARTS, ConnectionStringAuthModel),
        ({**PARTS, "encryption": "verify"}, ConnectionStringAuthModel),
        ({"connectionString": STRING}, ConnectionStringAuthModel),
        ({**PARTS, "sslMode": "Require"}, BasicAuthModel),
        ({**PARTS, "specName": "Basic Authentication"}, BasicAuthModel),
        ({**PARTS, "specName": "Connection String Based Authentication"}, ConnectionStringAuthModel),
    ],
)
def test_the_kind_of_auth_is_reported_with_its_name_or_by_what_only_one_has(auth: dict[str, Any], kind: type) -> None:
    inputs = POSTGRES.inputs.model_validate({"name": "crm", "sandboxName": "dev", "auth": auth})
    assert type(inputs.declared_auth) is kind


# What is taken over from the service.


RECORDED_STRING = {**string_auth(encryption="verify").to_state()}
RECORDED_BASIC = basic_auth(sslMode="Verify Full").to_state()


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"connectionString": "*****"},
        {"connectionString": "{CONNECTION_STRING}"},
        {"connectionString": None},
        {"connectionString": 5},
        {"connectionString": "x" * 10_000},
        {"connectionString": "Server=a;b=c;d"},
        {"connectionString": "Server=***;Database=xxx;Port=;UID=<hidden>;Password=***"},
        {"connectionString": "Server=*;Database=*;Port=*;UID=*;Password=*"},
        {"somethingElse": "Server=other"},
    ],
)
def test_what_hides_the_connection_string_is_not_drift(shown: dict[str, Any]) -> None:
    assert ConnectionStringAuthModel.merge_observed(RECORDED_STRING, shown) == RECORDED_STRING


def shown_string(**changes: str) -> dict[str, str]:
    pairs = dict(parse(sent(string_auth(encryption="verify"))["connectionString"])) | {"Password": "*****"} | changes
    return {"connectionString": ";".join(f"{key}={value}" for key, value in pairs.items() if value)}


def test_a_string_that_is_shown_as_it_was_sent_is_not_drift() -> None:
    assert ConnectionStringAuthModel.merge_observed(RECORDED_STRING, shown_string()) == RECORDED_STRING


@pytest.mark.parametrize(
    ("changes", "key", "value"),
    [
        ({"Server": "other"}, "server", "other"),
        ({"Port": "6543"}, "port", 6543),
        ({"Database": "dwh"}, "database", "dwh"),
        ({"UID": "writer"}, "username", "writer"),
        ({"EncryptionMethod": "0"}, "encryption", "disable"),
        ({"EncryptionMethod": "6"}, "encryption", "request"),
        ({"ValidateServerCertificate": "0"}, "encryption", "require"),
        ({"ValidateServerCertificate": ""}, "encryption", "require"),
        ({"EncryptionMethod": "9"}, "encryption", "EncryptionMethod=9"),
    ],
)
def test_each_part_of_a_shown_string_that_differs_is_drift(changes: dict[str, str], key: str, value: object) -> None:
    observed = ConnectionStringAuthModel.merge_observed(RECORDED_STRING, shown_string(**changes))
    assert observed == {**RECORDED_STRING, key: value}


def test_encryption_that_was_taken_away_is_drift() -> None:
    shown = shown_string(EncryptionMethod="", ValidateServerCertificate="")
    observed = ConnectionStringAuthModel.merge_observed(RECORDED_STRING, shown)
    assert observed == {key: value for key, value in RECORDED_STRING.items() if key != "encryption"}


def test_the_password_of_a_shown_string_is_never_taken_over() -> None:
    observed = ConnectionStringAuthModel.merge_observed(RECORDED_STRING, shown_string(Password="another"))
    assert observed == RECORDED_STRING


def test_of_a_whole_string_nothing_is_taken_over() -> None:
    recorded = whole().to_state()
    assert ConnectionStringAuthModel.merge_observed(recorded, shown_string(Server="other")) == recorded


@pytest.mark.parametrize(
    ("shown", "changed"),
    [
        ({"server": "other"}, {"server": "other"}),
        ({"port": "6543"}, {"port": 6543}),
        ({"port": 6543.0}, {"port": 6543}),
        ({"port": "none"}, {}),
        ({"database": "dwh"}, {"database": "dwh"}),
        ({"username": "writer"}, {"username": "writer"}),
        ({"sslMode": "Disable"}, {"sslMode": "Disable"}),
        ({"sslMode": False}, {"sslMode": "false"}),
        ({"password": "another"}, {}),
        ({"password": "*****"}, {}),
        ({"authorizedDate": "2026-01-01", "privateEndpointId": "x"}, {}),
        ({"server": "*****", "username": "{USERNAME}", "database": "xxxx"}, {}),
        ({"server": None, "port": [], "database": {}, "username": None}, {}),
        ({}, {}),
    ],
)
def test_of_basic_auth_each_shown_part_is_taken_over_but_the_password(
    shown: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert BasicAuthModel.merge_observed(RECORDED_BASIC, shown) == {**RECORDED_BASIC, **changed}


@given(st.dictionaries(st.sampled_from(["server", "port", "sslMode", "connectionString"]), st.text() | st.floats()))
def test_whatever_the_service_shows_it_is_read(shown: dict[str, Any]) -> None:
    assert BasicAuthModel.merge_observed(RECORDED_BASIC, shown)["password"] == PASSWORD
    assert ConnectionStringAuthModel.merge_observed(RECORDED_STRING, shown)["password"] == PASSWORD


# What is warned about.


def warned(auth: ConnectionStringAuthModel | BasicAuthModel) -> dict[str, str]:
    return {remark.path: remark.text for remark in auth.remarks()}


@pytest.mark.parametrize(
    "auth",
    [
        string_auth(encryption="verify"),
        string_auth(encryption="require"),
        string_auth(encryption="request"),
        string_auth(encryption="disable"),
        string_auth(encryption=UNKNOWN),
        whole(f"{STRING};EncryptionMethod=1;ValidateServerCertificate=1"),
        whole(f"{STRING};EncryptionMethod=0"),
        whole(UNKNOWN),
        whole({"fromEnv": "CRM"}),
        basic_auth(sslMode="Verify Full"),
        basic_auth(sslMode="Verify-Ca"),
        basic_auth(sslMode="Require"),
        basic_auth(sslMode="Disable"),
        basic_auth(sslMode="true"),
        basic_auth(sslMode="false"),
        basic_auth(sslMode=True),
        basic_auth(sslMode=False),
        basic_auth(sslMode=UNKNOWN),
    ],
    ids=str,
)
def test_what_is_encrypted_or_unencrypted_on_purpose_or_unknown_is_not_warned_about(
    auth: ConnectionStringAuthModel | BasicAuthModel,
) -> None:
    assert warned(auth) == {}


@pytest.mark.parametrize(
    ("auth", "path", "remedy"),
    [
        (string_auth(), "auth.encryption", '`encryption="verify"` encrypts'),
        (whole(), "auth.connectionString", "EncryptionMethod=1;ValidateServerCertificate=1 encrypts"),
        (basic_auth(), "auth.sslMode", '`sslMode="Verify Full"` encrypts'),
        (basic_auth(sslMode="Allow"), "auth.sslMode", '`sslMode="Verify Full"` encrypts'),
    ],
    ids=str,
)
def test_no_encryption_is_warned_about_with_the_remedy(
    auth: ConnectionStringAuthModel | BasicAuthModel, path: str, remedy: str
) -> None:
    (text,) = warned(auth).values()
    assert list(warned(auth)) == [path]
    assert text.startswith("nothing asks for encryption")
    assert remedy in text
    assert PASSWORD not in text


def test_adobes_misspelling_is_warned_about_with_the_right_spelling() -> None:
    (remark,) = whole(f"{STRING};EncryptionMethod=1;ValidationServerCertificate=1").remarks()
    assert remark.path == "auth.connectionString"
    assert "ValidationServerCertificate is a misspelling in Adobe's documentation" in remark.text
    assert "write ValidateServerCertificate=1" in remark.text


@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("SslMode=VerifyFull", "SslMode"),
        ("sslmode=require", "SslMode"),
        ("SSL Mode=Require", "SslMode"),
        ("ssl=true", "Ssl"),
        ("Encrypt=yes", "Encrypt"),
        ("Trust Server Certificate=false", "TrustServerCertificate"),
        ("sslmode=require;sslrootcert=ca.pem", "SslMode, SslRootCert"),
        ("sslmode=require;EncryptionMethod=1;ValidateServerCertificate=1", "SslMode"),
    ],
)
def test_an_option_of_another_driver_is_warned_about_with_adobes_own(option: str, name: str) -> None:
    (remark,) = whole(f"{STRING};{option}").remarks()
    assert remark.path == "auth.connectionString"
    assert remark.text == (
        f"{name} is an option of other drivers, which Adobe's driver does not know: it takes EncryptionMethod and "
        "ValidateServerCertificate; EncryptionMethod=1;ValidateServerCertificate=1 encrypts and checks the server's "
        "certificate"
    )


@pytest.mark.parametrize(
    ("auth", "path"),
    [
        (string_auth(server="localhost", encryption="verify"), "auth.server"),
        (basic_auth(server="10.0.0.1", sslMode="Require"), "auth.server"),
        (whole(STRING.replace("db.example.com", "crm.local") + ";EncryptionMethod=1"), "auth.connectionString"),
        (whole(STRING.replace("db.example.com", "{192.168.1.5}") + ";EncryptionMethod=1"), "auth.connectionString"),
    ],
    ids=["string", "basic", "whole", "in braces"],
)
def test_a_server_that_adobe_cannot_reach_is_warned_about(
    auth: ConnectionStringAuthModel | BasicAuthModel, path: str
) -> None:
    (remark,) = auth.remarks()
    assert remark.path == path
    assert remark.about_reach
    assert "Adobe's servers must reach it" in remark.text
    assert PASSWORD not in remark.text


@pytest.mark.parametrize(("given_as", "as_string"), [(True, "true"), (False, "false"), ("true", "true")])
def test_an_ssl_mode_may_be_a_boolean_and_is_sent_as_the_string_of_adobes_example(
    given_as: object, as_string: str
) -> None:
    auth = basic_auth(sslMode=given_as)
    assert sent(auth)["sslMode"] == as_string
    assert auth.to_state() == basic_auth(sslMode=as_string).to_state()
    assert BasicAuthModel.merge_observed(auth.to_state(), {"sslMode": given_as}) == auth.to_state()


def test_an_unknown_ssl_mode_is_warned_about_and_passed_through() -> None:
    auth = basic_auth(sslMode="verify_full")
    (remark,) = auth.remarks()
    assert remark.path == "auth.sslMode"
    assert remark.text.startswith("'verify_full' is on none of Adobe's pages and is sent as it is; they have Disable")
    assert sent(auth)["sslMode"] == "verify_full"
