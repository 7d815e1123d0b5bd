"""The whole application."""

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
from pulumi_adobe_aep.emulator.http.exchange import ExchangeMiddleware
from pulumi_adobe_aep.emulator.world import World


def application(world: World) -> ASGIApp:
    """Return the application that serves a world."""
    app = FastAPI(
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
