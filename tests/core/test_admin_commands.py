import time

import pytest

from bot.core.admin_commands import (
    ActivateVersion,
    DiffVersions,
    ListVersions,
    Malformed,
    PublishVersion,
    RollBack,
    ShowTrail,
    ShowVersion,
)
from bot.core.commands import AskCommand, ReactCommand, parse

ACTIVATE_USAGE = Malformed("prompts activate N [--share PERCENT] [--force] REASON")


@pytest.mark.parametrize("text", ["prompts", " Prompts ", "/prompts", "prompts list", "/PROMPTS  LIST\n"])
def test_prompts_alone_lists_the_versions(text: str) -> None:
    assert parse(text) == ListVersions()


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("prompts show 3", ShowVersion(3)),
        ("prompts show v3", ShowVersion(3)),
        ("prompts diff 1 12", DiffVersions(1, 12)),
        ("prompts diff v1 v2", DiffVersions(1, 2)),
        ("prompts log", ShowTrail()),
        ("prompts log 40", ShowTrail(before=40)),
        ("prompts activate 2 shorter answers", ActivateVersion(2, "shorter answers")),
        ("prompts activate v2\nshorter", ActivateVersion(2, "shorter")),
        ("prompts activate 2", ActivateVersion(2, "")),
        ("prompts activate 2 --share 10 let us see", ActivateVersion(2, "let us see", share=10)),
        ("prompts activate --share=10% 2 let us see", ActivateVersion(2, "let us see", share=10)),
        ("prompts activate 2 it is urgent --force", ActivateVersion(2, "it is urgent", force=True)),
        ("prompts activate 2 --force --share 5 urgent", ActivateVersion(2, "urgent", share=5, force=True)),
        ("rollback too long", RollBack("too long")),
        ("/rollback 3 too long", RollBack("too long", to=3)),
        ("rollback to 3 too long", RollBack("too long", to=3)),
        ("rollback to the better one", RollBack("to the better one")),
        ("prompts rollback v3 too long", RollBack("too long", to=3)),
        ("rollback", RollBack("")),
        ("prompts activate 2 \N{EM DASH}share 10 let us see", ActivateVersion(2, "let us see", share=10)),
        (
            "prompts activate 2 \N{EN DASH}force late \N{EM DASH} and needed",
            ActivateVersion(2, "late \N{EM DASH} and needed", force=True),
        ),
    ],
)
def test_what_admins_write_is_read(text: str, command: object) -> None:
    assert parse(text) == command


@pytest.mark.parametrize("text", ["prompts activate 2 --shared 10 why", "prompts activate 2 why --yes"])
def test_an_option_that_is_none_does_not_become_part_of_the_reason(text: str) -> None:
    assert parse(text) == ACTIVATE_USAGE


@pytest.mark.parametrize(
    "text",
    [
        "Rollback of a prompt takes how long",
        "rollback is instant, right",
        "Rollback plan for Acme:\n\nHi Dana,\nwe can go back in a minute.",
        "rollback too long\nand more",
    ],
)
def test_a_sentence_about_rolling_back_is_no_command(text: str) -> None:
    assert isinstance(parse(text), AskCommand)


def test_a_new_version_is_the_lines_below_its_reason() -> None:
    text = "---\nmodel: m\n---\n\n- Be brief."
    assert parse(f"prompts publish shorter\n{text}\n") == PublishVersion(text=text, note="shorter")
    assert parse("prompts publish") == PublishVersion(text="", note="")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("prompts show", Malformed("prompts show N")),
        ("prompts show x", Malformed("prompts show N")),
        ("prompts show 1 2", Malformed("prompts show N")),
        ("prompts diff 1", Malformed("prompts diff A B")),
        ("prompts diff 1 2 3", Malformed("prompts diff A B")),
        ("prompts log x", Malformed("prompts log [BEFORE]")),
        ("prompts activate", ACTIVATE_USAGE),
        ("prompts activate two", ACTIVATE_USAGE),
        ("prompts activate 2 --share ten x", ACTIVATE_USAGE),
        ("prompts activate 2 --share 1000 x", ACTIVATE_USAGE),
        ("prompts show 9999999999", Malformed("prompts show N")),
    ],
)
def test_what_lacks_something_says_how_it_is_written(text: str, command: Malformed) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "prompts?",
        "prompts for better answers",
        "prompts show 3?",
        "prompts: what are they",
        "promptsx",
        "rollback?",
        "rollbacks are safe",
        "rollback of a model, how does it work?\n",
    ],
)
def test_a_question_that_begins_alike_stays_a_question(text: str) -> None:
    assert parse(text) == AskCommand(text.strip())


@pytest.mark.parametrize("text", ["+1", " +1 ", ":+1:", ":thumbsup:", "\N{THUMBS UP SIGN}"])
def test_thumbs_up(text: str) -> None:
    assert parse(text) == ReactCommand("up")


@pytest.mark.parametrize("text", ["-1", ":-1:", ":thumbsdown:", "\N{THUMBS DOWN SIGN}\n"])
def test_thumbs_down(text: str) -> None:
    assert parse(text) == ReactCommand("down")


@pytest.mark.parametrize("text", ["+1 for this", "+2", "1", "thumbsup"])
def test_other_words_are_no_thumb(text: str) -> None:
    assert parse(text) == AskCommand(text)


@pytest.mark.parametrize("opening", ["prompts", "prompts activate 2", "rollback", "prompts log", "prompts publish"])
def test_long_messages_are_read_in_no_time(opening: str) -> None:
    started = time.process_time()
    for filling in (" " * 100_000, " 1" * 50_000, " --share" * 20_000, "\n" * 100_000, " --force" * 20_000):
        parse(opening + filling + "x")
    assert time.process_time() - started < 1
