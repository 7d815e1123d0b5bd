"""The whole application."""

from typing import Any, Final

from fastapi import FastAPI
from starlette.types import ASGIApp

from pulumi_adobe_aep.emulator.http import (
    catalog,
    connections,
    control,
    data_prep,
    flows,
    health,
    ims,
    page,
    refusals,
    runs,
    sandboxes,
    schema_registry,
    source_connections,
    specs,
    target_connections,
)
from pulumi_adobe_aep.emulator.http.exchange import IMS_PREFIX, PLATFORM_PREFIX, ExchangeMiddleware
from pulumi_adobe_aep.emulator.world import World

_SECURITY: Final = {
    "HTTPBearer": {"type": "http", "scheme": "bearer", "description": "An access token of IMS."},
    "API key": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "The client id."},
    "Organization": {
        "type": "apiKey",
        "in": "header",
        "name": "x-gw-ims-org-id",
        "description": "The organization's id.",
    },
}
_SANDBOX: Final = {
    "name": "x-sandbox-name",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The sandbox; a request without one reaches the organization's default.",
}


class _Application(FastAPI):
    """FastAPI, with an OpenAPI document that describes what happens around the routes."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document: with the headers that admission reads, and with refusals in Adobe's words."""
        if self.openapi_schema is not None:
            return self.openapi_schema
        document = super().openapi()
        document["components"]["securitySchemes"] = _SECURITY
        for path, operations in document["paths"].items():
            for operation in operations.values():
                if path.startswith((PLATFORM_PREFIX, IMS_PREFIX)) and _is_fastapis(operation["responses"].get("422")):
                    del operation["responses"]["422"]
                if path.startswith(PLATFORM_PREFIX):
                    # One entry with all three: several would mean that any of them is enough.
                    operation["security"] = [{name: [] for name in _SECURITY}]
                    operation.setdefault("parameters", []).append(_SANDBOX)
        return document


def _is_fastapis(response: dict[str, Any] | None) -> bool:
    return response is not None and "HTTPValidationError" in str(response)


def application(world: World) -> ASGIApp:
    """Return the application that serves a world."""
    app = _Application(
        title="Flow Service emulator",
        description="Emulates Adobe Experience Platform's Flow Service and the token endpoint of IMS.",
        redirect_slashes=False,
    )
    app.state.world = world
    refusals.install(app)
    services = (health, ims, connections, specs, source_connections, target_connections, flows, runs)
    neighbours = (catalog, data_prep, schema_registry, sandboxes)
    for each in (*services, *neighbours):
        app.include_router(each.router)
    if world.settings.control:
        app.include_router(control.router)
        app.include_router(page.router)
    return ExchangeMiddleware(app, world)
