"""What all operations of a process share: HTTP connections kept open, and tokens."""

from __future__ import annotations

from typing import TypeVar

from pulumi_adobe_aep.api import catalog, data_prep, flow_service
from pulumi_adobe_aep.api.catalog import Catalog
from pulumi_adobe_aep.api.data_prep import DataPrep
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.api.ims import tokens_for
from pulumi_adobe_aep.api.service import Service, ServiceTime
from pulumi_adobe_aep.api.transport import HttpClient
from pulumi_adobe_aep.settings import Credentials, Settings

ServiceT = TypeVar("ServiceT", bound=Service)


class Api:
    """Access to Adobe's services.

    Args:
        settings: Addresses, credentials, concurrency.

    Raises:
        SettingsError: Credentials are missing.
    """

    def __init__(self, settings: Settings) -> None:
        self.credentials: Credentials = settings.credentials()
        self._settings = settings
        self._http = HttpClient(settings.max_concurrency)
        self._time = ServiceTime()
        self.tokens = tokens_for(self._http, settings.ims_url, self.credentials)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._http.close()

    def authenticate(self, deadline: Deadline) -> None:
        """Get an access token, which needs no sandbox.

        Raises:
            TokenRefused: IMS returns none.
        """
        self.tokens.get(deadline)

    def flow_service(self, sandbox: str, deadline: Deadline) -> FlowService:
        """Return the Flow Service of one sandbox, for one operation.

        Args:
            sandbox: The sandbox's name. There is no default: without it Adobe would take `prod`.
            deadline: When the operation ends at the latest.
        """
        return self._service(FlowService, flow_service.BASE_PATH, sandbox, deadline)

    def data_prep(self, sandbox: str, deadline: Deadline) -> DataPrep:
        """Return the Data Prep of one sandbox, for one operation, as `flow_service` does."""
        return self._service(DataPrep, data_prep.BASE_PATH, sandbox, deadline)

    def catalog(self, sandbox: str, deadline: Deadline) -> Catalog:
        """Return the Catalog of one sandbox, for one operation, as `flow_service` does."""
        return self._service(Catalog, catalog.BASE_PATH, sandbox, deadline)

    def _service(self, kind: type[ServiceT], path: str, sandbox: str, deadline: Deadline) -> ServiceT:
        url = self._settings.base_url + path
        return kind(self._http, self.tokens, self.credentials, url, sandbox, deadline, self._time)
