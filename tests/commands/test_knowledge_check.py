"""`coach knowledge check` on a lesson with examples, judged by the real claim encoder."""

import json
from pathlib import Path

import pytest

from bot.knowledge.examples import ENOUGH
from tests.commands.conftest import Coach

NEITHER = "Lunch is at noon on Friday."


def example(text: str, row: int, stance: str = "asserts") -> dict[str, object]:
    return {"text": text, "row": row, "stance": stance}


def write(folder: Path, *examples: dict[str, object]) -> Path:
    (folder / "examples").mkdir(exist_ok=True)
    path = folder / "examples" / "roof-care.jsonl"
    path.write_text("\n".join(map(json.dumps, examples)))
    return path


@pytest.fixture
def examples(folder: Path) -> Path:
    """Examples enough for the first row, of which one fails; one for the second row."""
    leaks = [f"{'!' * n}This roof never leaks." for n in range(ENOUGH - 1)]
    return write(
        folder,
        *(example(text, 1) for text in [*leaks, NEITHER]),
        example(NEITHER, 1, "denies"),
        example("Our tiles last forever.", 2),
    )


def test_it_tells_which_rows_lack_examples_are_not_learned_or_fail_their_own(coach: Coach, examples: Path) -> None:
    result = coach("knowledge", "check")
    assert (result.status, result.err) == (0, "")
    assert result.out.splitlines() == [
        f"{examples}:1: warning: fewer than {ENOUGH} sentences that assert guide row 2 (1): "
        "add paraphrases of the claim",
        f"{examples}:1: warning: no counterexample for guide row 2: add sentences about it that do not claim it "
        "(denies, asks, reported, approved, other)",
        f"{examples}:1: warning: examples enough, but not learned yet: guide row 1; run `make train`",
        f"{examples}:{ENOUGH}: warning: guide row 1: 1 of {ENOUGH + 1} examples fails: "
        f'line {ENOUGH} not found ("{NEITHER}")',
        "1 lesson, 0 errors, 4 warnings.",
    ]


def test_quick_judges_no_example(coach: Coach, examples: Path) -> None:
    result = coach("knowledge", "check", "--quick")
    assert (result.status, result.err) == (0, "")
    assert f"{examples}:1: warning: examples enough, but not learned yet" in result.out
    assert "fails" not in result.out
    assert result.out.endswith("1 lesson, 0 errors, 3 warnings.\n")


def test_examples_that_can_be_used_are_judged_beside_one_that_cannot(coach: Coach, folder: Path) -> None:
    path = write(folder, example(NEITHER, 1, "says"), example(NEITHER, 1))
    result = coach("knowledge", "check")
    assert result.status == 1
    assert f"{path}:1: error: " in result.out
    assert f"{path}:2: warning: guide row 1: 1 of 1 example fails: line 2 not found" in result.out


def test_a_lesson_or_a_table_out_of_force_is_not_judged(coach: Coach, folder: Path) -> None:
    write(folder, example(NEITHER, 1), example(NEITHER, 2))
    lesson = folder / "roof-care.md"
    text = lesson.read_text()
    lesson.write_text(text.replace("order: 1", "effective_from: 2999-01-01"))
    assert "fails" not in coach("knowledge", "check").out
    lesson.write_text(text.replace("| Don't", "<!-- effective_from: 2999-01-01 -->\n| Don't"))
    assert "fails" not in coach("knowledge", "check").out
    lesson.write_text(text)
    assert coach("knowledge", "check").out.count("1 of 1 example fails") == 2


def test_what_an_example_says_reaches_the_terminal_harmless_and_on_its_line(coach: Coach, folder: Path) -> None:
    write(folder, example("Lunch\n\x1b[2J\u202e\ud800 [bold]at noon", 1))
    out = coach("knowledge", "check").out
    assert '("Lunch \\x1b[2J\\u202e\\ud800 [bold]at noon")\n' in out
