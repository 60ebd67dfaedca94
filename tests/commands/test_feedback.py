import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.choices import Choice
from tests.commands.conftest import Coach
from tests.commands.deciding import ANN, Said, append, decide
from tests.fakes import small_app

NEWER = {"id": "n", "at": "2026-03-01T12:00:00Z", "lesson": "roof-care", "row": 1, "choice": "ask me later", "mood": 1}


def lines(out: str) -> Iterator[list[str]]:
    """The cells of each line that is there for a guide row or a decision, without the time."""
    for line in out.splitlines()[1:]:
        *counted, _, choice, reason, sentence = line.split("\t")
        yield [*counted, choice, reason, sentence]


@pytest.fixture
def decided(folder: Path) -> None:
    decide(
        small_app(folder),
        "m1",
        [
            Said(0, Choice.USE),
            Said(1, Choice.KEEP, "First thought."),
            Said(1, Choice.KEEP, "They are\n guaranteed.", may_show=True),
        ],
    )
    decide(small_app(folder), "m2", [Said(0, Choice.KEEP, "It never did."), Said(1, Choice.NOT_MEANT)])


@pytest.mark.usefixtures("decided")
def test_each_row_has_what_was_decided_and_why_with_the_sentence_only_where_its_writer_agreed(coach: Coach) -> None:
    result = coach("knowledge", "feedback")
    assert (result.status, result.err) == (0, "")
    roof, tiles = ["roof-care", "1", "This roof never leaks"], ["roof-care", "2", "Our tiles last forever"]
    assert list(lines(result.out)) == [
        [*roof, "1", "1", "0", "", "", ""],
        [*roof, "", "", "", "kept", "It never did.", ""],
        [*tiles, "0", "1", "1", "", "", ""],
        [*tiles, "", "", "", "kept", "They are guaranteed.", "Our tiles last forever."],
    ]


@pytest.mark.usefixtures("decided")
def test_json_is_every_entry_as_it_is_kept_without_who_or_what_else_the_draft_says(coach: Coach) -> None:
    out = coach("knowledge", "feedback", "--json").out
    entries = [json.loads(line) for line in out.splitlines()]
    assert [(entry["row"], entry["choice"], entry["text"]) for entry in entries] == [
        (1, "use", None),
        (2, "keep", None),
        (2, "keep", "Our tiles last forever."),
        (1, "keep", None),
        (2, "not meant", None),
    ]
    assert entries[1]["finding"] == entries[2]["finding"]
    assert not [word for word in (ANN, "U1", "Dana", "never leaks.") if word in out]


def test_no_decision_is_a_bare_header_and_no_entry(coach: Coach) -> None:
    result = coach("knowledge", "feedback")
    assert (result.status, result.err, result.out.count("\n")) == (0, "", 1)
    assert coach("knowledge", "feedback", "--json").out == ""


@pytest.mark.usefixtures("decided")
def test_entries_of_a_newer_program_are_passed_over_and_counted(coach: Coach, folder: Path) -> None:
    before = coach("knowledge", "feedback").out
    append(small_app(folder), NEWER, "no JSON at all\x1b[2J")
    result = coach("knowledge", "feedback")
    assert (result.status, result.out) == (0, before)
    assert result.err == (
        "coach: not counted, since only a newer Field Coach can read them: 2 records; upgrade the program\n"
    )
    written = coach("knowledge", "feedback", "--json")
    assert [json.loads(line) for line in written.out.splitlines()][5:] == [NEWER]
    assert "1 record;" in written.err


@pytest.mark.usefixtures("decided")
def test_neither_the_lessons_nor_the_prompts_folder_is_needed(coach: Coach, folder: Path) -> None:
    (folder / "roof-care.md").unlink()
    (small_app(folder).prompts_dir / "0001.md").write_text("broken")
    assert len(list(lines(coach("knowledge", "feedback").out))) == 4


@pytest.mark.usefixtures("decided")
def test_forget_me_leaves_the_decisions_which_say_nothing_of_whose_they_are(coach: Coach) -> None:
    before = coach("knowledge", "feedback", "--json").out
    coach("chat", stdin=b"forget me\n")
    assert coach("knowledge", "feedback", "--json").out == before


@pytest.mark.usefixtures("decided")
def test_examples_are_the_sentences_that_may_be_shown_for_the_owner_to_complete(coach: Coach, folder: Path) -> None:
    decide(small_app(folder), "m3", [Said(0, Choice.NOT_MEANT, "A quote.", may_show=True)])
    result = coach("knowledge", "feedback", "--examples")
    assert result.status == 0
    assert [json.loads(line) for line in result.out.splitlines()] == [
        {
            "text": "This roof never leaks.",
            "lesson": "roof-care",
            "row": 1,
            "stance": None,
            "choices": ["not meant"],
            "reasons": ["A quote."],
        },
        {
            "text": "Our tiles last forever.",
            "lesson": "roof-care",
            "row": 2,
            "stance": None,
            "choices": ["keep"],
            "reasons": ["They are guaranteed."],
        },
    ]
    assert result.err == (
        'coach: 2 sentences with "stance": null, since only you can tell: write one of '
        "asserts, denies, asks, reported, approved, other; until then the line is an error\n"
    )


@pytest.mark.usefixtures("decided")
def test_what_was_appended_is_an_error_until_it_has_a_stance_and_is_then_not_given_again(
    coach: Coach, folder: Path
) -> None:
    line = coach("knowledge", "feedback", "--examples").out
    (folder / "examples").mkdir()
    (folder / "examples" / "roof-care.jsonl").write_text(line)
    checked = coach("knowledge", "check", "--quick")
    assert checked.status == 1
    assert 'roof-care.jsonl:1: error: "stance" is missing: write one of asserts' in checked.out
    (folder / "examples" / "roof-care.jsonl").write_text(line.replace("null", '"asserts"'))
    assert coach("knowledge", "check", "--quick").status == 0
    again = coach("knowledge", "feedback", "--examples")
    assert (again.status, again.out) == (0, "")
    assert again.err == "coach: left out: 1 sentence that the examples have already\n"


@pytest.mark.usefixtures("decided")
def test_sentences_of_a_row_or_a_lesson_that_is_no_more_are_told_and_left_out(coach: Coach, folder: Path) -> None:
    lesson = folder / "roof-care.md"
    lesson.write_text(lesson.read_text().replace("last forever", "last for aye"))
    result = coach("knowledge", "feedback", "--examples")
    assert (result.status, result.out) == (0, "")
    assert result.err == (
        'coach: left out: 1 sentence, since the guide of roof-care has no row "Our tiles last forever" now\n'
    )
    lesson.unlink()
    assert coach("knowledge", "feedback", "--examples").err == (
        "coach: left out: 1 sentence, since there is no lesson roof-care that can be used\n"
    )


def test_a_sentence_whose_writer_used_the_replacement_asserts_its_row(coach: Coach, folder: Path) -> None:
    used = {"id": "u", "at": "2026-03-01T12:00:00Z", "lesson": "roof-care", "row": 7, "choice": "use"}
    kept = {**used, "id": "k", "choice": "keep", "text": "Leak-free for good."}  # without its row's words
    append(small_app(folder), {**used, "dont_say": "This roof never leaks", "text": "Leak-free\r\nfor good."}, kept)
    result = coach("knowledge", "feedback", "--examples")
    (line,) = map(json.loads, result.out.splitlines())
    assert (line["text"], line["row"], line["stance"]) == ("Leak-free for good.", 1, "asserts")
    assert result.err == (
        "coach: left out: 1 sentence, since an older Field Coach kept no words of the row in the guide of roof-care\n"
    )


def test_without_a_sentence_that_may_be_shown_no_example_is_given_and_that_is_told(coach: Coach, folder: Path) -> None:
    decide(small_app(folder), "m1", [Said(0, Choice.KEEP, "It never did."), Said(1, Choice.USE, may_show=True)])
    result = coach("knowledge", "feedback", "--examples")
    assert (result.status, result.out) == (0, "")
    assert result.err == "coach: no sentence: no writer has agreed yet to show one to the guide's owner\n"


def test_entries_and_examples_are_not_given_at_once(coach: Coach) -> None:
    told = coach("knowledge", "feedback", "--json", "--examples").refused
    assert told == "give --json or --examples, not both; see `coach knowledge feedback --help`"
