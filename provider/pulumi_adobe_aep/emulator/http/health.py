"""``/health``: whether the emulator takes requests. Adobe's service has no such path."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(tags=["Health"])


class Health(BaseModel):
    """The state of the process."""

    status: Literal["ok"] = "ok"


@router.get("/health")
async def health() -> Health:
    """Return the state of the process. It needs no token and is not in the request log."""
    return Health()
