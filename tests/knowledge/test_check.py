import json
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import Severity, check_folder, examples_of
from bot.knowledge.examples import ENOUGH
from bot.knowledge.library import FolderLibrary

GUIDE = "| Don't say | Do say | Why it matters |\n|---|---|---|\n"
LESSON = f"# Roofs\n\nText.\n\n{GUIDE}| never leaks | ten years | truth |\n| lasts forever | sixty years | truth |\n"
EXAMPLES: list[dict[str, object]] = [
    *({"text": f"Roof {n} never leaks.", "row": 1, "stance": "asserts"} for n in range(ENOUGH)),
    *({"text": f"Roof {n} lasts forever.", "row": 2, "stance": "asserts"} for n in range(ENOUGH)),
    {"text": "It does leak.", "row": 1, "stance": "denies"},
    {"text": "Does it last forever?", "row": 2, "stance": "asks"},
    {"text": "Hello.", "row": None, "stance": "other"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "examples").mkdir()
    (tmp_path / "roofs.md").write_text(LESSON)
    write_examples(tmp_path, *map(json.dumps, EXAMPLES))
    return tmp_path


def write_examples(folder: Path, *lines: str, lesson: str = "roofs") -> None:
    (folder / "examples" / f"{lesson}.jsonl").write_text("\n".join(lines), errors="surrogateescape")


async def problems(folder: Path, *, today: date = date(2026, 6, 1)) -> list[str]:
    found = await check_folder(FolderLibrary(folder, today=lambda: today))
    return [str(problem).removeprefix(f"{folder}/") for problem in found]


async def test_a_good_folder_has_no_problems(folder: Path) -> None:
    assert await problems(folder) == []


async def test_a_file_that_cannot_be_used_is_an_error_with_its_line(folder: Path) -> None:
    (folder / "bad.md").write_text("---\ntitle: [\n---\n\nText.")
    (folder / "good.md").write_text(LESSON)
    first, second = await problems(folder)
    assert first.startswith("bad.md:2: error: front matter: ")
    assert second.startswith("good.md:7: warning: no examples")


@pytest.mark.parametrize(
    "header",
    [
        "Dont say | Do say | Why it matters",
        "Do not say | Say | Why",
        "Don't say | Do say | Why it matters | Owner",
        "Don't say | Do say",
        "Don't say: | Do say: | Why it matters:",
    ],
)
async def test_a_table_that_is_almost_a_guide_is_an_error(folder: Path, header: str) -> None:
    columns = header.count("|") + 1
    (folder / "roofs.md").write_text(f"{LESSON}\n{header}\n{'|'.join(['---'] * columns)}\na | b | c\n")
    (problem,) = await problems(folder)
    assert problem.startswith("roofs.md:10: error: almost a guide, but not read as one: ")


async def test_another_table_is_none_of_the_check_s_business(folder: Path) -> None:
    (folder / "roofs.md").write_text(f"{LESSON}\n| Method | Cost | Why it lasts |\n|---|---|---|\n| a | b | c |\n")
    assert await problems(folder) == []


async def test_a_lesson_without_a_guide_is_a_warning(folder: Path) -> None:
    (folder / "plain.md").write_text("Text.")
    (problem,) = await problems(folder)
    assert problem.startswith("plain.md:1: warning: no guide, so no draft is reviewed by this lesson")


async def test_a_row_that_repeats_or_says_what_another_says_not_to_is_a_warning(folder: Path) -> None:
    rows = "| Never  leaks! | it simply lasts forever here | truth |\n"
    (folder / "roofs.md").write_text(LESSON + rows)
    row_3 = [{**example, "row": 3} for example in EXAMPLES if example["row"] == 1]
    write_examples(folder, *map(json.dumps, [*EXAMPLES, *row_3]))
    assert await problems(folder) == [
        "roofs.md:9: warning: guide row 3 says not to say what row 1 does: keep one",
        "roofs.md:9: warning: guide row 3 says to say what row 2 says not to: reword one of them",
    ]


async def test_what_is_out_of_force_is_told(folder: Path) -> None:
    (folder / "roofs.md").write_text(f"---\neffective_to: 2026-05-31\n---\n\n{LESSON}")
    assert await problems(folder) == ["roofs.md:1: warning: the lesson is out of force (until 2026-05-31)"]
    (folder / "roofs.md").write_text(f"<!-- effective_from: 2026-07-01 -->\n{GUIDE}| a | b | c |\n| d | e | f |\n")
    write_examples(folder, *map(json.dumps, EXAMPLES))
    assert await problems(folder) == ["roofs.md:4: warning: guide row 1 is out of force (from 2026-07-01)"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON: Expecting property name"),
        ("[]", "not an object"),
        ("[" * 15_000, "nested too deeply"),
        ('{"row": 1, "stance": "asserts"}', '"text" is missing'),
        ('{"text": "x", "row": 3, "stance": "asserts"}', '"row" is 3: the guide has rows 1 to 2'),
        ('{"text": "x", "row": true, "stance": "asserts"}', '"row" is True'),
        ('{"text": "x", "stance": "asserts"}', '"row" is missing'),
        ('{"text": "x", "row": 1, "stance": null}', '"stance" is missing: write one of asserts, denies'),
        ('{"text": "x", "row": 1, "stance": "asserts", "before": 1}', '"before" is 1: write the sentence that stands'),
        ('{"text": "x", "row": 1, "stance": "says"}', "\"stance\" is 'says': write one of asserts, denies"),
        ('{"text": "x", "row": 1, "stance": ["asserts"]}', "\"stance\" is ['asserts']"),
        ('{"text": "\udcff", "row": 1, "stance": "asserts"}', "not UTF-8"),
        ("x" * 30_000, "the line has 30,000 bytes"),
    ],
)
async def test_a_bad_example_is_an_error_with_its_line(folder: Path, line: str, told: str) -> None:
    write_examples(folder, *map(json.dumps, EXAMPLES), "", line)
    (problem,) = await problems(folder)
    assert problem.startswith(f"examples/roofs.jsonl:{len(EXAMPLES) + 2}: error: ")
    assert told in problem
    assert len(problem) < 300


async def test_rows_with_too_few_sentences_that_assert_them_are_a_warning_that_says_how_many_there_are(
    folder: Path,
) -> None:
    few = f"examples/roofs.jsonl:1: warning: fewer than {ENOUGH} sentences that assert guide row "
    write_examples(folder, *map(json.dumps, EXAMPLES[1:]))
    assert await problems(folder) == [f"{few}1 ({ENOUGH - 1}): add paraphrases of the claim"]
    again, beside = EXAMPLES[1], {**EXAMPLES[1], "after": "Honestly."}
    write_examples(folder, *map(json.dumps, [*EXAMPLES[1:], again]))
    assert await problems(folder) == [f"{few}1 ({ENOUGH - 1}): add paraphrases of the claim"]
    write_examples(folder, *map(json.dumps, [*EXAMPLES[1:], beside]))
    assert await problems(folder) == []
    write_examples(folder, *map(json.dumps, EXAMPLES[ENOUGH + 1 :]))
    assert await problems(folder) == [f"{few}1 (0), 2 ({ENOUGH - 1}): add paraphrases of the claim"]


async def test_rows_without_a_counterexample_are_a_warning(folder: Path) -> None:
    write_examples(folder, *(json.dumps(example) for example in EXAMPLES if example["stance"] in ("asserts", "denies")))
    assert await problems(folder) == [
        "examples/roofs.jsonl:1: warning: no counterexample for guide row 2: add sentences about it that do not "
        "claim it (denies, asks, reported, approved, other)"
    ]


async def test_the_examples_that_can_be_used_are_read_without_the_others(folder: Path) -> None:
    write_examples(folder, '{"text": "It never leaks.", "row": 1, "stance": "asserts"}', "{", '{"text": "x"}')
    (lesson,) = await FolderLibrary(folder).lessons()
    assert [(example.text, example.line) for example in examples_of(folder, lesson)] == [("It never leaks.", 1)]
    (folder / "examples" / "roofs.jsonl").unlink()
    assert examples_of(folder, lesson) == ()


async def test_examples_of_no_lesson_are_an_error(folder: Path) -> None:
    write_examples(folder, lesson="rooves")
    (problem,) = await problems(folder)
    assert problem.startswith("examples/rooves.jsonl:1: error: examples of no lesson")


async def test_an_empty_and_a_missing_folder_are_errors(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        (problem,) = await check_folder(FolderLibrary(folder))
        assert problem.severity is Severity.ERROR


async def test_examples_that_cannot_be_read_are_an_error(folder: Path) -> None:
    (folder / "examples" / "roofs.jsonl").unlink()
    (folder / "examples" / "roofs.jsonl").mkdir()
    assert await problems(folder) == ["examples/roofs.jsonl:1: error: cannot be read: not a regular file"]
