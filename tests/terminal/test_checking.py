"""`coach knowledge check` at a real pseudo-terminal: it says how far it is, and stops when it is asked to."""

import json
import signal
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tests.terminal.pseudo_terminal import Terminal

CHECK = ("knowledge", "check")


def write(folder: Path, examples: Iterable[str]) -> None:
    (folder / "examples").mkdir()
    lines = (json.dumps({"text": text, "row": 1, "stance": "other"}) for text in examples)
    (folder / "examples" / "roof-care.jsonl").write_text("\n".join(lines))


def test_while_examples_are_judged_a_line_says_how_far_it_is(folder: Path) -> None:
    write(folder, [*(f"Lunch is at noon on day {day}." for day in range(99)), "This roof never leaks."])
    with closing(Terminal(folder, *CHECK)) as terminal:
        terminal.wait_for("no counterexample for guide row 2")
        terminal.wait_for("Judged 0 of 100 examples of Roof care …")
        terminal.wait_for("Judged 64 of 100 examples of Roof care …")
        shown = terminal.wait_for("line 100 flagged")
        assert f"Judged 100 of 100 examples of Roof care …\r{folder.parent.parent}" in shown  # it has taken its place
        terminal.wait_for("1 lesson, 0 errors, 3 warnings.")
        assert terminal.status() == 0


def test_ctrl_c_ends_it_at_once(folder: Path) -> None:
    write(folder, (f"Lunch is at noon on day {day}." for day in range(20_000)))
    with closing(Terminal(folder, *CHECK)) as terminal:
        terminal.wait_for("Judged 64 of 20,000 examples")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.status() == 130
