"""What each class of error is made for, and what to do: the part of docs/errors.md that is written by hand."""

from __future__ import annotations

CHECK_DATABASE = (
    "Check server, port, database, user name, password and encryption. Adobe's servers must reach the database, so its "
    "firewall must let the addresses of your region in."
)

CAUSES: dict[str, tuple[tuple[str, str], ...]] = {
    "InvalidInputs": (
        (
            "A property has a value from another resource, and this value is not allowed.",
            "The message names the property's path and says what is allowed.",
        ),
    ),
    "DeclarationError": (
        (
            "A value in the program is not allowed, or two values cannot be combined.",
            "Correct the property that each line of the message names.",
        ),
        (
            "An argument is misspelled or missing, or is not passed by keyword.",
            "Use the argument's name from the message.",
        ),
    ),
    "SettingsError": (
        (
            "Credentials are missing.",
            (
                "Set AEP_CLIENT_ID, AEP_CLIENT_SECRET and AEP_ORG_ID in the environment or as stack configuration, or"
                " name the credential's JSON file in AEP_CREDENTIALS_FILE. A ready-made token goes into "
                "AEP_ACCESS_TOKEN."
            ),
        ),
        (
            "No sandbox is named.",
            (
                "Give sandbox_name, or set AEP_SANDBOX_NAME or adobe-aep:sandboxName. Without it Adobe would take the"
                " production sandbox."
            ),
        ),
        (
            "A setting cannot be used.",
            (
                "The message names the setting and the source of its value, and says why the value cannot be used and "
                "what to set instead."
            ),
        ),
    ),
    "WrongOrganization": (
        (
            "The state was written for another organization than the one in the settings.",
            (
                "Set AEP_ORG_ID to the organization in the message, with credentials of that organization. For another "
                "organization, use another stack."
            ),
        ),
    ),
    "MissingSecret": (
        (
            "The variable that a SecretFromEnv names is not set, or its value cannot be a secret.",
            "Set it for the process that runs pulumi.",
        ),
    ),
    "TokenRefused": (
        (
            "The client id, the secret or the scopes are not those of the credential, or the credential is disabled.",
            (
                "Copy them again from the Developer Console; the message says which one IMS names. The credential "
                "must be an OAuth server-to-server one."
            ),
        ),
    ),
    "NotSent": (
        (
            (
                "The server could not be reached: its host name is unknown, it refused the connection, or a proxy "
                "blocked the request."
            ),
            "Check the network, the address (AEP_BASE_URL, AEP_IMS_URL) and, if there is a proxy, HTTPS_PROXY.",
        ),
    ),
    "UntrustedCertificate": (
        (
            "The certificate is not signed by an authority that this machine trusts.",
            (
                "If a proxy or a private certificate authority is in between, name its certificates in "
                "REQUESTS_CA_BUNDLE. Verification cannot be turned off."
            ),
        ),
        (
            "The file that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names does not exist or holds no certificates.",
            "Name a file of certificates in PEM form, or unset the variable.",
        ),
    ),
    "ProxyUnusable": (
        (
            "The URL in HTTPS_PROXY or ALL_PROXY is malformed, or it is a SOCKS proxy and PySocks is not installed.",
            (
                "Write it as http://HOST:PORT, with USER:PASSWORD@ before the host if the proxy requires them. A SOCKS "
                "proxy needs the package PySocks (pip install PySocks)."
            ),
        ),
        (
            "The proxy responded with 407: it refused the user name and password, or requires them and got none.",
            "Correct them in HTTPS_PROXY. A proxy with NTLM or Kerberos needs a local proxy that logs in to it.",
        ),
        (
            "The proxy does not let requests to the server through.",
            "Ask the proxy's administrator to allow the host. If the host needs no proxy, name it in NO_PROXY.",
        ),
    ),
    "ResponseLost": (
        (
            "No whole response came back in time.",
            "Run the command again; if the service is that slow, raise AEP_TIMEOUT.",
        ),
        (
            "The response is not JSON, or is not as documented.",
            "A proxy between this machine and Adobe may have sent it. Check the proxy settings of this machine.",
        ),
    ),
    "DeadlineExceeded": (
        (
            "A wait for a state, a deletion or another create of the same name reached AEP_TIMEOUT or customTimeouts.",
            "Run the command again; if the service is that slow, raise AEP_TIMEOUT.",
        ),
    ),
    "Cancelled": (
        (
            "The command was cancelled with Ctrl-C. The plugin then ends every wait.",
            "Run the command again to finish what is left.",
        ),
    ),
    "EntityInUse": (
        (
            "Dataflows use it; the message names them.",
            (
                "Delete the dataflows first, then their source and target connections; then run the command again. To "
                "keep the connection and only take it out of the state, set retain_on_delete=True before the deletion, "
                "or run pulumi-adobe-aep forget."
            ),
        ),
    ),
    "EntityMismatch": (
        (
            "It is another kind of source, in another sandbox, or has another kind of auth.",
            "Check the id and sandbox_name; the kind of auth of a connection cannot be changed.",
        ),
    ),
    "OutcomeUnknown": (
        (
            "The response to a create was lost, and looking for it failed as well.",
            (
                "Before the next pulumi up, list the connections that the service has and the stack does not: "
                "pulumi-adobe-aep connections --orphans"
            ),
        ),
    ),
    "AmbiguousEntities": (
        (
            "The response to a create was lost, and several connections may be the created one.",
            "Take over the right one with the command in the message, and delete those that nobody needs.",
        ),
    ),
    "VerificationFailed": (
        (
            "After a create: the new connection was deleted again, or the message says that it was not.",
            CHECK_DATABASE,
        ),
        (
            "After a change: the old credentials were restored, or the message says that they were not.",
            CHECK_DATABASE,
        ),
    ),
}
"""By class: what happened, and what to do. What to do about a ServiceError follows from its code and status."""
