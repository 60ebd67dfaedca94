"""Other processes that put messages."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.stores.saying import PATIENCE

ROOT = Path(__file__).parents[2]


def taken_in_by_processes(spec: str, *, id_: str, processes: int, times: int) -> int:
    """Puts one message `times` times in each process, all at once; gives how many puts took it in."""
    command = [sys.executable, "-m", "tests.stores.many_puts", spec, id_, str(times)]
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
            )
            for _ in range(processes)
        ]
        for process in started:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
        for process in started:
            assert process.stdin
            process.stdin.write(b"go\n")
            process.stdin.flush()
        return sum(int(process.communicate(timeout=PATIENCE)[0]) for process in started)
