from hypothesis import given

from bot.channels.slack.render.guide import guide_messages
from bot.channels.slack.render.help import help_messages
from bot.channels.slack.render.small import (
    failed_messages,
    forgotten_messages,
    in_direct_messages,
    noted_messages,
    refused_messages,
    said,
)
from bot.core.commands import HELP
from bot.core.lessons import GuideRow
from bot.core.replies import Failed, Forgotten, Guide, Help, Noted, Refused
from tests.slack.rendering import ROW, check, contains, guides, helps, nasty_texts, seen_of, unhurried


@unhurried
@given(guides)
def test_every_row_of_the_guide_is_shown_whole(guide: Guide) -> None:
    made = guide_messages(guide)
    check(made)
    shown = seen_of(made)
    assert all(contains(shown, cell) for row in guide.rows for cell in (row.dont_say, row.say, row.why))


def test_a_row_says_what_not_to_say_what_to_say_and_why() -> None:
    shown = seen_of(guide_messages(Guide("leaks", (ROW,))))
    assert shown == (
        "1 row of the guide on leaks\n2. Don't say: It never leaks\nDo say: It holds ten years\nWhy: Keeps a promise"
    )


def test_a_row_without_a_reason_gives_none() -> None:
    shown = seen_of(guide_messages(Guide("", (ROW, GuideRow("bees", "", 1, "a", "b", "", 1)))))
    assert "2 rows of the guide\nroofs 2. Don't say" in shown
    assert shown.endswith("bees 1. Don't say: a\nDo say: b")


def test_it_says_that_the_guide_has_no_row() -> None:
    assert seen_of(guide_messages(Guide("price", ()))) == "The guide has no row on price."
    assert seen_of(guide_messages(Guide(" ", ()))) == "The guide has no row."


@unhurried
@given(helps)
def test_help_is_shown_whole(reply: Help) -> None:
    made = help_messages(reply)
    check(made)
    shown = seen_of(made)
    assert all(contains(shown, entry.usage) and contains(shown, entry.does) for entry in reply.entries)
    assert all(contains(shown, lesson) for lesson in reply.lessons)


def test_help_says_what_to_write_and_where() -> None:
    shown = seen_of(help_messages(Help(HELP, ("Roofs", "Bees"), "/prics")))
    assert shown.startswith("There is no command /prics.\nany question \N{EM DASH} answered from the lessons")
    assert all(way in shown for way in ("direct message", "mention me", "/coach", "Review phrasing"))
    assert shown.endswith("Lessons: Roofs; Bees")
    assert "No lessons are loaded" in seen_of(help_messages(Help(HELP, ())))


@unhurried
@given(nasty_texts)
def test_a_reply_of_one_line_is_harmless_whatever_is_in_it(text: str) -> None:
    for made in (refused_messages(Refused(text)), failed_messages(Failed(text))):
        check(made)
        assert contains(seen_of(made), text)


def test_small_replies_say_what_the_terminal_says() -> None:
    assert seen_of(forgotten_messages(Forgotten(1))) == "Forgotten: 1 answer."
    shown = seen_of(forgotten_messages(Forgotten(2_000, 1)))
    assert shown == "Forgotten: 2,000 answers, and 1 message not answered yet."
    assert seen_of(noted_messages(Noted("up"))) == "Noted: that answer was good."
    assert seen_of(noted_messages(Noted("down"))) == "Noted: that answer was not good."
    assert "coach inbox: 7" in seen_of(failed_messages(Failed("7")))
    check([in_direct_messages(), said("It is <done>.")])
    assert seen_of([said("It is <done>.")]) == "It is <done>."
