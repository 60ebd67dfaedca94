"""The Node packages that tests run: where they are, and how to have them. Nothing of them is shipped."""

import shutil
import sys
from pathlib import Path

PACKAGES = Path(sys.prefix) / "playground" / "node_modules"
"""Where `make test` and `make playground` install them."""


class MissingError(Exception):
    """What is not there, and how to have it, in one line."""


def node() -> str:
    """Gives the path of Node.js.

    Raises:
        MissingError: there is none.
    """
    if found := shutil.which("node"):
        return found
    raise MissingError("no Node.js: on Debian `apt-get install nodejs npm`, then `make test`")


def package(name: str) -> Path:
    """Gives a package's folder.

    Raises:
        MissingError: it is not installed.
    """
    folder = PACKAGES / name
    if not folder.is_dir():
        raise MissingError(f"{name} is not installed beside this Python: `make test` installs it")
    return folder
