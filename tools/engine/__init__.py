"""The Pulumi engine for the demo, the tests and the benchmarks: found on PATH, built, or installed.

`python -m tools.engine [LANGUAGE...]` prints the folder to put first on PATH; programs call `ensure_engine`.
"""

from tools.engine.engine import LANGUAGES, Engine, EngineUnavailable
from tools.engine.ensure import ensure_engine

__all__ = ["LANGUAGES", "Engine", "EngineUnavailable", "ensure_engine"]
