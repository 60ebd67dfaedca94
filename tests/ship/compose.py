"""What compose.yaml says."""

from typing import Any

import yaml

from tests.ship.dockerfile import ROOT


def composed() -> dict[str, Any]:
    """Reads the file."""
    read = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def services() -> dict[str, dict[str, Any]]:
    """Gives its services by name."""
    found: dict[str, dict[str, Any]] = composed()["services"]
    return found
