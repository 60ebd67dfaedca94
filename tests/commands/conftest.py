"""The command line over the small coach, in this process."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import App
from bot.cli import run
from tests.fakes import LESSON, small_app


@dataclass(frozen=True, slots=True)
class Result:
    """How a run of `coach` ended."""

    status: int
    out: str
    err: str

    @property
    def refused(self) -> str:
        """The one line of a run that ended with bad input."""
        assert (self.status, self.out) == (2, "")
        assert self.err.count("\n") == 1
        assert self.err.startswith("coach: ")
        return self.err.removeprefix("coach: ").removesuffix("\n")


Coach = Callable[..., Result]
Open = Callable[[], App]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "roof-care.md").write_text(LESSON)
    return tmp_path / "knowledge"


@pytest.fixture
def coach(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Coach:
    """Runs the command line; `stdin` is what it reads, `opener` gives another coach than the small one."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, stdin: bytes = b"", opener: Open = lambda: small_app(folder)) -> Result:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = run(arguments, opener=opener)
        out, err = capfdbinary.readouterr()
        return Result(status, out.decode(), err.decode())

    return call
