"""The image's own command, health check and settings, in a container with nothing to write but its data and /tmp."""

import json
from pathlib import Path

import pytest

from bot import __version__
from tests.files.making import page, pdf, word
from tests.ship.container import AS_ROOT, Container
from tests.ship.dockerfile import image
from tests.ship.living import Life

sealed = pytest.mark.skipif(not AS_ROOT, reason="only root makes file systems read-only")

READ = """
import asyncio, json, pathlib, sys
from bot.files.reading import read_file
def text(name):
    return asyncio.run(read_file(name, pathlib.Path(name).read_bytes()))
print(json.dumps([text(name) for name in sys.argv[1:]]))
"""
WRITE = """
import errno, json, os, sys
def kept_from(folder):
    try:
        os.close(os.open(os.path.join(folder, "new"), os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        return errno.errorcode[error.errno]
print(json.dumps({folder: kept_from(folder) for folder in sys.argv[1:]}))
"""


def test_it_answers_whoever_has_the_token_and_nobody_else(life: Life) -> None:
    assert life.unnamed == 401
    assert life.answer["covered"]
    assert life.answer["citations"]


def test_its_health_check_tells_that_it_serves_and_that_it_does_not(life: Life) -> None:
    assert life.well == (0, "ready\n")
    status, line = life.stopped
    assert status == 1
    assert line.count("\n") == 1
    assert "Connection refused" in line


def test_told_to_end_it_does_so_in_time_and_well(life: Life) -> None:
    assert life.exit_status == 0
    assert life.ending < 20


def test_it_keeps_its_state_and_its_vectors_and_writes_nothing_else(life: Life) -> None:
    assert life.kept == {"coach.sqlite3", "vectors.sqlite3"}
    assert life.temporary == []


@sealed
def test_it_is_the_first_process_and_the_user_of_the_image_without_capabilities(life: Life) -> None:
    assert life.kernels["NSpid"].split()[-1] == "1"
    assert life.users == {int(image().value("USER").partition(":")[0])}
    assert {int(life.kernels[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert life.kernels["NoNewPrivs"] == "1"


@sealed
def test_nothing_but_its_data_and_temporary_files_can_be_written(container: Container) -> None:
    closed = ["/", "/srv", "/dev/shm", *map(str, container_folders(container))]  # noqa: S108 - tried
    ended = container.run("python", "-c", WRITE, *closed, str(container.data), "/tmp")  # noqa: S108 - a container's own
    assert ended.stderr == ""
    found = json.loads(ended.stdout)
    assert (found.pop(str(container.data)), found.pop("/tmp")) == (None, None)  # noqa: S108 - a container's own
    assert found == dict.fromkeys(closed, "EROFS")
    (container.data / "new").unlink()


def container_folders(container: Container) -> list[Path]:
    programs = container.placed("/opt/coach")
    (package,) = programs.glob("lib/python*/site-packages/bot")
    return [programs, package, *(container.placed(target) for _, target in image().copied)]


def test_files_that_people_send_are_read_in_it(container: Container) -> None:
    sent = {"a.docx": word(lambda document: document.add_paragraph("Hi Ann")), "a.pdf": pdf(page("Hi Zoë"))}
    for name, content in sent.items():
        (container.data / name).write_bytes(content)
    try:
        ended = container.run("python", "-c", READ, *(str(container.data / name) for name in sent))
    finally:
        for name in sent:
            (container.data / name).unlink()
    assert ended.stderr == ""
    assert json.loads(ended.stdout) == ["Hi Ann", "Hi Zoë"]


def test_without_a_token_it_does_not_start_and_says_so_in_one_line(container: Container) -> None:
    ended = container.run(*image().command)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "COACH_WEB_TOKEN" in ended.stderr


def test_it_tells_its_version(container: Container) -> None:
    ended = container.run(image().command[0], "--version")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"coach, version {__version__}\n", "")
