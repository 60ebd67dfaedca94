"""Whatever the environment of who runs the tests holds: no key is used, no server asked that a test has not started."""

import os
import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # by a shell that ran this in its background
    signal.signal(signal.SIGINT, signal.default_int_handler)

SETTINGS = ("ANTHROPIC_", "CLAUDE_", "COACH_", "REDIS_", "SLACK_", "TEAMS_")

LENGTHS = ("COACH_KILLS", "COACH_SLACK_KILLS", "COACH_TEAMS_KILLS", "COACH_CROWD_SECONDS")
"""How long some tests go on: no settings of the coach's."""


def pytest_configure() -> None:
    """Takes the coach's settings out of the environment, that of the processes that tests start included."""
    for name in [name for name in os.environ if name.startswith(SETTINGS) and name not in LENGTHS]:
        del os.environ[name]
