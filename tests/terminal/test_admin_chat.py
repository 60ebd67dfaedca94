"""Admins in `coach chat`, by script: each line is a message, and a proposal is taken as agreed to."""

from pathlib import Path

import pytest

from tests.fakes import PROMPT, small_app
from tests.terminal.conversing import conversation, scripted

OTHERS = frozenset({"slack:T1/U1"})


class Reluctant:
    """Somebody who types one message and does not want what it would do."""

    def __init__(self, message: str) -> None:
        self._messages = [message]

    def message(self) -> str | None:
        return self._messages.pop() if self._messages else None

    def draft(self) -> str | None:
        return None

    def agrees(self) -> bool:
        return False


def listed(folder: Path) -> dict[str, list[str]]:
    """The cells of each version in `prompts`, by its number."""
    told = scripted(small_app(folder), "prompts")
    return {line.split("\t")[0]: line.split("\t") for line in told.splitlines()[1:] if line}


def test_versions_are_listed_shown_and_compared(folder: Path) -> None:
    told = scripted(small_app(folder), "prompts", "prompts show 1", "prompts diff 1 2")
    assert "1\tlive\tnow" in told
    assert PROMPT.format(note="the first words", rule="Give the best line.") in told
    assert "- Give the best line.\n+ Give the best line, and say where it stands." in told


def test_a_version_is_activated_and_rolled_back_with_reasons(folder: Path) -> None:
    told = scripted(small_app(folder), "prompts activate 2 clearer", "prompts", "rollback too long", "prompts log")
    assert "Make version 2 live for everybody in place of version 1" in told
    assert "  ! Version 2 has not been evaluated: coach eval --prompt 2" in told
    assert "Version 2 is live in place of version 1." in told
    assert "2\tlive\tnow" in told
    assert "Go back to version 1 in place of version 2" in told
    assert "Rolled back: version 1 is live in place of version 2." in told
    assert "local\twent back from version 2 to version 1\ttoo long\n" in told
    assert "local\tmade version 2 live in place of version 1\tclearer\n" in told


def test_what_is_not_agreed_to_is_not_done(folder: Path) -> None:
    told = conversation(small_app(folder), Reluctant("prompts activate 2 clearer"))
    assert told.endswith("Nothing was changed.\n\n")
    assert listed(folder)["1"][1] == "live"


def test_what_needs_no_asking_is_not_asked(folder: Path) -> None:
    assert "Nothing changed" in conversation(small_app(folder), Reluctant("prompts activate 1 again"))
    assert "Say why" in conversation(small_app(folder), Reluctant("prompts activate 2"))


def test_a_new_version_is_published_from_the_lines_that_follow(folder: Path) -> None:
    file = PROMPT.format(note="unused", rule="Be short.")
    told = scripted(small_app(folder), "prompts publish from chat", f"{file}.", "prompts show 3")
    assert "Version 3 is published. It is not live" in told
    assert "Be short." in told.split("is published")[1]
    assert listed(folder)["3"][-1] == "from chat"


@pytest.mark.parametrize("command", ["prompts", "prompts show 1", "prompts diff 1 2", "prompts log", "rollback why"])
def test_who_is_no_admin_is_denied_sees_no_prompt_and_leaves_a_trail(folder: Path, command: str) -> None:
    told = scripted(small_app(folder, admins=OTHERS), command)
    assert told == "Only the coach's admins may do that; COACH_ADMINS names them.\n\n"
    trail = scripted(small_app(folder), "prompts log")
    assert trail.splitlines()[1].split("\t")[3:5] == [
        "local",
        "was denied: roll back" if command.startswith("rollback") else "was denied: look at the versions",
    ]


def test_help_names_what_admins_can_do_to_admins_only(folder: Path) -> None:
    own = scripted(small_app(folder), "help")
    others = scripted(small_app(folder, admins=OTHERS), "help")
    assert "prompts activate N REASON" in own
    assert "rollback [N] REASON" in own
    assert "prompts" not in others
    assert "rollback" not in others
    assert "any question" in others


@pytest.mark.parametrize(
    ("thumb", "column"), [("+1", 6), ("\N{THUMBS UP SIGN}", 6), ("-1", 7), ("\N{THUMBS DOWN SIGN}", 7)]
)
def test_a_thumb_is_counted_for_the_version_that_answered(folder: Path, thumb: str, column: int) -> None:
    told = scripted(small_app(folder), "gutters?", thumb, thumb)
    assert told.count("Noted: that answer was") == 2
    counts = ["0", "0"]
    counts[column - 6] = "1"
    assert listed(folder)["1"][5:8] == ["1", *counts]


def test_who_thinks_better_of_a_thumb_has_one(folder: Path) -> None:
    scripted(small_app(folder), "gutters?", "+1", "-1")
    assert listed(folder)["1"][5:8] == ["1", "0", "1"]


def test_a_thumb_without_an_answer_is_told(folder: Path) -> None:
    assert "no answer here to rate" in scripted(small_app(folder), "+1")


@pytest.mark.parametrize("question", ["prompts about gutters?", "rollback of gutters?", "prompts show gutters?"])
def test_a_question_that_begins_like_a_command_stays_a_question(folder: Path, question: str) -> None:
    told = scripted(small_app(folder, admins=OTHERS), question)
    assert "gutters are kept clear. [1]" in told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("prompts show", "Write: prompts show N"),
        ("prompts diff 1", "Write: prompts diff A B"),
        ("prompts activate", "Write: prompts activate N [--share PERCENT] [--force] REASON"),
        ("prompts log x", "Write: prompts log [BEFORE]"),
    ],
)
def test_a_command_that_lacks_something_says_how_it_is_written(folder: Path, command: str, told: str) -> None:
    assert scripted(small_app(folder), command) == f"{told}\n\n"
