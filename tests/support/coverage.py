"""How coverage reaches the processes that tests start with an environment of their own."""

COVERAGE = "COVERAGE_PROCESS_CONFIG"
"""The variable that tells a Python process to measure itself; coverage's `patch = subprocess` sets it."""
