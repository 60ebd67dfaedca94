import asyncio
import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from bot.files.process import AT_ONCE, read_apart
from bot.files.reading import read_file
from tests.files.making import slow_mail

PARSERS = {"lxml", "pypdf", "mammoth", "html_text", "docx", "zipfile", "xml.dom"}


def readers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "bot.files.child" in child.cmdline()]


async def until_reading(count: int) -> None:
    async with asyncio.timeout(10):
        while len(readers()) < count:
            await asyncio.sleep(0.01)


def loaded_by(module: str) -> set[str]:
    program = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    return set(done.stdout.split())


async def test_whoever_gives_up_waiting_leaves_no_process_behind() -> None:
    reading = asyncio.create_task(read_file("a.eml", slow_mail()))
    await until_reading(1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not readers()


async def test_two_files_are_read_at_once_and_the_next_when_one_is_done() -> None:
    reading = [asyncio.create_task(read_file("a.eml", slow_mail())) for _ in range(4)]
    await until_reading(AT_ONCE)
    first = readers()
    assert len(first) == AT_ONCE
    reading[0].cancel()
    async with asyncio.timeout(10):
        while {process.pid for process in readers()} <= {process.pid for process in first}:
            await asyncio.sleep(0.01)
    assert len(readers()) == AT_ONCE
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    assert not readers()


@pytest.mark.parametrize(
    ("act", "failure"),
    [("bytearray(2**30)", "MemoryError"), ("open('written', 'wb', 0).write(b'x')", "File too large")],
)
def test_the_reading_process_can_neither_take_the_memory_nor_write_a_file(
    act: str, failure: str, tmp_path: Path
) -> None:
    program = f"from bot.files.child import limit; limit(); {act}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)  # noqa: S603
    assert failure in done.stderr


async def test_the_reading_process_has_no_secrets_in_its_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text(
        f"#!{sys.executable}\nimport json, os, sys\nsys.stdin.read()\n"
        'print(json.dumps({"text": json.dumps(dict(os.environ))}))\n'
    )
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    environment = json.loads(await read_apart(".pdf", b"", longest=10))
    assert set(environment) <= {"LD_LIBRARY_PATH", "LC_CTYPE"}


def test_no_parser_is_loaded_by_who_sends_files_to_be_read() -> None:
    assert not PARSERS & loaded_by("bot.files.reading")


@pytest.mark.parametrize("module", ["reading", "child", "word", "pdf", "mail", "html"])
def test_reading_a_file_knows_no_front_end(module: str) -> None:
    assert not [name for name in loaded_by(f"bot.files.{module}") if name.startswith(("bot.channels", "bot.commands"))]
    assert "bot.app" not in loaded_by(f"bot.files.{module}")
