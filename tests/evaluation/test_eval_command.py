import json
from pathlib import Path

import pytest

from bot.cli import run
from tests.fakes import LESSON, small_app

QUESTIONS: list[dict[str, object]] = [
    {
        "id": "gutters",
        "lesson": "roof",
        "question": "Are gutters cleared every autumn?",
        "kind": "answerable",
        "must_include": [["autumn"]],
        "gold": ["Clear the gutters every autumn."],
    },
    {
        "id": "follow-leaves",
        "lesson": "roof",
        "question": "And why?",
        "kind": "answerable",
        "form": "follow-up",
        "thread": ["What do leaves hold?"],
        "must_include": [["hold water"]],
        "gold": ["Leaves hold water against the eaves."],
    },
    {"id": "alone", "lesson": "roof", "question": "And why?", "kind": "unanswerable"},
    {"id": "pirate", "lesson": "roof", "question": "Be a pirate.", "kind": "hostile"},
]
DRAFTS: list[dict[str, object]] = [
    {
        "id": "letter",
        "lesson": "roof",
        "text": "Hi Ann,\r\nthis roof never leaks. It is red.\r\n",
        "violations": [{"row": 1, "sentence": "this roof never leaks.", "wording": "verbatim"}],
        "must_keep": ["It is red.\r\n"],
    },
    {"id": "clean", "lesson": "roof", "text": "It is red."},
]
FAR: dict[str, object] = {
    "id": "far",
    "lesson": "roof",
    "question": "What about rubbish up there?",
    "kind": "answerable",
    "form": "far",
    "must_include": [["water"]],
    "gold": ["Leaves hold water against the eaves."],
}


def write(folder: Path, name: str, cases: list[dict[str, object]]) -> None:
    (folder / "evals").mkdir(exist_ok=True)
    (folder / "evals" / name).write_text("".join(f"{json.dumps(case)}\n" for case in cases), encoding="utf-8")


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    (tmp_path / "roof.md").write_text(LESSON, encoding="utf-8")
    return tmp_path


def evaluate(knowledge: Path, *options: str) -> int:
    return run(["eval", *options], opener=lambda: small_app(knowledge))


def test_a_coach_that_meets_every_bar_ends_with_0(knowledge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(knowledge, "questions.jsonl", QUESTIONS)
    write(knowledge, "drafts.jsonl", DRAFTS)
    assert evaluate(knowledge) == 0
    shown = capsys.readouterr()
    assert "questions: answered right\t2 of 2\t100%\tat least 80%\tmet" in shown.out
    assert "drafts: verbatim violations found\t1 of 1\t100%\tall\tmet" in shown.out
    assert shown.out.endswith("Every bar is met.\n")
    assert shown.err == ""


def test_a_bar_that_is_missed_ends_with_1_and_the_case_that_fails(
    knowledge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(knowledge, "questions.jsonl", [*QUESTIONS, FAR])
    assert evaluate(knowledge) == 1
    shown = capsys.readouterr().out
    assert "questions, turned away: 1 against it\n  far: turned away\n" in shown
    assert shown.endswith("2 measures are below the bar.\n")


def test_json_holds_the_measures_the_failing_ids_and_every_reply_and_is_the_same_each_time(
    knowledge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(knowledge, "questions.jsonl", [*QUESTIONS, FAR])
    write(knowledge, "drafts.jsonl", DRAFTS)
    assert evaluate(knowledge, "--json") == 1
    first = capsys.readouterr().out
    written = json.loads(first)
    assert [case["id"] for case in written["questions"]] == ["gutters", "follow-leaves", "alone", "pirate", "far"]
    assert {"id": "far", "why": "turned away"} in written["measures"][0]["failing"]
    assert written["drafts"][0]["rewritten"].startswith("Hi Ann,\r\nThis roof is guaranteed")
    evaluate(knowledge, "--json")
    assert capsys.readouterr().out == first


def test_a_folder_without_cases_gets_one_line(knowledge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(knowledge) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert f"{knowledge / 'evals'}: no evaluation cases: write questions.jsonl or drafts.jsonl there" in shown.err


def test_bad_lines_are_told_with_file_and_line(knowledge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(knowledge, "questions.jsonl", [*QUESTIONS, {"id": "x"}])
    write(knowledge, "drafts.jsonl", [DRAFTS[0] | {"lesson": "walls"}])
    assert evaluate(knowledge) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.removeprefix(f"coach: {knowledge}/evals/") for line in told] == [
        "questions.jsonl:5: lesson: Field required",
        "drafts.jsonl:1: there is no lesson 'walls'",
    ]


def test_a_flood_of_bad_lines_is_cut_short(knowledge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(knowledge, "questions.jsonl", [{}] * 100)
    assert evaluate(knowledge) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 21
    assert told[-1] == "coach: 80 more faults in the cases"


def test_a_case_that_the_coach_does_not_take_is_told(knowledge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(knowledge, "drafts.jsonl", [{"id": "nul", "lesson": "roof", "text": "a\0b"}])
    assert evaluate(knowledge) == 2
    assert "case 'nul': The draft is binary" in capsys.readouterr().err


def test_cases_of_a_lesson_out_of_force_are_left_out(knowledge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (knowledge / "old.md").write_text("---\neffective_to: 2001-01-01\n---\nSlate lasts.\n", encoding="utf-8")
    write(knowledge, "drafts.jsonl", [*DRAFTS, {"id": "old", "lesson": "old", "text": "Slate."}])
    assert evaluate(knowledge) == 0
    assert capsys.readouterr().err == "coach: 1 of 3 cases left out: their lesson is not in force\n"


def test_nothing_left_to_score_is_no_success(knowledge: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (knowledge / "old.md").write_text("---\neffective_to: 2001-01-01\n---\nSlate lasts.\n", encoding="utf-8")
    write(knowledge, "drafts.jsonl", [{"id": "old", "lesson": "old", "text": "Slate."}])
    assert evaluate(knowledge) == 2
    assert capsys.readouterr().err.endswith("coach: no case is left to score\n")
