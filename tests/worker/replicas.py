"""`python -m tests.worker.replicas FOLDER SPEC`: starts `coach serve` over the small coach, a process a line read.

Each line of standard input is a port. What is imported once here is there at once in each process, so that a test can
kill many of them at any point of their work rather than of their imports.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

# What serving imports late, imported before the first process is forked.
import bot.channels.web.app
import bot.channels.web.server
import bot.commands.serve  # noqa: F401
from bot.cli import run
from bot.core.state import Store
from bot.stores.redis.store import RedisStore
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import small_app

LEASE_SECONDS = 1.0
"""A killed process's messages are taken up again after so long."""


def store_of(spec: str) -> Store:
    """The store of a spec `sqlite:FILE` or `redis:URL`."""
    kind, _, place = spec.partition(":")
    if kind == "sqlite":
        return SqliteStore(Path(place), lease_seconds=LEASE_SECONDS, busy_seconds=10.0)
    return RedisStore(place, lease_seconds=LEASE_SECONDS)


def serve(folder: Path, spec: str, port: str) -> int:
    """Serves until killed."""
    return run(["serve", "--port", port], opener=lambda: small_app(folder, store=store_of(spec)))


def main() -> None:
    folder, spec = Path(sys.argv[1]), sys.argv[2]
    small_app(folder)  # writes the prompt files, once
    fork_as_told(lambda line: serve(folder, spec, line))


def fork_as_told(serve: Callable[[str], int]) -> None:
    """Serves in a process of its own for every line that comes, and writes its number."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the killed need no burial
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(0, 1)
            os._exit(serve(line.strip()))
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
