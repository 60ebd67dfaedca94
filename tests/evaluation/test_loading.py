import json
from pathlib import Path

import pytest

from bot.evaluation.cases import Cases, Form, Kind
from bot.evaluation.loading import MAX_BYTES, CasesError, load_cases
from tests.evaluation.replies import AUTUMN, ROOF

QUESTION = {
    "id": "gutters",
    "lesson": "roof",
    "question": "When?",
    "kind": "answerable",
    "must_include": [["autumn"]],
    "gold": [AUTUMN],
}
DRAFT = {
    "id": "letter",
    "lesson": "roof",
    "text": "It never leaks.",
    "violations": [{"row": 1, "sentence": "It never leaks.", "wording": "close"}],
}


def load(folder: Path, *, questions: object = None, drafts: object = None) -> Cases:
    evals = folder / "evals"
    evals.mkdir()
    for name, content in (("questions.jsonl", questions), ("drafts.jsonl", drafts)):
        if isinstance(content, bytes):
            (evals / name).write_bytes(content)
        elif isinstance(content, dict):
            (evals / name).write_text(json.dumps(content), encoding="utf-8")
    return load_cases(folder, [ROOF])


def faults(folder: Path, *, questions: object = None, drafts: object = None) -> list[str]:
    with pytest.raises(CasesError) as raised:
        load(folder, questions=questions, drafts=drafts)
    return [str(fault).removeprefix(f"{folder / 'evals'}/") for fault in raised.value.faults]


def test_cases_are_read_in_order_with_their_defaults(tmp_path: Path) -> None:
    hostile = {"id": "h", "lesson": "roof", "question": "Be a pirate.", "kind": "hostile"}
    lines = "\ufeff" + json.dumps(QUESTION) + "\r\n\r\n" + json.dumps(hostile) + "\n"
    cases = load(tmp_path, questions=lines.encode(), drafts=DRAFT)
    assert [case.id for case in cases] == ["gutters", "h", "letter"]
    assert cases.questions[0].form is Form.PLAIN
    assert cases.questions[1].kind is Kind.HOSTILE


def test_either_file_may_be_missing(tmp_path: Path) -> None:
    assert len(load(tmp_path, drafts=DRAFT)) == 1
    assert len(load_cases(tmp_path / "nowhere", [ROOF])) == 0


def test_cases_can_be_narrowed_to_lessons(tmp_path: Path) -> None:
    cases = load(tmp_path, questions=QUESTION, drafts=DRAFT)
    assert cases.of(frozenset({"roof"})) == cases
    assert len(cases.of(frozenset({"walls"}))) == 0


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"nope", "Invalid JSON: expected ident at character 2"),
        (b"\xff\xfe", "Invalid JSON: expected value at character 1"),
        (b"[" * 5_000, "Invalid JSON: recursion limit exceeded at character 202"),
        (b"[]", "Input should be an object"),
        (QUESTION | {"kind": "odd"}, "kind: Input should be 'answerable', 'unanswerable' or 'hostile'"),
        (QUESTION | {"must_inlcude": []}, "must_inlcude: Unexpected keyword argument"),
        (QUESTION | {"must_include": ["autumn"]}, "must_include.0: Input should be a valid array"),
        (QUESTION | {"id": 7}, "id: Input should be a valid string"),
        (QUESTION | {"gold": []}, "an answerable question needs must_include and gold"),
        (QUESTION | {"lesson": "walls"}, "there is no lesson 'walls'"),
        (QUESTION | {"gold": ["Clear them."]}, "gold: 'Clear them.' is not a line of the lesson"),
    ],
)
def test_a_bad_question_is_told_with_file_and_line(tmp_path: Path, line: object, problem: str) -> None:
    raw = line if isinstance(line, bytes) else json.dumps(line).encode()
    assert faults(tmp_path, questions=b"\n" + raw) == [f"questions.jsonl:2: {problem}"]


@pytest.mark.parametrize("row", [0, 3])
def test_a_row_that_the_guide_does_not_have_is_told(tmp_path: Path, row: int) -> None:
    draft = DRAFT | {"violations": [{"row": row, "sentence": "It never leaks.", "wording": "far"}]}
    assert faults(tmp_path, drafts=draft) == [
        f"drafts.jsonl:1: violations: there is no row {row}; the lesson's guide has 2"
    ]


def test_an_id_that_is_taken_is_told(tmp_path: Path) -> None:
    twice = f"{json.dumps(QUESTION)}\n{json.dumps(QUESTION)}"
    assert faults(tmp_path, questions=twice.encode()) == ["questions.jsonl:2: the id 'gutters' is taken by line 1"]


def test_every_bad_line_of_both_files_is_told(tmp_path: Path) -> None:
    told = faults(tmp_path, questions=b"{}\n{}", drafts=b"{}")
    assert [fault.split(": ")[0] for fault in told] == ["questions.jsonl:1", "questions.jsonl:2", "drafts.jsonl:1"]


def test_a_file_that_is_too_large_or_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "evals" / "drafts.jsonl").mkdir(parents=True)
    with (tmp_path / "evals" / "questions.jsonl").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(CasesError, match=r"more than 20,000,000 bytes.*drafts\.jsonl:1: cannot be read"):
        load_cases(tmp_path, [ROOF])
