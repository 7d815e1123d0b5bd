"""What all operations of a process share: HTTP connections kept open, and tokens."""

from __future__ import annotations

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import BASE_PATH, FlowService
from pulumi_adobe_aep.api.ims import tokens_for
from pulumi_adobe_aep.api.transport import HttpClient
from pulumi_adobe_aep.settings import Credentials, Settings


class Api:
    """The way to Adobe's services.

    Args:
        settings: Addresses, credentials, concurrency.

    Raises:
        SettingsError: Credentials are missing.
    """

    def __init__(self, settings: Settings) -> None:
        self.credentials: Credentials = settings.credentials()
        self._settings = settings
        self._http = HttpClient(settings.max_concurrency)
        self.tokens = tokens_for(self._http, settings.ims_url, self.credentials)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._http.close()

    def authenticate(self, deadline: Deadline) -> None:
        """Get an access token, which needs no sandbox.

        Raises:
            TokenRefused: IMS gives none.
        """
        self.tokens.get(deadline)

    def flow_service(self, sandbox: str, deadline: Deadline) -> FlowService:
        """Return the Flow Service of one sandbox, for one operation.

        Args:
            sandbox: The sandbox's name. There is no default: without it Adobe would take `prod`.
            deadline: When the operation ends at the latest.
        """
        return FlowService(
            self._http, self.tokens, self.credentials, self._settings.base_url + BASE_PATH, sandbox, deadline
        )
