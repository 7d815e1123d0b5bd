"""Where this project is on the web: the one place that pages, messages and the metadata take it from.

setup.py runs this file alone, so it imports nothing.
"""

REPOSITORY = "https://github.com/pulumi-adobe-aep/pulumi-adobe-aep"
"""The repository, without a slash at the end. CONTRIBUTING.md says what else names it."""

ISSUES = f"{REPOSITORY}/issues"
"""Where a defect is reported."""
