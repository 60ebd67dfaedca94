"""What Microsoft's published schema has against an app manifest, by Microsoft's own package."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.playground.installed import PACKAGES, node, package

HERE = Path(__file__).parent


def faults(*manifests: Mapping[str, Any]) -> list[list[str]]:
    """Gives for each manifest what is wrong with it; nothing when Teams can read it.

    Raises:
        MissingError: Node.js or the package is not installed.
    """
    package("@microsoft/app-manifest")
    asked = subprocess.run(  # noqa: S603 - a program of ours, by its path
        [node(), str(HERE / "manifest_faults.cjs")],
        input=json.dumps(manifests),
        env={"NODE_PATH": str(PACKAGES)},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    found: list[list[str]] = json.loads(asked.stdout)
    return found
