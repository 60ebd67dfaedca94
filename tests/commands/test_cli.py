import json
from pathlib import Path

import pytest

from bot import __version__
from bot.cli import COMMANDS
from bot.core.ask import MAX_QUESTION
from bot.core.review import MAX_DRAFT
from tests.commands.conftest import Coach

LEAKY = "Hi Bo,\r\n\r\nThis roof never leaks. Bye.\r\n"


def test_the_version_is_told(coach: Coach) -> None:
    assert coach("--version").out == f"coach, version {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_lists_the_commands(coach: Coach, arguments: list[str]) -> None:
    result = coach(*arguments)
    assert result.status == 0
    for name in COMMANDS:
        assert f"  {name} " in result.out


@pytest.mark.parametrize(
    ("command", "limit"), [("ask", MAX_QUESTION), ("review", MAX_DRAFT), ("chat", MAX_QUESTION), ("chat", MAX_DRAFT)]
)
def test_limits_are_in_the_help(coach: Coach, command: str, limit: int) -> None:
    assert f"{limit:,}" in coach(command, "--help").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["frob"], "No such command 'frob'; see `coach --help`"),
        (["ask"], "give a QUESTION, or --jsonl FILE; see `coach ask --help`"),
        (["ask", "x", "--jsonl", "f"], "not both"),
        (["ask", "x", "--loud"], "No such option '--loud'"),
        (["ask", "x\x1b[2J" * 3_000], "characters; at most 2,000 are taken"),
        (["ask", " "], "The question is empty"),
        (["ask", "--jsonl", "nowhere.jsonl"], "cannot read nowhere.jsonl: No such file or directory"),
        (["review", "nowhere.txt"], "cannot read nowhere.txt: No such file or directory"),
        (["review", "evil\n\x1b[2J"], "cannot read evil\\x0a\\x1b[2J: No such file"),
        (["review", "knowledge"], "knowledge is a directory: name a file"),
        (["review", "a", "b"], "unexpected extra argument"),
        (["review", "a", "--jsonl", "b"], "not both"),
        (["knowledge", "frob"], "No such command 'frob'; see `coach knowledge --help`"),
        (["knowledge", "search"], "Missing argument"),
        (["knowledge", "search", "x" * 3_000], "write 1 to 2,000"),
    ],
)
def test_wrong_use_is_one_line(coach: Coach, arguments: list[str], told: str) -> None:
    assert told in coach(*arguments).refused


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (b"", "The draft is empty"),
        (b" \r\n\t", "The draft is empty"),
        (b"caf\xe9", "is not UTF-8 text (byte 0xe9 in line 1)"),
        ("Hi".encode("utf-16"), "is UTF-16 text: save it as UTF-8"),
        (b"PK\x03\x04\x00\x00", "The draft is binary"),
        (b"x" * (MAX_DRAFT + 1), "has 1,000,001 characters; at most 1,000,000"),
        (b"x" * 5_000_000, "has more than 4,000,000 bytes"),
    ],
)
def test_a_draft_that_cannot_be_taken_is_one_line_from_file_and_pipe(
    coach: Coach, tmp_path: Path, draft: bytes, told: str
) -> None:
    (tmp_path / "draft.txt").write_bytes(draft)
    assert told in coach("review", "draft.txt").refused
    assert told in coach("review", "-", stdin=draft).refused
    assert told in coach("review", "--json", stdin=draft).refused


def test_an_answer_comes_with_its_citations(coach: Coach) -> None:
    result = coach("ask", "when", "are", "gutters", "clear?")
    assert (result.status, result.err) == (0, "")
    assert result.out == (
        "A roof lasts thirty years when its gutters are kept clear. [1]\n\n"
        '[1] roof-care — "A roof lasts thirty years when its gutters are kept clear."\n'
    )


def test_a_question_that_is_not_covered_is_no_fault(coach: Coach) -> None:
    result = coach("ask", "zebra?", "--json")
    assert result.status == 0
    assert json.loads(result.out)["covered"] is False


def test_lone_surrogates_and_escape_sequences_leave_json_valid_and_harmless(coach: Coach, folder: Path) -> None:
    (folder / "roof-care.md").write_text("Clear \x9b31m gutters \u202e now.\n")
    result = coach("ask", "gutters \udcff \ud83d?", "--json")
    assert "\x9b" not in result.out
    assert "\u202e" not in result.out
    assert json.loads(result.out)["citations"][0]["quote"] == "Clear \x9b31m gutters \u202e now."


def test_a_review_shows_words_reason_and_diff_and_finds_something(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_bytes((LEAKY + "Our tiles last forever?\r\n").encode())
    result = coach("review", "draft.txt")
    assert result.status == 1
    assert result.out.splitlines() == [
        "1. This roof never leaks.",
        "   Say instead: This roof is guaranteed for ten years.",
        "   Why: No roof never leaks",
        "",
        "--- draft",
        "+++ rewritten",
        "…",
        " ",
        "- This roof never leaks. Bye.",
        "+ This roof is guaranteed for ten years. Bye.",
        "  Our tiles last forever?",
        "",
        "Worth a look (left as it is):",
        "?  Our tiles last forever?",
        "   Say instead: Our tiles last sixty years",
        "   Why: The warranty says sixty",
    ]


def test_a_clean_draft_is_told_and_finds_nothing(coach: Coach) -> None:
    result = coach("review", stdin=b"Hi Bo, see you.")
    assert result.status == 0
    assert result.out.startswith("Nothing to change")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_offsets_count_in_the_text_as_it_is(coach: Coach, tmp_path: Path, mark: str) -> None:
    draft = f"{mark}😀 ok.\r\n{LEAKY}"
    (tmp_path / "draft.txt").write_bytes(draft.encode())
    result = coach("review", "draft.txt", "--json")
    review = json.loads(result.out)
    (finding,) = review["findings"]
    assert result.status == 1
    assert draft[finding["start"] : finding["end"]] == finding["quote"] == "This roof never leaks."
    assert review["rewritten"] == draft.replace("never leaks", "is guaranteed for ten years")
    assert (finding["row"], finding["lesson"]) == (1, "roof-care")


def test_ask_lines_are_answered_apart_from_each_other(coach: Coach) -> None:
    lines = [{"id": 1, "question": "gutters"}, {"id": 2, "question": "zebra"}, {"id": 3, "question": "autumn"}]
    result = coach("ask", "--jsonl", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    assert result.status == 0
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert [(line["id"], line["covered"]) for line in answers] == [(1, True), (2, False), (3, True)]


def test_review_lines_exit_0_even_with_findings_and_2_with_a_bad_line(coach: Coach) -> None:
    good = json.dumps({"id": "a", "text": LEAKY}).encode()
    result = coach("review", "--jsonl", "-", stdin=good)
    assert (result.status, result.err) == (0, "")
    assert len(json.loads(result.out)["findings"]) == 1
    result = coach("review", "--jsonl", "-", stdin=b"oops\n" + good)
    assert result.status == 2
    assert result.err == "coach: 1 of 2 lines could not be processed; each has its error in its place\n"
    assert [json.loads(line)["id"] for line in result.out.splitlines()] == [None, "a"]


def test_the_guide_is_searched(coach: Coach) -> None:
    assert coach("guide").out.count("\n") == 3
    assert coach("guide", "tiles").out.splitlines()[1:] == [
        "2\tOur tiles last forever\tOur tiles last sixty years\tThe warranty says sixty"
    ]
    result = coach("guide", "zebras")
    assert (result.status, result.out) == (0, "The guide has no row on zebras.\n")


def test_knowledge_list_shows_what_is_loaded(coach: Coach, folder: Path) -> None:
    (folder / "later.md").write_text("---\neffective_from: 2999-01-01\n---\n\nText.")
    assert coach("knowledge", "list").out.splitlines()[1:] == [
        "later\tlater\t0\t1\t0\tfrom 2999-01-01",
        "roof-care\tRoof care\t2\t2\t2\tyes",
    ]
    later, roofs = json.loads(coach("knowledge", "list", "--json").out)["lessons"]
    assert (later["in_force"], later["effective_from"]) == (False, "2999-01-01")
    assert (roofs["title"], roofs["passages"], roofs["guide_rows"], roofs["in_force"]) == ("Roof care", 2, 2, True)


def test_knowledge_search_shows_relevance_and_place(coach: Coach, folder: Path) -> None:
    result = coach("knowledge", "search", "autumn", "gutters")
    assert f"1.00  {folder}/roof-care.md:10  Gutters\n      Clear the gutters every autumn." in result.out
    found = json.loads(coach("knowledge", "search", "autumn gutters", "--json").out)
    assert found["hits"][0]["place"] == f"{folder}/roof-care.md:10"


def test_knowledge_check_finds_errors_and_lets_warnings_pass(coach: Coach, folder: Path) -> None:
    result = coach("knowledge", "check")
    assert result.status == 0
    assert result.out.endswith("1 lesson, 0 errors, 1 warning.\n")
    (folder / "bad.md").write_bytes(b"Text \xff")
    result = coach("knowledge", "check")
    assert result.status == 1
    assert f"{folder}/bad.md:1: error: not UTF-8 text: save the file as UTF-8" in result.out


@pytest.mark.parametrize("arguments", [["ask", "x"], ["review"], ["guide"], ["chat"], ["knowledge", "list"]])
def test_without_lessons_nothing_is_passed_off_as_clean(coach: Coach, folder: Path, arguments: list[str]) -> None:
    (folder / "roof-care.md").unlink()
    assert "no lesson" in coach(*arguments, stdin=b"This roof never leaks.").refused
