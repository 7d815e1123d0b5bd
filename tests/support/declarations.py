"""Invalid declarations, with the message of each: the same table for every place where they are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SECRET = "s3cr3t-of-the-database"
"""Part of every declaration; no message may show it."""
STRING = f"Server=db;Database=crm;Port=5432;UID=reader;Password={SECRET}"
PARTS: Mapping[str, Any] = {"server": "db", "database": "crm", "username": "reader", "password": SECRET}
CONNECTION_STRING = "Connection String Based Authentication"
BASIC = "Basic Authentication"
_STRING = "must be a string, got "
_PASSWORD = "holds a password, which would lie in the state in plain; a password has an input of its own."
_PORT = "must be a whole number from 1 to 65535, not "


@dataclass(frozen=True)
class Wrong:
    """One declaration and the message that it must get.

    Attributes:
        says: what is wrong, by the wire path of the property; the texts have wire names.
        auth: the auth in wire form.
        rest: other inputs in wire form.
    """

    name: str
    says: Mapping[str, str]
    auth: Any = field(default_factory=lambda: dict(PARTS))
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def inputs(self) -> dict[str, Any]:
        """All inputs in wire form."""
        return {"name": "crm", "auth": self.auth, **self.rest}


def _parts(name: str, path: str, says: str, *, without: str = "", **parts: Any) -> Wrong:
    auth = {key: value for key, value in {**PARTS, **parts}.items() if key != without}
    return Wrong(name, {f"auth.{path}": says}, auth)


def _whole(name: str, says: str, text: str) -> Wrong:
    return Wrong(name, {"auth.connectionString": says}, {"connectionString": text})


def _with(pair: str) -> str:
    """Return the whole string with one pair in place of its own."""
    key = pair.partition("=")[0]
    return ";".join(pair if each.startswith(f"{key}=") else each for each in STRING.split(";"))


WRONG: list[Wrong] = [
    _parts("port 0", "port", f"{_PORT}'0'.", port=0),
    _parts("port 70000", "port", f"{_PORT}'70000'.", port=70000),
    _parts("port abc", "port", f"{_PORT}'abc'.", port="abc"),
    _parts("port 5432.5", "port", f"{_PORT}'5432.5'.", port=5432.5),
    _parts("port empty", "port", f"{_PORT}''.", port=""),
    _parts("port true", "port", f"{_PORT}'True'.", port=True),
    _parts("port list", "port", f"{_PORT}a list.", port=[5432]),
    _parts("server with a password", "server", _PASSWORD, server=f"postgresql://reader:{SECRET}@db:5432/crm"),
    _parts("server with a raw password", "server", _PASSWORD, server=f"postgresql://reader:{SECRET}@#/?@db:5432/crm"),
    _parts("server as a JDBC string", "server", _PASSWORD, server=f"jdbc:postgresql://db/crm?user=u&password={SECRET}"),
    _parts("server as a whole string", "server", _PASSWORD, server=f"Server=db;UID=reader;Password={{{SECRET}}}"),
    _parts("database with a password", "database", _PASSWORD, database=f"postgres://u:{SECRET}@db/crm"),
    _parts("username with a password", "username", _PASSWORD, username=f"https://u:{SECRET}@db"),
    _parts("username of a URL without its scheme", "username", _PASSWORD, username=f"reader:{SECRET}@db.example.com"),
    _parts("database of a URL without its scheme", "database", _PASSWORD, database=f"reader:{SECRET}@db:5432/crm"),
    Wrong("description with a whole string", {"description": _PASSWORD}, rest={"description": f"Was:\n{STRING}"}),
    Wrong(
        "description with libpq's key words",
        {"description": _PASSWORD},
        rest={"description": f"host=db user=reader password={SECRET}"},
    ),
    _parts("ssl_mode with a password", "sslMode", _PASSWORD, sslMode=f"postgres://u:{SECRET}@db/crm"),
    Wrong("name with a password", {"name": _PASSWORD}, rest={"name": f"crm at postgres://u:{SECRET}@db"}),
    Wrong(
        "description with a password",
        {"description": _PASSWORD},
        rest={"description": f"of\npostgresql://u:{SECRET}@db:5432/crm, read only"},
    ),
    Wrong("sandbox with a password", {"sandboxName": _PASSWORD}, rest={"sandboxName": f"http://u:{SECRET}@dev"}),
    Wrong(
        "id with a password",
        {"existingConnectionId": _PASSWORD},
        rest={"existingConnectionId": f"https://u:{SECRET}@platform.adobe.io/x"},
    ),
    _parts("server empty", "server", "is empty; give a string, or leave it out where it has a default.", server=""),
    _parts("server blank", "server", "is empty; give a string, or leave it out where it has a default.", server=" \t"),
    _parts("server space", "server", "begins or ends with whitespace or a line break.", server="db "),
    _parts("server NUL", "server", "holds a control character or a line break.", server="d\x00b"),
    _parts("server number", "server", "must be a string, got a number.", server=5),
    _parts("server list", "server", "must be a string, got a list.", server=["db"]),
    _parts("server port", "server", "has the port in it; write server 'db' and port 6432.", server="db:6432"),
    _parts(
        "server protocol",
        "server",
        "begins with a protocol; write server 'db' and port 1433.",
        server="tcp:db,1433",
    ),
    _parts("server URL", "server", "is a URL; write server 'db'.", server="https://db/crm"),
    _parts(
        "server socket",
        "server",
        "holds a path, a named instance or a socket's folder; give the host name or address alone, such as "
        "db.example.com.",
        server="/var/run/postgresql",
    ),
    _parts(
        "server with a space",
        "server",
        "holds whitespace; give the host name or address alone, such as db.example.com.",
        server="d b",
    ),
    _parts(
        "server with a zero-width space",
        "server",
        "holds an invisible character (U+200B); type it instead of pasting it.",
        server="db\u200b",
    ),
    _parts(
        "server in basic auth",
        "server",
        "has the port in it; write server 'db' and port 6432.",
        server="db:6432",
        specName=BASIC,
    ),
    _parts(
        "database with a soft hyphen",
        "database",
        "holds an invisible character (U+00AD); type it instead of pasting it.",
        database="cr\u00adm",
    ),
    _parts(
        "username with a joiner at its end",
        "username",
        "holds an invisible character (U+200D); type it instead of pasting it.",
        username="reader\u200d",
    ),
    _parts("database placeholder", "database", "is a placeholder; put the database in its place.", database="<db>"),
    _parts("username variable", "username", "is a placeholder; put the username in its place.", username="${CRM}"),
    _parts(
        "password placeholder", "password", "is a placeholder; put the password in its place.", password="{PASSWORD}"
    ),
    _parts(
        "password mask in basic auth",
        "password",
        "is a placeholder; put the password in its place.",
        password="********",
        sslMode="Require",
    ),
    _parts("ssl mode number", "sslMode", f"{_STRING}a number.", sslMode=1),
    _parts("database line", "database", "begins or ends with whitespace or a line break.", database="crm\n"),
    _parts("database missing", "database", "is missing.", without="database"),
    _parts("username escape", "username", "holds a control character or a line break.", username="a\x1bb"),
    _parts("password missing", "password", "is missing.", without="password"),
    _parts(
        "password empty", "password", "is empty; give a string, or leave it out where it has a default.", password=""
    ),
    _parts("password number", "password", "must be a string, got a number.", password=12345678),
    _parts(
        "password from a file",
        "password",
        "ends with a line break, as a value read from a file often does; strip it.",
        password=f"{SECRET}\n",
    ),
    _parts(
        "password control", "password", "holds a control character or a line break.", password=f"{SECRET}\x07{SECRET}"
    ),
    _parts("reference without a name", "password.fromEnv", "is missing.", password={"version": 2}),
    _parts(
        "reference version",
        "password.version",
        "must be a whole number, 0 or more, that grows with each new secret.",
        password={"fromEnv": "CRM", "version": 1.5},
    ),
    _parts(
        "reference unknown key",
        "password.verson",
        "is not a property; did you mean version?",
        password={"fromEnv": "CRM", "verson": 1},
    ),
    _parts("encryption", "encryption", "must be one of verify, require, request, disable, not 'on'.", encryption="on"),
    _parts("encryption list", "encryption", "must be one of verify, require, request, disable.", encryption=["verify"]),
    _parts("unknown key near", "passwrd", "is not a property; did you mean password?", passwrd=SECRET),
    _parts(
        "unknown key of two words",
        "conectionString",
        "is not a property; did you mean connectionString?",
        conectionString=SECRET,
    ),
    _parts(
        "unknown key far",
        "zzz",
        "is not a property; there are server, port, database, username, password, encryption, connectionString, "
        "sslMode.",
        zzz=1,
    ),
    Wrong(
        "key of the other kind",
        {"auth.sslMode": f"belongs to '{BASIC}' and not to the kind of auth that the rest of it says."},
        {**PARTS, "specName": CONNECTION_STRING, "sslMode": "Require"},
    ),
    Wrong(
        "unknown kind",
        {"auth.specName": f"must be '{CONNECTION_STRING}' or '{BASIC}'."},
        {**PARTS, "specName": "OAuth"},
    ),
    Wrong("auth is a string", {"auth": "must be an object with properties."}, SECRET),
    Wrong(
        "neither whole nor parts",
        {"auth": "has neither the parts (server, port, database, username, password) nor connectionString."},
        {},
    ),
    Wrong(
        "both whole and parts",
        {"auth": "has connectionString and also server, encryption; give either the whole string or the parts."},
        {"connectionString": STRING, "server": "db", "encryption": "verify"},
    ),
    _whole("string blank", "is empty; give a string, or leave it out where it has a default.", "  "),
    _whole(
        "string without keys",
        "lacks Port, Password; it must have Server, Database, Port, UID and Password, best in that order.",
        "Server=db;Database=crm;UID=reader",
    ),
    _whole(
        "string with an empty value",
        "lacks Password; it must have Server, Database, Port, UID and Password, best in that order.",
        "Server=db;Database=crm;Port=1;UID=reader;Password=",
    ),
    _whole("string with a key twice", "has Server more than once.", f"{STRING};server=db2"),
    _whole("string with a password twice", "has Password more than once.", f"{STRING};PWD={SECRET}"),
    _whole(
        "string with a driver option twice",
        "has EncryptionMethod more than once.",
        f"{STRING};EncryptionMethod=1;encryptionmethod=0",
    ),
    _whole(
        "string with an unquoted password",
        "cannot be read: part 6 has no '='; a value that contains ';' is written in braces: {...}.",
        f"{STRING};{SECRET}",
    ),
    _whole(
        "string with an open brace",
        "cannot be read: the brace in part 5 is never closed.",
        STRING.replace("Password=", "Password={"),
    ),
    _whole("string with half passwords as keys", "has another key more than once.", f"{STRING};{SECRET}=1;{SECRET}=2"),
    _whole(
        "string with a port as a word", "has a Port that is not a whole number from 1 to 65535.", _with("Port=five")
    ),
    _whole("string with a port of 0", "has a Port that is not a whole number from 1 to 65535.", _with("Port=0")),
    _whole("string with a server and its port", "has a Server that has the port in it.", _with("Server=db:5432")),
    _whole("string with a URL as server", "has a Server that is a URL.", _with("Server=https://db")),
    _whole(
        "string with a database that is not seen",
        "has a Database that holds an invisible character (U+200B).",
        _with("Database=crm\u200b"),
    ),
    *(
        _whole(f"string with {left}", f"has a {left.split('=')[0]} that is a placeholder.", _with(left))
        for left in (
            "Password={PASSWORD}",
            "Password={your_password}",
            "Password=<password>",
            "Password=YOUR_PASSWORD",
            "Password=${CRM_PASSWORD}",
            "Password=*****",
            "Server={SERVER}",
            "Server=<host>",
            "UID={USERNAME}",
            "Database=[database]",
            "Port={PORT}",
        )
    ),
    Wrong(
        "name blank", {"name": "is empty; give a string, or leave it out where it has a default."}, rest={"name": " "}
    ),
    Wrong("name with a line", {"name": "holds a control character or a line break."}, rest={"name": "a\nb"}),
    Wrong("description with a bell", {"description": "holds a control character."}, rest={"description": "a\x07"}),
    Wrong(
        "description empty",
        {"description": "is empty; give a string, or leave it out where it has a default."},
        rest={"description": ""},
    ),
    *(
        Wrong(
            f"sandbox {name}",
            {
                "sandboxName": "must be a sandbox's name (lower-case letters, digits and hyphens, beginning with a "
                f"letter; not its title), not '{name}'."
            },
            rest={"sandboxName": name},
        )
        for name in ("Dev", "dev_1", "1dev", "my sandbox", "*", "d" * 257)
    ),
    Wrong("verify as a string", {"verify": "must be true or false, got a string."}, rest={"verify": "yes"}),
    Wrong(
        "everything at once",
        {
            "auth.server": "is empty; give a string, or leave it out where it has a default.",
            "auth.port": f"{_PORT}'abc'.",
            "auth.database": "is missing.",
            "auth.usrname": "is not a property; did you mean username?",
            "auth.username": "is missing.",
            "description": "is empty; give a string, or leave it out where it has a default.",
            "verify": "must be true or false, got a number.",
        },
        {"server": "", "port": "abc", "usrname": "reader", "password": SECRET},
        {"description": "", "verify": 1},
    ),
]
