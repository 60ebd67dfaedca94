"""The change log, the program and what is shipped are of one version."""

import re

from bot import __version__
from tests.ship.compose import services
from tests.ship.dockerfile import ROOT

_ENTRY = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)


def entries() -> list[tuple[str, str]]:
    return _ENTRY.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


def test_the_newest_entry_is_the_program_s_version() -> None:
    assert entries()[0][0] == __version__


def test_entries_go_from_the_newest_to_the_oldest() -> None:
    numbers = [tuple(map(int, version.split("."))) for version, _ in entries()]
    assert numbers == sorted(set(numbers), reverse=True)
    days = [day for _, day in entries()]
    assert days == sorted(days, reverse=True)


def test_compose_names_the_image_by_the_program_s_version() -> None:
    assert services()["coach"]["image"] == f"field-coach:{__version__}"
