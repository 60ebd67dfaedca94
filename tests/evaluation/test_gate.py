"""`coach eval --prompt N`, and the gate that its results close: over an engine that does what its prompt says."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.cli import run
from bot.core.ports import AnswerTask, Composed, Evidence
from bot.core.prompts import Prompt
from bot.core.replies import Delta
from tests.evaluation.test_eval_command import DRAFTS, QUESTIONS, write
from tests.fakes import LESSON, PROMPT, FirstLineEngine, small_app

PROMPTS = {
    "0001.md": PROMPT.format(note="first", rule="Give the best line."),
    "0002.md": PROMPT.format(note="silent on leaves", rule="Never speak of leaves."),
    "0003.md": PROMPT.format(note="as good", rule="Give the very best line."),
}


class ObedientEngine(FirstLineEngine):
    """Answers with the best line, unless its prompt says never to speak of what the line is about."""

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        if "Never speak of leaves" in prompt.text and "leaves" in task.question.lower():
            nothing = Evidence(question=task.question, hits=(), coverage=0.0, covered=False)
            task = AnswerTask(task.question, nothing, task.knowledge)
        async for item in super().answer(task, prompt, person=person):
            yield item


LEAVES: dict[str, object] = {
    "id": "leaves",
    "lesson": "roof",
    "question": "What do leaves do against the eaves?",
    "kind": "answerable",
    "must_include": [["hold water"]],
    "gold": ["Leaves hold water against the eaves."],
}


class Coach:
    """`coach` over a folder with cases."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def __call__(self, *arguments: str, status: int = 0) -> str:
        """Gives what was written where `status` says that it belongs."""
        app = lambda: small_app(self._folder, engine=ObedientEngine(), prompts=PROMPTS)  # noqa: E731
        ended = run(arguments, opener=app)
        shown = self._capsys.readouterr()
        assert ended == status, shown
        return shown.err if status == 2 else shown.out

    def evaluations(self) -> dict[int, dict[str, object] | None]:
        cards = json.loads(self("prompts", "list", "--json"))["versions"]
        return {card["version"]: card["evaluated"] for card in cards}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    knowledge = tmp_path / "knowledge"
    knowledge.mkdir()
    (knowledge / "roof.md").write_text(LESSON, encoding="utf-8")
    write(knowledge, "questions.jsonl", [*QUESTIONS, LEAVES])
    write(knowledge, "drafts.jsonl", DRAFTS)
    return knowledge


@pytest.fixture
def coach(folder: Path, capsys: pytest.CaptureFixture[str]) -> Coach:
    return Coach(folder, capsys)


def test_an_evaluation_of_a_version_is_kept_with_it(coach: Coach) -> None:
    coach("eval", "--prompt", "1")
    assert "leaves: turned away" in coach("eval", "--prompt", "2", status=1)
    first, second, third = (coach.evaluations()[number] for number in (1, 2, 3))
    assert first is not None
    assert second is not None
    assert third is None
    assert (first["passed"], first["failed"], first["engine"]) == (7, [], "lessons")
    assert (second["passed"], second["failed"]) == (5, ["questions/follow-leaves", "questions/leaves"])
    listed = coach("prompts", "list")
    assert "\t7/7 passed\t" in listed
    assert "\t5/7, 2 failed\t" in listed
    assert "\tnot evaluated\t" in listed


def test_an_evaluation_of_what_is_live_is_not_kept_and_counts_as_no_reply(coach: Coach) -> None:
    coach("eval")
    assert set(coach.evaluations().values()) == {None}
    coach("eval", "--prompt", "1")
    cards = json.loads(coach("prompts", "list", "--json"))["versions"]
    assert [card["figures"]["replies"] for card in cards] == [0, 0, 0]


def test_the_newest_evaluation_counts(coach: Coach, folder: Path) -> None:
    coach("eval", "--prompt", "2", status=1)
    write(folder, "questions.jsonl", QUESTIONS[:1])
    coach("eval", "--prompt", "2")
    assert coach.evaluations()[2] is not None
    assert "\t3/3 passed\t" in coach("prompts", "list")


def test_a_version_that_fails_what_the_live_one_passes_is_not_made_live(coach: Coach) -> None:
    coach("eval", "--prompt", "1")
    coach("eval", "--prompt", "2", status=1)
    for share in ([], ["--share", "10"]):
        told = coach("prompts", "activate", "2", "--note", "shorter", *share, status=2)
        assert "Version 2 fails 2 cases that version 1 passes: questions/follow-leaves, questions/leaves." in told
        assert "add --force and say why" in told
    assert "1\tlive" in coach("prompts", "list")


def test_with_force_and_a_reason_it_is_and_the_trail_says_so(coach: Coach) -> None:
    coach("eval", "--prompt", "1")
    coach("eval", "--prompt", "2", status=1)
    assert "is live in place" in coach("prompts", "activate", "2", "--note", "leaves are gone", "--force")
    newest = coach("prompts", "log").splitlines()[1]
    assert newest.split("\t")[4:] == ["made version 2 live in place of version 1, forced", "leaves are gone"]


def test_a_version_as_good_as_the_live_one_is_made_live(coach: Coach) -> None:
    coach("eval", "--prompt", "1")
    coach("eval", "--prompt", "3")
    assert "is live in place" in coach("prompts", "activate", "3", "--note", "tidier")


def test_a_rollback_is_never_held_up(coach: Coach) -> None:
    coach("prompts", "activate", "2", "--note", "not evaluated yet")
    coach("prompts", "activate", "3", "--note", "better")
    coach("eval", "--prompt", "2", status=1)
    coach("eval", "--prompt", "3")
    assert "cases that version 3 passes" in coach("prompts", "activate", "2", "--note", "x", status=2)
    assert "Rolled back" in coach("prompts", "rollback", "--note", "better after all")
    assert "2\tlive" in coach("prompts", "list")


def test_evaluations_on_other_lessons_are_not_held_against_a_version(coach: Coach, folder: Path) -> None:
    coach("eval", "--prompt", "1")
    (folder / "roof.md").write_text(LESSON.replace("thirty", "forty"), encoding="utf-8")
    coach("eval", "--prompt", "2", status=1)
    assert "is live in place" in coach("prompts", "activate", "2", "--note", "nothing to compare")


def test_evaluations_on_other_cases_are_not_held_against_a_version(coach: Coach, folder: Path) -> None:
    coach("eval", "--prompt", "1")
    write(folder, "drafts.jsonl", DRAFTS[:1])
    coach("eval", "--prompt", "2", status=1)
    assert "is live in place" in coach("prompts", "activate", "2", "--note", "nothing to compare")


def test_a_version_that_there_is_not_cannot_be_evaluated(coach: Coach) -> None:
    assert "There is no version 9; the newest is 3." in coach("eval", "--prompt", "9", status=2)
    assert "0 is not in the range" in coach("eval", "--prompt", "0", status=2)
