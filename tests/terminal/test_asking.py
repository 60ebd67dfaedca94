"""`coach prompts` at a real pseudo-terminal: what would change is shown, and asked about."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes import small_app
from tests.terminal.conversing import scripted
from tests.terminal.pseudo_terminal import CTRL_C, CTRL_D, ENTER, Terminal

ACTIVATE = ("prompts", "activate", "2", "--note", "clearer")
ASKED = "Do it? [y/N]"


def live(folder: Path) -> str:
    """The number of the live version."""
    lines = [line.split("\t") for line in scripted(small_app(folder), "prompts").splitlines()]
    return next(line[0] for line in lines if line[1:2] == ["live"])


def test_a_move_is_proposed_and_made_after_a_yes(folder: Path) -> None:
    with closing(Terminal(folder, *ACTIVATE)) as terminal:
        shown = terminal.wait_for(ASKED)
        assert shown.index("+++ version 2") < shown.index("Make version 2 live for everybody in place of version 1")
        assert "! Version 2 has not been evaluated" in shown
        terminal.type("y" + ENTER)
        terminal.wait_for("Version 2 is live in place of version 1.")
        assert terminal.status() == 0
    assert live(folder) == "2"


@pytest.mark.parametrize("answer", [ENTER, "no" + ENTER, CTRL_C, CTRL_D])
def test_anything_but_a_yes_makes_no_move_and_ends_with_1(folder: Path, answer: str) -> None:
    with closing(Terminal(folder, *ACTIVATE)) as terminal:
        terminal.wait_for(ASKED)
        terminal.type(answer)
        terminal.wait_for("Nothing was changed.")
        assert terminal.status() == 1
    assert live(folder) == "1"


def test_yes_given_before_is_not_asked_for(folder: Path) -> None:
    with closing(Terminal(folder, *ACTIVATE, "--yes")) as terminal:
        shown = terminal.wait_for("Version 2 is live in place of version 1.")
        assert ASKED not in shown
        assert terminal.status() == 0


def test_a_rollback_is_proposed_too(folder: Path) -> None:
    scripted(small_app(folder), "prompts activate 2 clearer")
    with closing(Terminal(folder, "prompts", "rollback", "--note", "too long")) as terminal:
        assert "Go back to version 1 in place of version 2" in terminal.wait_for(ASKED)
        terminal.type("yes" + ENTER)
        terminal.wait_for("Rolled back: version 1 is live in place of version 2.")
        assert terminal.status() == 0


def test_who_was_overtaken_while_being_asked_is_told_by_whom(folder: Path) -> None:
    with closing(Terminal(folder, *ACTIVATE)) as terminal:
        terminal.wait_for(ASKED)
        scripted(small_app(folder), "prompts activate 2 I was first")
        terminal.type("y" + ENTER)
        terminal.wait_for("Not done: local made version 2 live in place of version 1 meanwhile.")
        assert terminal.status() == 2
    assert live(folder) == "2"


def test_what_is_so_already_is_told_without_asking(folder: Path) -> None:
    with closing(Terminal(folder, "prompts", "activate", "1", "--note", "x")) as terminal:
        assert ASKED not in terminal.wait_for("Version 1 is live already. Nothing changed.")
        assert terminal.status() == 0
