"""The command line as a process: pipes, signals, streams, settings, speed of the start."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes import LESSON

ROOT = Path(__file__).parents[2]
SMALL_COACH = (sys.executable, "-m", "tests.small_coach")
LINE = b'{"id":1,"question":"gutters"}\n'
PATIENCE = 20.0
"""Seconds until a process that does not end is a failure."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "roof-care.md").write_text(LESSON)
    return tmp_path


def start(folder: Path, *arguments: str, stdout: int = subprocess.PIPE) -> "subprocess.Popen[bytes]":
    """Starts the command line over the small coach."""
    command = [*SMALL_COACH, str(folder), *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=stdout, stderr=pipe)  # noqa: S603 - our own program


def coach(*arguments: str, cwd: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Runs the real command line in `cwd`."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_help_starts_fast(tmp_path: Path) -> None:
    def seconds() -> float:
        started = time.perf_counter()
        assert coach("--help", cwd=tmp_path).returncode == 0
        return time.perf_counter() - started

    assert min(seconds() for _ in range(5)) < 0.3


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    told = coach("--help", cwd=tmp_path, PYTHONPROFILEIMPORTTIME="1").stderr.splitlines()
    loaded = {line.rpartition("|")[2].strip() for line in told}
    assert "click" in loaded
    assert not loaded & {"numpy", "onnxruntime", "rich", "aiohttp", "markdown_it", "prompt_toolkit", "pydantic", "yaml"}


def test_lines_are_answered_as_they_come(folder: Path) -> None:
    with start(folder, "ask", "--jsonl", "-") as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(LINE.replace(b"1", str(number).encode()))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


def test_ctrl_c_while_waiting_for_a_line_ends_quietly(folder: Path) -> None:
    with start(folder, "ask", "--jsonl", "-") as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(LINE)
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr.read() == b""
        process.stdin.close()


def test_a_reader_that_goes_away_ends_it_quietly(folder: Path) -> None:
    with start(folder, "ask", "--jsonl", "-") as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(LINE * 100)
        process.stdin.close()
        assert process.wait(PATIENCE) == 141
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["ask", "gutters"], ["ask", "gutters", "--json"], ["guide"]])
def test_a_full_disk_is_one_line(folder: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full, start(folder, *arguments, stdout=full.fileno()) as process:
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert err == b"coach: cannot write the output: No space left on device\n"


def test_standard_streams_may_be_closed(folder: Path) -> None:
    closing = "import os, sys; [os.close(n) for n in (0, 1, 2)]; os.execv(sys.argv[1], sys.argv[1:])"
    command = [sys.executable, "-c", closing, *SMALL_COACH, str(folder), "ask", "gutters"]
    assert subprocess.run(command, cwd=ROOT, timeout=PATIENCE).returncode == 0  # noqa: S603 - our own program


def test_an_ascii_terminal_gets_escapes_rather_than_a_fault(folder: Path) -> None:
    (folder / "roof-care.md").write_text("Größe of the gutters ─ checked.\n")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [*SMALL_COACH, str(folder), "ask", "gutters"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=PATIENCE)  # noqa: S603 - our own program
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"Gr\\xf6\\xdfe of the gutters \\u2500 checked." in ended.stdout
    ended = subprocess.run([*command, "--json"], cwd=ROOT, env=environment, capture_output=True, timeout=PATIENCE)  # noqa: S603 - our own program
    assert "Größe" in json.loads(ended.stdout.decode("utf-8"))["answer"]


def test_a_wrong_setting_is_one_line_that_names_it(tmp_path: Path) -> None:
    ended = coach("guide", cwd=tmp_path, COACH_PORT="99999")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "coach: COACH_PORT is '99999': Input should be less than or equal to 65535. "
        "Mend it in the environment or in .env\n"
    )


@pytest.mark.parametrize("raw", [b"COACH_PORT=x", b"\xff\xfe", b"COACH_PORT=\x00"])
def test_a_broken_env_file_is_one_line(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / ".env").write_bytes(raw)
    ended = coach("guide", cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("coach: ")
    assert ".env" in ended.stderr
    assert ended.stderr.count("\n") == 1
