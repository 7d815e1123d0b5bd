"""The Pulumi engine for the demo and the tests: found on PATH, built, or installed.

`python -m tools.engine` prints the folder to put first on PATH; programs call `ensure_engine`.
"""

from .engine import Engine, EngineUnavailable
from .ensure import ensure_engine

__all__ = ["Engine", "EngineUnavailable", "ensure_engine"]
