"""The command line as a process: pipes, signals, streams, settings, speed of the start."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes import LESSON, PROMPTS
from tests.stores.redis_server import free_port

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


def refused(ended: "subprocess.CompletedProcess[str]") -> str:
    """The one line of a process that ended with bad input."""
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("coach: ")
    return ended.stderr


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


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"COACH_ADMINS": "local,dana"},
            "COACH_ADMINS is 'local,dana': 'dana' names nobody; write local, slack:TEAM/USER",
        ),
        ({"COACH_PRICES": "{"}, "COACH_PRICES is not JSON: mend it in the environment or in .env"),
        ({"COACH_PRICES": '{"m": {"input": 3}}'}, "COACH_PRICES (m.output): Field required"),
        (
            {"COACH_PRICES": '{"m": {"input": -1, "output": 1}}'},
            "COACH_PRICES (m.input) is -1: Input should be greater",
        ),
        ({"REDIS_URL": "mysql://127.0.0.1"}, "REDIS_URL"),
        (
            {"COACH_ADMIN_CHANNEL": "C0123456789"},
            "COACH_ADMIN_CHANNEL is 'C0123456789': write slack: or teams:",
        ),
        ({"SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL is 'slack.com/api': write the address of a server"),
    ],
)
def test_wrong_admins_prices_channels_or_addresses_are_one_line_that_names_them(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    assert told in refused(coach("prompts", "list", cwd=tmp_path, **settings))


def test_half_of_slacks_settings_is_one_line_that_names_the_rest_and_no_secret(tmp_path: Path) -> None:
    line = refused(coach("prompts", "list", cwd=tmp_path, SLACK_APP_TOKEN="xapp-secret"))  # noqa: S106 - not one
    assert line.startswith("coach: SLACK_APP_TOKEN is set, and SLACK_BOT_TOKEN is not.")
    assert "secret" not in line


STORE_COMMANDS = [
    ["prompts", "list"],
    ["inbox"],
    ["backup", "-"],
    ["knowledge", "feedback"],
    ["ask", "gutters"],
    ["chat"],
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder to run the real command line in."""
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "roof-care.md").write_text(LESSON)
    (tmp_path / "prompts").mkdir()
    for name, text in PROMPTS.items():
        (tmp_path / "prompts" / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("arguments", STORE_COMMANDS)
def test_a_store_that_cannot_be_used_is_one_line_with_its_mend(shop: Path, arguments: list[str]) -> None:
    (shop / ".coach" / "coach.sqlite3").mkdir(parents=True)
    told = refused(coach(*arguments, cwd=shop))
    assert "coach.sqlite3 cannot be used" in told
    assert "name another COACH_DATA_DIR" in told


@pytest.mark.parametrize("arguments", STORE_COMMANDS)
def test_a_redis_that_is_away_is_one_line_in_seconds(shop: Path, arguments: list[str]) -> None:
    started = time.perf_counter()
    told = refused(coach(*arguments, cwd=shop, REDIS_URL=f"redis://:hush@127.0.0.1:{free_port()}"))
    assert time.perf_counter() - started < 5
    assert "redis at 127.0.0.1:" in told
    assert "hush" not in told


def test_two_processes_may_start_at_once_on_a_fresh_folder(shop: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "prompts", "log", "--json"]
    started = [
        subprocess.Popen(command, cwd=shop, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - ours
        for _ in range(4)
    ]
    for process in started:
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, err) == (0, b"")
        acts = [(entry["act"], entry["version"]) for entry in json.loads(out)["entries"]]
        assert acts == [("activated", 1), ("published", 2), ("published", 1)]


def test_a_setting_says_who_is_an_admin_and_what_models_cost(shop: Path) -> None:
    denied = coach("prompts", "list", cwd=shop, COACH_ADMINS="slack:T1/U1")
    assert "Only the coach's admins" in refused(denied)
    prices = '{"small-model": {"input": 3, "output": 15}}'
    assert coach("prompts", "list", cwd=shop, COACH_PRICES=prices).returncode == 0
