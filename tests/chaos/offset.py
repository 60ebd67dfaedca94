"""How far a process's clock is off: seconds in a file, none while there is no file."""

from contextlib import suppress
from pathlib import Path


def offset_in(file: Path) -> float:
    with suppress(FileNotFoundError, ValueError):
        return float(file.read_text(encoding="ascii"))
    return 0.0


def set_offset(file: Path, seconds: float) -> None:
    """Puts the clock of who reads the file off by so much, at once."""
    new = file.with_suffix(".new")
    new.write_text(str(seconds), encoding="ascii")
    new.replace(file)
