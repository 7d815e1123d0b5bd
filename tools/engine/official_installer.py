"""`python -m tools.engine.official_installer FOLDER VERSION`: run Pulumi's installer into a folder."""

import subprocess
import sys

from pulumi.automation import PulumiCommand
from semver import VersionInfo


def main() -> None:
    """Install the version named by the second argument into the folder named by the first."""
    folder, version = sys.argv[1:]
    try:
        PulumiCommand.install(root=folder, version=VersionInfo.parse(version))
    except subprocess.CalledProcessError as error:
        # What the installer's script said is in the exception only.
        sys.exit((error.output or b"").decode("utf-8", errors="replace") + str(error))
    except OSError as error:
        sys.exit(f"get.pulumi.com: {error}")


if __name__ == "__main__":
    main()
