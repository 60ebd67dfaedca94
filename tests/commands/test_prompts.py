import json
from pathlib import Path

import pytest

from bot.app import App
from tests.commands.conftest import Coach
from tests.fakes import PROMPT, small_app


@pytest.fixture
def prompt_file(folder: Path) -> Path:
    return small_app(folder).prompts_dir / "0001.md"


def versions(coach: Coach) -> dict[int, dict[str, object]]:
    """Each version as `prompts list --json` has it."""
    return {card["version"]: card for card in json.loads(coach("prompts", "list", "--json").out)["versions"]}


def trail(coach: Coach) -> list[tuple[object, ...]]:
    """Act, version and author of each entry, the newest first."""
    entries = json.loads(coach("prompts", "log", "--json").out)["entries"]
    return [(entry["act"], entry["version"], entry["by"]) for entry in entries]


def test_the_group_alone_shows_its_help(coach: Coach) -> None:
    result = coach("prompts")
    assert result.status == 0
    for name in ("list", "show", "diff", "publish", "activate", "rollback", "log"):
        assert f"  {name} " in result.out


def test_list_shows_the_files_of_the_folder_with_the_first_one_live(coach: Coach) -> None:
    result = coach("prompts", "list")
    assert (result.status, result.err) == (0, "")
    header, second, first = [line.split("\t") for line in result.out.splitlines()]
    assert (header[:2], header[-2:]) == (["Version", "Serves"], ["Evaluation", "Note"])
    assert (first[:3], first[-2:]) == (["1", "live", "now"], ["not evaluated", "the first words"])
    assert (second[:3], second[-1]) == (["2", "", "now"], "the second words")


def test_what_a_version_did_is_counted(coach: Coach) -> None:
    coach("ask", "gutters")
    coach("review", stdin=b"This roof never leaks.")
    figures = versions(coach)[1]["figures"]
    assert isinstance(figures, dict)
    assert (figures["replies"], figures["cost_per_thousand"], figures["from_cache"]) == (2, None, None)
    assert coach("prompts", "list").out.splitlines()[2].split("\t")[5] == "2"


def test_show_into_a_pipe_is_the_file_as_it_was_published(coach: Coach) -> None:
    assert coach("prompts", "show", "2").out == PROMPT.format(
        note="the second words", rule="Give the best line, and say where it stands."
    )
    shown = json.loads(coach("prompts", "show", "2", "--json").out)
    assert (shown["version"], shown["live"], shown["model"]) == (2, False, "small-model")


def test_diff_shows_what_changes(coach: Coach) -> None:
    assert coach("prompts", "diff", "1", "2").out.splitlines() == [
        "--- version 1",
        "+++ version 2",
        "  effort: low",
        "- note: the first words",
        "+ note: the second words",
        "  ---",
        "…",
        "  ## Answering",
        " ",
        "- Give the best line.",
        "+ Give the best line, and say where it stands.",
    ]
    assert json.loads(coach("prompts", "diff", "1", "2", "--json").out)["lines"][1]["change"] == "-"
    assert coach("prompts", "diff", "1", "1").out == "Versions 1 and 1 are the same.\n"


def test_activate_and_rollback_move_the_live_version_and_leave_a_trail(coach: Coach) -> None:
    assert coach("prompts", "activate", "2", "--note", "clearer").out == "Version 2 is live in place of version 1.\n"
    assert json.loads(coach("ask", "gutters", "--json").out)["prompt_version"] == 2
    back = coach("prompts", "rollback", "--note", "too long")
    assert back.out == "Rolled back: version 1 is live in place of version 2.\n"
    again = coach("prompts", "rollback", "--to", "2", "--note", "sorry", "--json")
    assert json.loads(again.out)["entry"]["replaces"] == 1
    assert trail(coach)[:3] == [("rolled back", 2, "local"), ("rolled back", 1, "local"), ("activated", 2, "local")]
    assert trail(coach)[3:] == [("activated", 1, "start"), ("published", 2, "start"), ("published", 1, "start")]
    assert coach("prompts", "log").out.splitlines()[2].split("\t")[3:] == [
        "local", "went back from version 2 to version 1", "too long",
    ]  # fmt: skip


def test_what_is_so_already_changes_nothing_and_is_no_fault(coach: Coach) -> None:
    result = coach("prompts", "activate", "1", "--note", "again")
    assert (result.status, result.out) == (0, "Version 1 is live already. Nothing changed.\n")
    assert json.loads(coach("prompts", "activate", "1", "--note", "again", "--json").out)["entry"] is None
    assert len(trail(coach)) == 3


def test_a_trial_is_started_shown_and_ended(coach: Coach) -> None:
    started = coach("prompts", "activate", "2", "--share", "10", "--note", "let us see", "--yes")
    assert started.out == "Version 2 serves 10% of the people; version 1 stays live.\n"
    assert coach("prompts", "list").out.splitlines()[1].split("\t")[1] == "trial 10%"
    ended = coach("prompts", "rollback", "--note", "enough")
    assert ended.out == "The trial of version 2 has ended; version 1 serves everybody.\n"
    assert versions(coach)[2]["share"] is None


def test_a_file_or_standard_input_is_published_and_not_live(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "new.md").write_text(PROMPT.format(note="from a file", rule="Be short."))
    assert coach("prompts", "publish", "new.md").out.startswith("Version 3 is published. It is not live")
    third = PROMPT.format(note="unused", rule="Be long.").encode()
    published = json.loads(coach("prompts", "publish", "-", "--note", "typed", "--json", stdin=third).out)
    assert (published["entry"]["version"], published["entry"]["note"]) == (4, "typed")
    assert [card["note"] for card in versions(coach).values()] == [
        "typed", "from a file", "the second words", "the first words",
    ]  # fmt: skip
    assert versions(coach)[1]["live"] is True


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"", "does not begin with front matter"),
        (b"caf\xe9", "is not UTF-8 text"),
        (b"x" * 500_000, "at most 100,000 characters are taken: shorten it"),
        (b"x" * 150_000, "it has 150,000 characters; at most 100,000 are taken"),
        (PROMPT.format(note="", rule="x").encode(), "Say why, for the trail"),
        (PROMPT.format(note="the first words", rule="Give the best line.").encode(), "Version 1 is this very text"),
        (b"---\nmodel: m\n---\nText", "its front matter lacks max_tokens"),
    ],
)
def test_a_file_that_cannot_be_published_is_one_line(coach: Coach, tmp_path: Path, file: bytes, told: str) -> None:
    (tmp_path / "new.md").write_bytes(file)
    assert told in coach("prompts", "publish", "new.md").refused
    assert told in coach("prompts", "publish", "-", stdin=file).refused


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "9"], "There is no version 9; the newest is 2."),
        (["show", "x"], "'x' is not a valid integer"),
        (["show", "0"], "0 is not in the range"),
        (["diff", "1"], "Missing argument 'B'"),
        (["activate", "2"], "Missing option '--note'; see `coach prompts activate --help`"),
        (["activate", "9", "--note", "x"], "There is no version 9"),
        (["activate", "1", "--note", " "], "Say why, for the trail"),
        (["activate", "1", "--note", "x" * 600], "The reason has 600 characters"),
        (["activate", "2", "--share", "100", "--note", "x"], "100 is not in the range 1<=x<=99"),
        (["activate", "1", "--share", "10", "--note", "x"], "Version 1 is the live one"),
        (["rollback"], "Missing option '--note'"),
        (["rollback", "--note", "x"], "No other version was live before"),
        (["publish", "nowhere.md"], "cannot read nowhere.md: No such file or directory"),
        (["publish", "knowledge"], "knowledge is a directory: name a file"),
    ],
)
def test_what_cannot_be_done_is_one_line(coach: Coach, arguments: list[str], told: str) -> None:
    assert told in coach("prompts", *arguments).refused


def test_a_long_trail_is_shown_in_pages_or_whole(coach: Coach) -> None:
    for number in range(12):
        coach("prompts", "activate", str(2 - number % 2), "--note", f"move {number}")
        coach("prompts", "activate", str(2 - number % 2), "--share", "5", "--note", "refused")
        coach("prompts", "activate", str(1 + number % 2), "--share", "5", "--note", f"trial {number}")
    newest = json.loads(coach("prompts", "log", "--json").out)
    assert (len(newest["entries"]), newest["earlier"]) == (20, True)
    last = newest["entries"][-1]["position"]
    older = json.loads(coach("prompts", "log", "--before", str(last), "--json").out)
    assert older["entries"][0]["position"] == last - 1
    whole = json.loads(coach("prompts", "log", "--all", "--json").out)
    assert [entry["position"] for entry in whole["entries"]] == list(range(27, 0, -1))
    assert coach("prompts", "log", "--all").out.count("\n") == 28


def test_who_is_no_admin_is_denied_and_sees_no_prompt_and_the_try_is_in_the_trail(coach: Coach, folder: Path) -> None:
    def others() -> App:
        return small_app(folder, admins=frozenset({"slack:T1/U1"}))

    for arguments in (["list"], ["show", "1"], ["diff", "1", "2"], ["log"]):
        assert "Only the coach's admins may do that" in coach("prompts", *arguments, opener=others).refused
    assert "Only the coach's admins" in coach("prompts", "activate", "2", "--note", "x", opener=others).refused
    assert "Only the coach's admins" in coach("prompts", "rollback", "--note", "x", opener=others).refused
    file = PROMPT.format(note="n", rule="Mine.").encode()
    assert "Only the coach's admins" in coach("prompts", "publish", "-", stdin=file, opener=others).refused
    assert "Only the coach's admins" in coach("eval", "--prompt", "1", opener=others).refused
    assert trail(coach)[:8] == [("denied", None, "local")] * 8
    tried = [entry["detail"] for entry in json.loads(coach("prompts", "log", "--json").out)["entries"][:4]]
    assert tried == ["evaluate version 1", "publish a version", "roll back", "activate version 2"]


def test_versions_need_no_lessons(coach: Coach, folder: Path) -> None:
    (folder / "roof-care.md").unlink()
    assert coach("prompts", "list").status == 0
    assert coach("prompts", "activate", "2", "--note", "x").status == 0


def test_a_published_file_that_has_changed_is_one_line_with_its_mend(coach: Coach, prompt_file: Path) -> None:
    assert coach("prompts", "list").status == 0
    prompt_file.write_text(PROMPT.format(note="the first words", rule="Give any line."))
    told = coach("ask", "gutters").refused
    assert f"{prompt_file}: 0001.md differs from version 1" in told
    assert "put it back as it was, and save the new words in a file of the next free number" in told


@pytest.mark.parametrize("raw", ["no front matter", PROMPT.replace("low", "some"), PROMPT.replace("max_", "mx_")])
def test_a_broken_prompt_file_is_one_line_that_names_it(coach: Coach, prompt_file: Path, raw: str) -> None:
    prompt_file.write_text(raw)
    assert f"{prompt_file}: " in coach("prompts", "list").refused
    assert f"{prompt_file}: " in coach("chat", stdin=b"help").refused


def test_a_broken_prompt_file_does_not_hold_up_a_rollback(coach: Coach, prompt_file: Path) -> None:
    assert coach("prompts", "activate", "2", "--note", "x").status == 0
    prompt_file.write_text("no front matter")
    back = coach("prompts", "rollback", "--note", "broken")
    assert (back.status, back.out) == (0, "Rolled back: version 1 is live in place of version 2.\n")
    assert f"{prompt_file}: " in back.err


def test_who_is_not_asked_is_told_what_to_know_of_a_move(coach: Coach) -> None:
    done = coach("prompts", "activate", "2", "--note", "x")
    assert done.status == 0
    assert "Version 2 has not been evaluated" in done.err
