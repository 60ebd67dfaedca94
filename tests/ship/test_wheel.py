"""The wheel holds all that the coach runs on."""

import zipfile
from pathlib import Path

from tests.ship.dockerfile import ROOT

_MADE = ("__pycache__",)


def test_the_wheel_has_every_file_of_the_program_as_it_is(wheel: Path) -> None:
    files = [path for path in (ROOT / "bot").rglob("*") if path.is_file() and not set(_MADE) & set(path.parts)]
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if name.startswith("bot/")}
        assert names == {str(path.relative_to(ROOT)) for path in files}
        assert [
            path for path in files if packed.getinfo(str(path.relative_to(ROOT))).file_size != path.stat().st_size
        ] == []
