"""One container's life, from its start to its end, as seen from outside."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from typing import Any

from bot.probe import probe
from tests.ship.container import AS_ROOT, PATIENCE, Container, first_process
from tests.ship.dockerfile import image
from tests.stores.redis_server import free_port

TOKEN = "what-people-sign-in-with"  # noqa: S105 - of these tests
QUESTION = "What does LoRA not change?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a container did.

    `well` and `stopped` are its health check's status and words while it served and afterwards, `kept` the files of its
    volume, `kernels` what the kernel said of its process (where it was apart), `ending` seconds.
    """

    well: tuple[int, str]
    stopped: tuple[int, str]
    kept: set[str]
    unnamed: int
    answer: dict[str, Any]
    kernels: dict[str, str]
    users: set[int]
    temporary: list[Path]
    exit_status: int
    ending: float


def live(container: Container) -> Life:
    """Serves, asks, stops."""
    port = free_port()
    settings = {"COACH_PORT": str(port)}
    process = container.start(*image().command, **settings, COACH_WEB_TOKEN=TOKEN)
    try:
        until(lambda: probe("127.0.0.1", port) is None, process)
        inside = first_process(process)
        root = Path(f"/proc/{inside.pid}/root")
        kernels = Path(f"/proc/{inside.pid}/status").read_text(encoding="utf-8") if AS_ROOT else ""
        well = checked(container, settings)
        unnamed, _ = ask(port, None)
        _, answer = ask(port, TOKEN)
        users = set(inside.uids())
        temporary = left_by(users, root, besides=container.data) if AS_ROOT else []
        began = time.monotonic()
        inside.terminate()
        exit_status = process.wait(PATIENCE)
        ending = time.monotonic() - began
        stopped = checked(container, settings)
    finally:
        process.kill()
        process.communicate()
    return Life(
        well=well,
        stopped=stopped,
        kept={path.name for path in container.data.rglob("*")},
        unnamed=unnamed,
        answer=answer,
        kernels=dict(line.split(":\t", 1) for line in kernels.splitlines()),
        users=users,
        temporary=temporary,
        exit_status=exit_status,
        ending=ending,
    )


def left_by(users: set[int], root: Path, *, besides: Path) -> list[Path]:
    """What these users own in a container's /tmp, where the image and its data may lie too."""
    entries = [Path("/") / path.relative_to(root) for path in (root / "tmp").rglob("*") if path.lstat().st_uid in users]
    return [path for path in entries if not path.is_relative_to(besides)]


def checked(container: Container, settings: dict[str, str]) -> tuple[int, str]:
    """What the image's health check gives."""
    ended = container.run(*image().health_check, **settings)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def ask(port: int, token: str | None) -> tuple[int, dict[str, Any]]:
    """Asks the one question over HTTP."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        connection.request("POST", "/api/ask", json.dumps({"question": QUESTION}), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def until(holds: Callable[[], bool], process: "Popen[str]") -> None:
    """Waits until something holds, as long as the process runs."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never held"
        try:
            process.wait(0.05)
        except TimeoutExpired:
            continue
        raise AssertionError(process.communicate())
