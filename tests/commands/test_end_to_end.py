"""`coach` as people run it: the real retriever, finder and engine on the shipped lesson, as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds until a process that does not end is a failure."""
DRAFT = (
    "Hi Dana,\r\n\r\nWe can train the model on your documents.\r\n\r\n"
    "> Can you fine-tune it to stay current?\r\n\r\nBest,\r\nLee\r\n"
)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def _own_data(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this checkout has published is neither used nor touched."""
    monkeypatch.setenv("COACH_DATA_DIR", str(data_dir))


def coach(*arguments: str, stdin: bytes = b"", **settings: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
    )


def test_a_question_is_answered_with_exact_lines_of_the_lesson() -> None:
    ended = coach("ask", "--json", "What does LoRA not change?")
    assert (ended.returncode, ended.stderr) == (0, b"")
    answer = json.loads(ended.stdout)
    assert answer["covered"]
    assert answer["engine"] == "lessons"
    for citation in answer["citations"]:
        lesson = (ROOT / "knowledge" / f"{citation['lesson']}.md").read_text(encoding="utf-8")
        assert citation["quote"] in lesson
        assert f"[{citation['n']}]" in answer["answer"]


def test_a_draft_is_reviewed_and_only_its_claim_replaced() -> None:
    ended = coach("review", "--json", stdin=DRAFT.encode())
    assert (ended.returncode, ended.stderr) == (1, b"")
    review = json.loads(ended.stdout)
    assert [finding["quote"] for finding in review["findings"]] == ["We can train the model on your documents."]
    (edit,) = review["edits"]
    assert review["rewritten"] == DRAFT[: edit["start"]] + edit["after"] + DRAFT[edit["end"] :]
    again = coach("review", stdin=review["rewritten"].encode())
    assert (again.returncode, again.stderr) == (0, b"")


def test_the_guide_has_ten_rows() -> None:
    assert coach("guide").stdout.decode().count("\n") == 11


def test_the_shipped_knowledge_has_no_errors() -> None:
    ended = coach("knowledge", "check", "--quick")
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_conversation_can_be_scripted() -> None:
    ended = coach("chat", stdin=f"what is LoRA?\nreview\n{DRAFT}.\nguide LoRA\nhelp\n".encode())
    assert (ended.returncode, ended.stderr) == (0, b"")
    shown = ended.stdout.decode()
    assert "[1]" in shown
    assert "- We can train the model on your documents." in shown
    assert "Lessons: Fine-tuning and prompting" in shown


@pytest.mark.parametrize(
    "text",
    [
        "x" * 200_000,
        "word " * 40_000,
        "We can train the model on your documents. " * 500,
        "שלום דנה, נתראה מחר. 👩‍👩‍👧 مرحبا \u202e\u2066 e\u0301",
        "\x1b[2J\x07 We said hello.\r",
        "\ufeffHi\r\rBye",
        ".\n" * 5_000,
        "> " * 2_000 + "quoted",
        "<b>" * 20_000,
    ],
    ids=["one long word", "one long line", "many claims", "right to left", "controls", "mac", "dots", "quotes", "html"],
)
def test_odd_drafts_are_reviewed(text: str) -> None:
    ended = coach("review", "--jsonl", "-", stdin=json.dumps({"id": "x", "text": text}).encode())
    assert (ended.returncode, ended.stderr) == (0, b"")
    review = json.loads(ended.stdout)
    for edit in reversed(review["edits"]):
        text = text[: edit["start"]] + edit["after"] + text[edit["end"] :]
    assert review["rewritten"] == text


@pytest.mark.parametrize("arguments", [["review"], ["ask", "--jsonl", "-"], ["review", "--jsonl", "-"], ["chat"]])
@pytest.mark.parametrize("stdin", [b"\xff\xfe\x00\x01", b"\x89PNG\r\n\x1a\n\x00\x00", b"x" * 5_000_000])
def test_what_is_no_text_ends_with_one_line(arguments: list[str], stdin: bytes) -> None:
    ended = coach(*arguments, stdin=stdin)
    assert ended.returncode == 2
    assert ended.stderr.count(b"\n") == 1
    assert b"Traceback" not in ended.stderr
    for line in ended.stdout.splitlines():
        assert json.loads(line)["id"] is None


def test_lone_surrogates_are_answered_in_valid_utf_8() -> None:
    lines = [{"id": "\udfff", "question": "What is \ud800 LoRA? \udcff"}, {"id": 2, "question": "🤖 \u202e\x00"}]
    ended = coach("ask", "--jsonl", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    first, second = map(json.loads, ended.stdout.decode("utf-8").splitlines())
    assert (first["id"], second["id"]) == ("\udfff", 2)
    assert "answer" in first
    assert "binary" in second["error"]
    assert ended.returncode == 2


def test_an_argument_that_is_no_utf_8_is_answered() -> None:
    ended = coach("ask", os.fsdecode(b"what is LoRA\xff?"))
    assert (ended.returncode, ended.stderr) == (0, b"")
    ended.stdout.decode("utf-8")


def test_a_folder_without_lessons_is_one_line_that_names_it(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "no\x1bwhere"):
        ended = coach("review", stdin=DRAFT.encode(), COACH_KNOWLEDGE_DIR=str(folder))
        assert (ended.returncode, ended.stdout) == (2, b"")
        shown = str(folder).replace("\x1b", "\\x1b")
        assert ended.stderr.decode().startswith(f"coach: {shown}: no lessons")
        assert ended.stderr.count(b"\n") == 1


def test_the_shipped_versions_are_published_and_can_be_compared() -> None:
    ended = coach("prompts", "list")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert [line.split("\t")[:2] for line in ended.stdout.decode().splitlines()[1:]] == [["2", ""], ["1", "live"]]
    assert coach("prompts", "diff", "1", "2").stdout.count(b"\n+ ") > 10
