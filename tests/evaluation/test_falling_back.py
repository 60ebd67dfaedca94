"""`coach eval` while a model does not reply: what comes of it is not taken for the model's."""

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import run
from bot.core.ports import AnswerTask, Composed, Made, RewriteTask, Rewriting
from bot.core.prompts import Prompt
from bot.core.replies import Delta, EngineName, Fallback
from tests.evaluation.test_eval_command import DRAFTS, QUESTIONS, write
from tests.fakes import LESSON, FirstLineEngine, small_app


class FailingModel(FirstLineEngine):
    """A model whose place is taken wherever a text holds one of these words, for its reason."""

    def __init__(self, reasons: dict[str, Fallback]) -> None:
        self._reasons = reasons

    def _made(self, text: str) -> Made:
        reason = next((reason for word, reason in self._reasons.items() if word in text), None)
        return Made(EngineName.LESSONS if reason else EngineName.CLAUDE, model="small-model", fallback=reason)

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        async for item in super().answer(task, prompt, person=person):
            yield replace(item, made=self._made(task.question)) if isinstance(item, Composed) else item

    async def rewrite(self, task: RewriteTask, prompt: Prompt, *, person: str) -> Rewriting:
        return replace(await super().rewrite(task, prompt, person=person), made=self._made(task.draft))


class Eval:
    """`coach eval` over a folder with six cases, whose model fails on these words."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def __call__(self, *options: str, failing: dict[str, Fallback]) -> tuple[int, str, str]:
        """Gives the exit status, and what was written to standard output and standard error."""
        status = run(["eval", *options], opener=lambda: small_app(self._folder, engine=FailingModel(failing)))
        shown = self._capsys.readouterr()
        return status, shown.out, shown.err

    def is_kept(self) -> bool:
        run(["prompts", "list", "--json"], opener=lambda: small_app(self._folder))
        return json.loads(self._capsys.readouterr().out)["versions"][-1]["evaluated"] is not None


@pytest.fixture
def evaluate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Eval:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "roof.md").write_text(LESSON, encoding="utf-8")
    write(folder, "questions.jsonl", QUESTIONS)
    write(folder, "drafts.jsonl", DRAFTS)
    return Eval(folder, capsys)


SOME = {"autumn": Fallback.SLOW, "never leaks": Fallback.BUSY, "pirate": Fallback.SLOW}


def test_an_evaluation_that_is_not_of_the_model_is_told_and_not_kept(evaluate: Eval) -> None:
    status, out, err = evaluate("--prompt", "1", failing=SOME)
    assert status == 2
    assert err == (
        "coach: in 3 of 6 cases the lessons replied in Claude's place, so this is no evaluation of the model. "
        "Most often: Claude took too long. It is not kept with version 1: try again\n"
    )
    assert "questions: answered right\t2 of 2" in out
    assert not evaluate.is_kept()


def test_tried_again_with_a_model_that_replies_it_is_kept(evaluate: Eval) -> None:
    evaluate("--prompt", "1", failing=SOME)
    assert evaluate("--prompt", "1", failing={})[::2] == (0, "")
    assert evaluate.is_kept()


def test_json_counts_the_cases_by_reason_the_most_frequent_first(evaluate: Eval) -> None:
    status, out, _ = evaluate("--prompt", "1", "--json", failing=SOME)
    written = json.loads(out)
    assert status == 2
    assert written["fell_back"] == {"count": 3, "of": 6, "reasons": {"slow": 2, "busy": 1}}
    assert list(written["fell_back"]["reasons"]) == ["slow", "busy"]
    assert [case["fallback"] for case in written["questions"]] == ["slow", None, None, "slow"]
    assert [case["fallback"] for case in written["drafts"]] == ["busy", None]
    whole = json.loads(evaluate("--json", failing={})[1])
    assert whole["fell_back"] == {"count": 0, "of": 6, "reasons": {}}


def test_what_came_before_in_a_thread_and_the_second_review_count_too(evaluate: Eval) -> None:
    _, out, _ = evaluate("--json", failing={"leaves hold": Fallback.AWAY, "guaranteed": Fallback.CUT_OFF})
    written = json.loads(out)
    assert [case["id"] for case in written["questions"] if case["fallback"] == "away"] == ["follow-leaves"]
    assert [case["id"] for case in written["drafts"] if case["fallback"] == "cut off"] == ["letter"]


def test_what_the_model_refuses_breaks_off_or_claims_is_its_own_and_is_kept(evaluate: Eval) -> None:
    own = {"autumn": Fallback.REFUSED, "never leaks": Fallback.CUT_OFF, "pirate": Fallback.GUARDED}
    assert evaluate("--prompt", "1", failing=own)[::2] == (0, "")
    assert evaluate.is_kept()


def test_of_what_is_live_it_is_told_and_the_bars_decide(evaluate: Eval) -> None:
    status, _, err = evaluate(failing=SOME)
    assert status == 0
    assert err.endswith("so this is no evaluation of the model. Most often: Claude took too long\n")
