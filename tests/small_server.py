"""`python -m tests.small_server FOLDER SPEC`: serves the small coach on chat platforms, a process for each line read.

Each line of standard input is a port; what the settings in the environment say is served there as `coach serve` does
it. What is imported once here is there at once in each process, so that a test can kill many of them at any point of
their work rather than of their imports.
"""

import sys
from functools import partial
from pathlib import Path

# What serving imports late, imported before the first process is forked.
import bot.channels.slack.channel
import bot.channels.teams.channel
import bot.channels.web.app
import bot.channels.web.server
import bot.commands.serve  # noqa: F401
from bot.channels.slack import stream as slack_stream
from bot.channels.teams import stream as teams_stream
from bot.cli import run
from bot.commands import serving
from tests.fakes import small_app
from tests.piecewise import Piecewise
from tests.worker.replicas import LEASE_SECONDS, fork_as_told, store_of

PIECE_SECONDS = 0.02
PIECES = 5
FIRST_PAUSE = 0.1


def serve(folder: Path, spec: str, port: str) -> int:
    """Serves until killed or told to end."""
    app = small_app(folder, store=store_of(spec), engine=Piecewise(pause=PIECE_SECONDS, pieces=PIECES))
    return run(["serve", "--port", port], opener=lambda: app)


def main() -> None:
    folder, spec = Path(sys.argv[1]), sys.argv[2]
    small_app(folder)  # writes the prompt files, once
    slack_stream.EVERY_SECONDS = teams_stream.EVERY_SECONDS = teams_stream.BEFORE_FINAL_SECONDS = PIECE_SECONDS
    serving.work_of = partial(serving.work_of, first_pause=FIRST_PAUSE, renew_every=LEASE_SECONDS / 4)
    fork_as_told(lambda line: serve(folder, spec, line))


if __name__ == "__main__":
    main()
