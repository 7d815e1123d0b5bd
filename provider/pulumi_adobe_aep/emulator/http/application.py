"""The whole application."""

from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from pulumi_adobe_aep.emulator.http import (
    connections,
    control,
    flows,
    ims,
    neighbours,
    refusals,
    runs,
    source_connections,
    specs,
    target_connections,
)
from pulumi_adobe_aep.emulator.http.exchange import IMS_PREFIX, PLATFORM_PREFIX, ExchangeMiddleware
from pulumi_adobe_aep.emulator.world import World


class _Application(FastAPI):
    """FastAPI, but for an answer that it promises and that the services here never give."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document without FastAPI's own answer to wrong input: refusals are in Adobe's words."""
        document = super().openapi()
        for path, operations in document["paths"].items():
            for operation in operations.values():
                if path.startswith((PLATFORM_PREFIX, IMS_PREFIX)) and _is_fastapis(operation["responses"].get("422")):
                    del operation["responses"]["422"]
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
    for each in (ims, connections, specs, source_connections, target_connections, flows, runs, neighbours):
        app.include_router(each.router)
    if world.settings.control:
        app.include_router(control.router)
    return ExchangeMiddleware(app, world)
