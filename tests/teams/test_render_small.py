from dataclasses import replace

import pytest
from hypothesis import given

from bot.channels.teams.render.guide import guide_messages
from bot.channels.teams.render.help import help_messages
from bot.channels.teams.render.message import MAX_SUGGESTIONS, Message, said
from bot.channels.teams.render.reply import render_reply
from bot.channels.teams.render.small import (
    announcement,
    cannot_write_to_you,
    failed_messages,
    forgotten_messages,
    noted_messages,
    placed_elsewhere,
    refused_messages,
)
from bot.channels.teams.render.suggestions import suggested
from bot.core.commands import HELP
from bot.core.lessons import GuideRow, Knowledge, Lesson, Passage, Sentence
from bot.core.prompts import Moved
from bot.core.replies import Failed, Forgotten, Guide, Help, Noted, Refused, Reply
from tests.slack.rendering import ROW, guides, helps, nasty_texts, unhurried
from tests.slack.test_render_reply import EVIL, REPLIES
from tests.teams.rendering import check, contains, seen, seen_of, sent
from tests.terminal.version_replies import MOVED


@unhurried
@given(guides)
def test_every_row_of_the_guide_is_shown_whole(guide: Guide) -> None:
    made = guide_messages(guide)
    check(made)
    shown = seen_of(made)
    assert contains(shown, *(cell for row in guide.rows for cell in (row.dont_say, row.say, row.why)))


def test_a_row_says_what_not_to_say_what_to_say_and_why() -> None:
    assert seen_of(guide_messages(Guide("leaks", (ROW,)))) == (
        "1 row of the guide on leaks\n2. Don't say: It never leaks\nDo say: It holds ten years\nWhy: Keeps a promise"
    )


def test_a_row_without_a_reason_gives_none() -> None:
    shown = seen_of(guide_messages(Guide("", (ROW, GuideRow("bees", "", 1, "a", "b", "", 1)))))
    assert "2 rows of the guide\nroofs 2. Don't say" in shown
    assert shown.endswith("bees 1. Don't say: a\nDo say: b")


def test_it_says_that_the_guide_has_no_row() -> None:
    assert seen_of(guide_messages(Guide("price", ()))) == "The guide has no row on price."


@unhurried
@given(helps)
def test_help_is_shown_whole(reply: Help) -> None:
    made = help_messages(reply)
    check(made)
    shown = seen_of(made)
    assert contains(shown, *(each for entry in reply.entries for each in (entry.usage, entry.does)), *reply.lessons)


def test_help_says_what_to_write_and_where() -> None:
    shown = seen_of(help_messages(Help(HELP, ("Roofs", "Bees"), "/prics")))
    assert shown.startswith("There is no command /prics.\nany question \N{EM DASH} answered from the lessons")
    assert all(way in shown for way in ("personal chat", "mention me", "Review phrasing"))
    assert shown.endswith("Lessons: Roofs; Bees")
    assert "No lessons are loaded" in seen_of(help_messages(Help(HELP, ())))


def test_suggestions_are_said_as_they_are_read() -> None:
    made = help_messages(Help(HELP, ("Roofs",)), ("What should I know about Care?",))
    assert sent(made[-1])["suggestedActions"] == {
        "actions": [
            {"type": "imBack", "title": "What should I know about Care?", "value": "What should I know about Care?"}
        ]
    }
    many = sent(Message("So.", suggestions=tuple("abcdefgh")))
    assert len(many["suggestedActions"]["actions"]) == MAX_SUGGESTIONS


def test_suggestions_come_from_all_over_the_lessons() -> None:
    sections = [f"Section {number}" for number in range(8)]
    passages = tuple(Passage("roofs", each, n, (Sentence("So.", n),)) for n, each in enumerate(sections))
    knowledge = Knowledge((Lesson("roofs", "Roofs", 1, tuple(sections), passages, ()),))
    assert suggested(knowledge) == tuple(f"What should I know about Section {number}?" for number in (0, 2, 4, 6))
    long = replace(passages[0], section="x" * 200)
    assert len(suggested(Knowledge((replace(knowledge.lessons[0], passages=(long,)),)))[0]) < 100


@unhurried
@given(nasty_texts)
def test_a_reply_of_one_line_is_harmless_whatever_is_in_it(text: str) -> None:
    for made in (refused_messages(Refused(text)), failed_messages(Failed(text))):
        check(made)
        assert contains(seen_of(made), text)


def test_small_replies_say_what_the_other_channels_say() -> None:
    assert seen_of(forgotten_messages(Forgotten(1))) == "Forgotten: 1 answer."
    shown = seen_of(forgotten_messages(Forgotten(2_000, 1)))
    assert shown == "Forgotten: 2,000 answers, and 1 message not answered yet."
    assert seen_of(noted_messages(Noted("up"))) == "Noted: that answer was good."
    assert seen_of(noted_messages(Noted("down"))) == "Noted: that answer was not good."
    assert "coach inbox: 7" in seen_of(failed_messages(Failed("7")))
    assert seen(placed_elsewhere()) == "It is in your personal chat with the coach."
    assert "open a personal chat with Field Coach" in seen(cannot_write_to_you())
    assert seen_of(said(" ")) == "\N{EM DASH}"


def test_a_move_is_announced_with_who_when_and_why() -> None:
    assert MOVED.entry is not None
    told = announcement(replace(MOVED, entry=replace(MOVED.entry, by="teams:t/a", note="Shorter <answers>.")))
    check([told])
    assert seen(told).splitlines() == [
        "Version 4 is live in place of version 3.",
        "teams:t/a made version 4 live in place of version 3, 2026-03-04 11:55 UTC.",
        "Reason: Shorter <answers>.",
    ]
    assert sent(told)["summary"] == "teams:t/a made version 4 live in place of version 3"
    assert seen(announcement(Moved(None, "It was so."))) == "It was so."


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_every_reply_is_within_teams_limits_and_leads_nowhere(reply: Reply) -> None:
    made = render_reply(reply)
    check(made)
    assert "actions" not in repr([each.suggestions for each in made])
    if isinstance(reply, Refused):
        assert contains(seen_of(made), EVIL)
