import asyncio
import io
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.channels.terminal.chat import Script
from bot.channels.terminal.reading import InputError
from bot.core.ports import AnswerTask, Composed
from bot.core.prompts import Prompt
from bot.core.replies import Delta
from tests.fakes import FirstLineEngine, small_app
from tests.terminal.conversing import conversation


class InterruptedEngine(FirstLineEngine):
    """Says half an answer, at which the person presses Ctrl-C, and would never end."""

    async def answer(
        self,
        task: AnswerTask,  # noqa: ARG002 - the port's signature
        prompt: Prompt,  # noqa: ARG002 - as above
        *,
        person: str,  # noqa: ARG002 - as above
    ) -> AsyncGenerator[Delta | Composed, None]:
        yield Delta("Half an ")
        signal.raise_signal(signal.SIGINT)
        await asyncio.Event().wait()


class Typed:
    """Messages typed at a prompt."""

    def __init__(self, *messages: str) -> None:
        self._messages = list(messages)

    def message(self) -> str | None:
        return self._messages.pop(0) if self._messages else None

    def draft(self) -> str | None:
        return None

    def agrees(self) -> bool:
        return False


def talked(folder: Path, script: bytes) -> str:
    return conversation(small_app(folder), Script(io.BytesIO(script)))


def test_each_line_of_a_script_is_a_message(folder: Path) -> None:
    shown = talked(folder, b"gutters?\n\n  guide tiles\nhelp\nforget me")
    assert shown.startswith("A roof lasts thirty years")
    assert "2\tOur tiles last forever\tOur tiles last sixty years" in shown
    assert "any question" in shown
    assert shown.endswith("Forgotten: 1 answer.\n\n")


def test_a_follow_up_question_uses_the_thread(folder: Path) -> None:
    assert "do not answer this" in talked(folder, b"why?\n")
    assert "do not answer this" not in talked(folder, b"gutters?\nwhy?\n")


@pytest.mark.parametrize("opening", ["review", "Review:", "/review", "review this draft:"])
def test_review_on_its_own_reads_the_draft_to_a_single_dot(folder: Path, opening: str) -> None:
    script = f"{opening}\nHi Bo,\n\nThis roof never leaks.\n.\nhelp\n"
    shown = talked(folder, script.encode())
    assert "- This roof never leaks.\n+ This roof is guaranteed for ten years." in shown
    assert "any question" in shown


def test_a_draft_also_ends_with_the_script(folder: Path) -> None:
    assert "Say instead" in talked(folder, b"review\nThis roof never leaks.")


def test_a_draft_that_does_not_come_is_refused_in_words(folder: Path) -> None:
    assert "The draft is empty" in talked(folder, b"review\n")


def test_a_review_in_one_line_needs_no_dot(folder: Path) -> None:
    shown = talked(folder, b"review This roof never leaks.\nhelp\n")
    assert shown.index("Say instead") < shown.index("any question")


def test_bytes_that_are_no_text_end_the_script_with_their_line(folder: Path) -> None:
    with pytest.raises(InputError, match="line 2 is not UTF-8"):
        talked(folder, b"help\n\xff\n")


def test_a_draft_over_the_limit_is_refused_without_keeping_it(folder: Path) -> None:
    with pytest.raises(InputError, match="the draft has 1,100,000 characters; at most 1,000,000"):
        talked(folder, b"review\n" + b"x" * 99 + b"\n" + (b"x" * 99 + b"\n") * 10_999)


def test_ctrl_c_stops_an_answer_and_not_the_conversation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    shown = conversation(small_app(folder, engine=InterruptedEngine()), Typed("gutters?", "help"))
    assert "Half an \nStopped.\n" in shown
    assert "any question" in shown


def test_a_store_that_goes_away_costs_an_answer_and_not_the_conversation(folder: Path) -> None:
    app = small_app(folder)

    class Breaking(Typed):
        def message(self) -> str | None:
            for file in app.prompts_dir.parent.glob("coach.sqlite3*"):
                if file.is_file():
                    file.unlink()
                    file.mkdir()
            return super().message()

    shown = conversation(app, Breaking("prompts", "guide tiles"))
    assert "coach.sqlite3 cannot be used" in shown
    assert "Try again in a moment." in shown
    assert "Our tiles last sixty years" in shown
