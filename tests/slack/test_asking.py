"""Questions in Slack, from the message to what its author has before them."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.core.admin_commands import ActivateVersion
from tests.scripted import ScriptedEngine
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER
from tests.slack.serving import MODES, Served
from tests.slack.watching import (
    ANSWER,
    NASTY,
    QUESTION,
    coaching,
    figures,
    idle,
    opened,
    over_a_socket,
    over_http,
    passed_over,
    pings,
    replies,
    reply,
    said,
    shown_to_others,
    taken,
    told,
    until_rated,
)

COVERED_BY_THREAD = "And how often?"
"""Shares no word with the lesson: only what its thread asked before makes it answerable."""


# Where a question is asked.


async def test_a_direct_question_is_answered_below_it_with_its_sources_thumbs_and_version(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    ts = await slack.say("U1", dm, QUESTION)
    answer = await reply(slack, "U1", dm)
    assert answer.thread_ts == ts
    assert answer.plain.splitlines() == [
        ANSWER,
        "Sources: [1] Gutters",
        "[Show the quotes]",
        "[Good]",
        "[Bad]",
        "Prompt version 1 · lessons engine",
    ]
    assert answer.pings == []
    assert answer.metadata == {
        "event_type": "field_coach_reply",
        "event_payload": {"message": f"slack:T1/{dm}/{ts}", "part": 0},
    }


async def test_a_status_is_shown_at_once_and_goes_with_the_answer(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    ts = await slack.say("U1", dm, QUESTION)
    await reply(slack, "U1", dm)
    assert slack.status_log == [(dm, ts, "Reading Gutters …")]
    assert slack.status(dm, ts) == ""
    shown = [call.method for call in slack.calls if call.method.startswith(("assistant.", "chat."))]
    assert shown == ["assistant.threads.setStatus", "chat.startStream", "chat.stopStream"]


@over_http
async def test_the_footer_names_the_version_that_served(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    admin, move = "slack:T1/UADMIN", ActivateVersion(2, "says where it stands", force=True)
    position = await coached.app.store.log.length("prompts")
    await coached.app.desk.handle(move, person=admin, confirmed=position)
    await slack.say("U1", dm, QUESTION)
    assert "Prompt version 2 · lessons engine" in (await reply(slack, "U1", dm)).plain


async def test_a_thread_of_direct_messages_is_one_conversation_and_a_new_message_another(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    first = await slack.say("U1", dm, QUESTION)
    await reply(slack, "U1", dm)
    await slack.say("U1", dm, COVERED_BY_THREAD, thread_ts=first)
    answers = await replies(slack, "U1", dm, first, count=2)
    assert answers[1].plain.startswith(ANSWER)
    other = await slack.say("U1", dm, COVERED_BY_THREAD)
    assert (await reply(slack, "U1", dm, other)).plain.startswith("The lessons do not answer this.")


async def test_questions_of_one_thread_are_answered_in_their_order(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    first = await slack.say("U1", dm, QUESTION)
    for _ in range(3):
        await slack.say("U1", dm, COVERED_BY_THREAD, thread_ts=first)
    answers = await replies(slack, "U1", dm, first, count=4)
    await idle(coached)
    assert len(said(slack, "U1", dm)) == 4
    assert [answer.plain.splitlines()[0] for answer in answers] == [ANSWER] * 4


@over_a_socket
async def test_a_question_that_the_lessons_do_not_cover_is_told_so(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    await slack.say("U1", dm, "Who won?")
    answer = await reply(slack, "U1", dm)
    assert answer.plain.startswith("The lessons do not answer this. They cover: Roof care.")
    assert "Sources" not in answer.plain


@pytest.mark.parametrize("kind", ["channel", "group", "mpim"])
async def test_a_mention_is_answered_in_its_thread_before_everybody(coached: Served, kind: str) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2", kind=kind)  # type: ignore[arg-type]
    ts = await slack.say("U1", "C1", f"<@{BOT_USER}>, {QUESTION}")
    answer = await reply(slack, "U2", "C1")
    assert answer.thread_ts == ts
    assert answer.plain.startswith(ANSWER)
    assert answer.pings == []
    assert slack.status_log == [("C1", ts, "Reading Gutters …")]
    await idle(coached)
    assert len(said(slack, "U2", "C1")) == 1, "although a mention comes as two events"


async def test_a_mention_that_slack_delivers_again_is_answered_once(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1")
    ts = await slack.say("U1", "C1", f"{QUESTION} <@{BOT_USER}>")
    await reply(slack, "U1", "C1")
    await slack.redeliver(ts)
    await idle(coached)
    assert len(said(slack, "U1", "C1")) == 1
    assert taken(coached) == 1


async def test_a_follow_up_in_a_thread_needs_no_new_mention(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    ts = await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    await reply(slack, "U1", "C1")
    await slack.say("U1", "C1", COVERED_BY_THREAD, thread_ts=ts)
    answers = await replies(slack, "U2", "C1", ts, count=2)
    assert answers[1].plain.startswith(ANSWER)
    assert answers[1].thread_ts == ts


@over_http
@pytest.mark.parametrize(
    "text",
    [
        "thanks!",
        "Thank you, that helps with the gutters.",
        "<@U2> what do you think of the gutters?",
        "forget me",
        "guide gutters?",
        "review Our tiles last forever, don't they?",
    ],
)
async def test_what_is_no_question_to_the_coach_is_met_with_silence_in_a_thread(coached: Served, text: str) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    ts = await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    await reply(slack, "U1", "C1")
    before = len(slack.status_log)
    await slack.say("U1", "C1", text, thread_ts=ts)
    await idle(coached)
    assert len(said(slack, "U1", "C1")) == 1
    assert len(slack.status_log) == before
    assert said(slack, "U1", slack.dm_of("U1")) == []


@over_http
async def test_a_follow_up_that_the_lessons_do_not_cover_is_met_with_silence(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    ts = await slack.say("U1", "C1", f"<@{BOT_USER}> who won?")
    assert (await reply(slack, "U1", "C1")).plain.startswith("The lessons do not answer this.")
    await slack.say("U1", "C1", "And who came third?", thread_ts=ts)
    await idle(coached)
    assert len(said(slack, "U1", "C1")) == 1


@over_http
@pytest.mark.parametrize("text", ["<!here> how are gutters cleared?", "<!subteam^S1> how are gutters cleared?"])
async def test_a_question_to_a_group_in_a_thread_is_not_one_to_the_coach(coached: Served, text: str) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    ts = await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    await reply(slack, "U1", "C1")
    await slack.say("U1", "C1", text, thread_ts=ts)
    await idle(coached)
    assert len(said(slack, "U1", "C1")) == 1


async def test_only_who_addressed_the_coach_is_answered_in_a_thread(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    ts = await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    await reply(slack, "U1", "C1")
    await slack.say("U2", "C1", QUESTION, thread_ts=ts)
    await idle(coached)
    assert len(said(slack, "U1", "C1")) == 1, "U2 has not addressed the coach"
    await slack.say("U2", "C1", f"<@{BOT_USER}> {COVERED_BY_THREAD}", thread_ts=ts)
    assert (await replies(slack, "U2", "C1", ts, count=2))[1].plain.startswith(ANSWER)
    await slack.say("U2", "C1", QUESTION, thread_ts=ts)
    assert len(await replies(slack, "U2", "C1", ts, count=3)) == 3


@over_a_socket
async def test_a_question_elsewhere_in_the_channel_is_nobodys_follow_up(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    await reply(slack, "U1", "C1")
    await slack.say("U1", "C1", QUESTION)
    root = await slack.say("U2", "C1", "Morning all")
    await slack.say("U1", "C1", QUESTION, thread_ts=root)
    await idle(coached)
    assert len(said(slack, "U1", "C1")) == 1
    assert passed_over(coached)["not addressed"] == 3


async def test_a_command_is_answered_to_its_sender_alone_where_the_coach_is_no_member(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2", with_bot=False)
    delivered = await slack.command("U1", "C1", QUESTION)
    assert delivered.status == 200
    answer = await told(slack, "U1", "C1", ANSWER)
    assert answer.ephemeral
    assert "Prompt version 1" in answer.plain
    assert said(slack, "U1", "C1")[0].plain == "One moment …"
    assert said(slack, "U2", "C1") == []
    assert shown_to_others(slack, "Clear the gutters", person="U1") == []


async def test_a_command_whose_time_is_over_is_answered_by_direct_message(slack: Slack, tmp_path: Path) -> None:
    go_on = asyncio.Event()
    slack.channel("C1", "U1", "U2", with_bot=False)
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine(go_on, ANSWER)):
        await slack.command("U1", "C1", QUESTION)
        slack.pass_time(1_801)
        go_on.set()
        assert (await reply(slack, "U1", slack.dm_of("U1"))).plain.startswith(ANSWER)
    assert shown_to_others(slack, "Clear the gutters", person="U1") == []


@over_http
@pytest.mark.parametrize(("text", "words"), [("", "any question"), ("help", "any question"), ("/nope", "no command")])
async def test_a_command_that_says_nothing_or_nothing_known_gets_help(coached: Served, text: str, words: str) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", with_bot=False)
    await slack.command("U1", "C1", text)
    assert (await told(slack, "U1", "C1", words)).ephemeral


@over_a_socket
async def test_a_mention_without_words_gets_help_and_the_guide_is_for_all(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    await slack.say("U1", "C1", f"<@{BOT_USER}>")
    assert "any question" in (await reply(slack, "U2", "C1")).plain
    await slack.say("U1", "C1", f"<@{BOT_USER}> guide tiles")
    assert "Our tiles last sixty years" in (await replies(slack, "U2", "C1", count=2))[1].plain


@over_a_socket
async def test_the_ask_form_is_answered_by_direct_message(coached: Served) -> None:
    slack = coached.slack
    await slack.open_home("U1")
    await slack.until(lambda: slack.home("U1"))
    home = slack.home("U1")
    assert home
    await slack.click_view("U1", home.id, "home.ask")
    form = await opened(slack, "U1")
    await slack.submit("U1", form.id, {"question": QUESTION})
    assert (await reply(slack, "U1", slack.dm_of("U1"))).plain.startswith(ANSWER)


async def test_questions_are_suggested_from_the_lessons_sections_where_the_messages_open(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    await slack.open_home("U1", "messages")
    await slack.until(lambda: slack.prompts(dm))
    (prompt,) = slack.prompts(dm)
    assert prompt == {"title": "Gutters", "message": "What should I know about Gutters?"}
    await slack.say("U1", dm, prompt["message"])
    assert "Sources: [1]" in (await reply(slack, "U1", dm)).plain


# What can be done with an answer.


async def test_the_sources_open_to_the_exact_words(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    await slack.say("U1", dm, QUESTION)
    answer = await reply(slack, "U1", dm)
    await slack.click("U1", dm, answer.ts, "sources")
    view = await opened(slack, "U1")
    assert slack.plain(view).splitlines() == ["Sources", "[1] roofs · Gutters", "Clear the gutters every autumn."]


@over_a_socket
async def test_the_sources_of_a_private_answer_open_too(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", with_bot=False)
    await slack.command("U1", "C1", QUESTION)
    answer = await told(slack, "U1", "C1", ANSWER)
    await slack.click("U1", "C1", answer.ts, "sources")
    await opened(slack, "U1", "Clear the gutters every autumn.")


@over_a_socket
async def test_sources_that_are_not_kept_any_more_are_said_to_be_gone(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    await slack.say("U1", dm, QUESTION)
    answer = await reply(slack, "U1", dm)
    await coached.app.store.records.forget("slack:T1/U1")
    await slack.click("U1", dm, answer.ts, "sources")
    await opened(slack, "U1", "The quotes are not kept any more")


async def test_a_thumb_counts_once_and_can_be_turned(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    await slack.say("U1", dm, QUESTION)
    answer = await reply(slack, "U1", dm)
    for _ in range(2):
        await slack.click("U1", dm, answer.ts, "feedback", "good")
    did = await figures(coached)
    assert (did.up, did.down) == (1, 0)
    await slack.click("U1", dm, answer.ts, "feedback", "bad")
    did = await figures(coached)
    assert (did.up, did.down) == (0, 1)


@over_http
async def test_two_clicks_on_a_thumb_at_the_same_moment_count_once(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    await slack.say("U1", dm, QUESTION)
    answer = await reply(slack, "U1", dm)
    await asyncio.gather(*(slack.click("U1", dm, answer.ts, "feedback", "good") for _ in range(4)))
    assert (await figures(coached)).up == 1


async def test_another_members_thumb_does_not_count_and_they_are_told_so_alone(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    answer = await reply(slack, "U1", "C1")
    await slack.click("U2", "C1", answer.ts, "feedback", "bad")
    refusal = await told(slack, "U2", "C1", "There is no answer here to rate")
    assert refusal.ephemeral
    assert refusal.thread_ts == answer.thread_ts
    did = await figures(coached)
    assert (did.up, did.down) == (0, 0)
    await slack.click("U1", "C1", answer.ts, "feedback", "good")
    assert (await figures(coached)).up == 1


@over_a_socket
async def test_a_private_answer_is_rated_where_the_coach_is_no_member(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", with_bot=False)
    await slack.command("U1", "C1", QUESTION)
    answer = await told(slack, "U1", "C1", ANSWER)
    await slack.click("U1", "C1", answer.ts, "feedback", "good")
    assert (await figures(coached)).up == 1


@over_a_socket
async def test_who_rates_too_late_is_told_so_where_the_coach_is_no_member(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", with_bot=False)
    await slack.command("U1", "C1", QUESTION)
    answer = await told(slack, "U1", "C1", ANSWER)
    await coached.app.store.threads.forget("slack:T1/U1")
    await slack.click("U1", "C1", answer.ts, "feedback", "good")
    assert (await told(slack, "U1", "C1", "There is no answer here to rate")).ephemeral


@over_a_socket
async def test_plus_one_in_words_rates_the_threads_last_answer(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    ts = await slack.say("U1", dm, QUESTION)
    await reply(slack, "U1", dm)
    await slack.say("U1", dm, "+1", thread_ts=ts)
    assert (await replies(slack, "U1", dm, count=2))[1].plain == "Noted: that answer was good."
    assert (await until_rated(coached, lambda did: did.up == 1)).down == 0


# How an answer grows.


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every piece is sent as it comes."""
    monkeypatch.setattr("bot.channels.slack.stream.EVERY_SECONDS", 0.0)


async def begun(slack: Slack, place: str, words: str) -> str:
    """Waits until a message has begun to grow with these words and gives its timestamp."""

    def growing() -> list[str]:
        return [each.ts for each in slack.seen("U1", place) if each.streaming and each.plain == words]

    await slack.until(growing)
    return growing()[0]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("mode", MODES)
async def test_an_answer_is_before_its_reader_while_it_is_made(slack: Slack, tmp_path: Path, mode: str) -> None:
    second, third, dm = asyncio.Event(), asyncio.Event(), slack.dm_of("U1")
    engine = ScriptedEngine("Clear them. ", second, "Every autumn. ", third, "That is all. [1]")
    async with coaching(slack, tmp_path, mode, engine=engine):
        await slack.say("U1", dm, QUESTION)
        ts = await begun(slack, dm, "Clear them.")
        second.set()
        assert await begun(slack, dm, "Clear them. Every autumn.") == ts
        third.set()
        answer = await reply(slack, "U1", dm)
    assert answer.ts == ts
    assert answer.plain.startswith("Clear them. Every autumn. That is all. [1]\nSources: [1] Gutters")
    assert answer.pings == []


async def test_pieces_that_come_fast_are_sent_together(slack: Slack, tmp_path: Path) -> None:
    dm, words = slack.dm_of("U1"), [f"word{number} " for number in range(300)]
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine(*words)):
        await slack.say("U1", dm, QUESTION)
        answer = await reply(slack, "U1", dm)
    assert answer.plain.startswith("".join(words).strip())
    assert sum("Stream" in call.method for call in slack.calls) <= 4


@pytest.mark.parametrize("mode", MODES)
async def test_where_slack_knows_no_streams_the_answer_is_posted_whole(slack: Slack, tmp_path: Path, mode: str) -> None:
    slack.streams, dm = False, slack.dm_of("U1")
    async with coaching(slack, tmp_path, mode) as coached:
        ts = await slack.say("U1", dm, QUESTION)
        answer = await reply(slack, "U1", dm)
        assert answer.thread_ts == ts
        assert answer.plain.startswith(f"{ANSWER}\nSources: [1] Gutters")
        assert answer.pings == []
        await slack.click("U1", dm, answer.ts, "feedback", "good")
        assert (await figures(coached)).up == 1
        await idle(coached)
    assert len(said(slack, "U1", dm)) == 1
    assert not answer.edited


@pytest.mark.usefixtures("at_once")
async def test_a_stream_that_grew_too_old_is_completed_in_its_place(slack: Slack, tmp_path: Path) -> None:
    go_on, dm = asyncio.Event(), slack.dm_of("U1")
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine("Clear them. ", go_on, "Every autumn. [1]")):
        await slack.say("U1", dm, QUESTION)
        ts = await begun(slack, dm, "Clear them.")
        slack.pass_time(301)
        go_on.set()
        await slack.until(lambda: any("Prompt version 1" in each.plain for each in said(slack, "U1", dm)))
        (answer,) = said(slack, "U1", dm)
    assert answer.ts == ts
    assert not answer.broken
    assert answer.plain.startswith("Clear them. Every autumn. [1]\nSources: [1] Gutters")


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("error", ["internal_error", "msg_too_long"])
async def test_a_stream_that_breaks_off_is_completed_in_its_place(slack: Slack, tmp_path: Path, error: str) -> None:
    go_on, dm = asyncio.Event(), slack.dm_of("U1")
    slack.fail("chat.appendStream", error=error)
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine("Clear them. ", go_on, "Every autumn. [1]")):
        await slack.say("U1", dm, QUESTION)
        ts = await begun(slack, dm, "Clear them.")
        go_on.set()
        await slack.until(lambda: "Prompt version 1" in slack.seen("U1", dm, ts)[-1].plain, 1.0)
        (answer,) = said(slack, "U1", dm)
    assert answer.ts == ts
    assert answer.plain.startswith("Clear them. Every autumn. [1]\nSources: [1] Gutters")


async def test_an_end_of_a_stream_that_slack_does_not_take_is_shown_in_its_place(slack: Slack, tmp_path: Path) -> None:
    dm = slack.dm_of("U1")
    slack.fail("chat.stopStream", error="internal_error")
    async with coaching(slack, tmp_path, "http"):
        await slack.say("U1", dm, QUESTION)
        answer = await reply(slack, "U1", dm)
    assert len(said(slack, "U1", dm)) == 1
    assert answer.plain.startswith(f"{ANSWER}\nSources: [1] Gutters")


@pytest.mark.usefixtures("at_once")
async def test_a_piece_that_slack_has_no_room_for_goes_along_later(slack: Slack, tmp_path: Path) -> None:
    second, third, dm = asyncio.Event(), asyncio.Event(), slack.dm_of("U1")
    slack.fail("chat.appendStream", retry_after=30)
    engine = ScriptedEngine("Clear them. ", second, "Every autumn. ", third, "That is all.")
    async with coaching(slack, tmp_path, "http", engine=engine):
        await slack.say("U1", dm, QUESTION)
        ts = await begun(slack, dm, "Clear them.")
        second.set()
        await slack.until(lambda: slack.calls[-1].method == "chat.appendStream")
        third.set()
        answer = await reply(slack, "U1", dm)
    assert answer.ts == ts
    assert answer.plain.startswith("Clear them. Every autumn. That is all.")


@pytest.mark.parametrize("mode", MODES)
async def test_an_answer_that_is_another_than_was_streamed_takes_its_place(
    slack: Slack, tmp_path: Path, mode: str
) -> None:
    dm = slack.dm_of("U1")
    engine = ScriptedEngine("Never clear them. ", "It is ", text="Clear them. [1]")
    async with coaching(slack, tmp_path, mode, engine=engine):
        ts = await slack.say("U1", dm, QUESTION)
        await slack.until(lambda: any("Clear them. [1]" in each.plain for each in said(slack, "U1", dm)))
        (answer,) = said(slack, "U1", dm)
    assert answer.thread_ts == ts
    assert answer.plain.startswith("Clear them. [1]\nSources: [1] Gutters")
    assert "Never" not in answer.plain


async def test_another_answer_takes_its_place_although_slack_has_no_room_just_then(
    slack: Slack, tmp_path: Path
) -> None:
    dm = slack.dm_of("U1")
    slack.fail("chat.stopStream", retry_after=1)
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine("Never. ", text="Clear them. [1]")):
        await slack.say("U1", dm, QUESTION)
        await slack.until(lambda: any("Clear them. [1]" in each.plain for each in said(slack, "U1", dm)), 4.0)
        (answer,) = said(slack, "U1", dm)
    assert "Never" not in answer.plain


@pytest.mark.parametrize("streams", [True, False])
async def test_a_very_long_answer_is_shown_to_its_last_word(slack: Slack, tmp_path: Path, *, streams: bool) -> None:
    dm, slack.streams = slack.dm_of("U1"), streams
    words = [f"word{number} " for number in range(4_000)]
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine(*words)) as coached:
        await slack.say("U1", dm, QUESTION)
        await replies(slack, "U1", dm)
        await idle(coached)
        plain = " ".join(each.plain for each in said(slack, "U1", dm))
        assert [f"word{number} " for number in range(4_000) if f"word{number} " not in f"{plain} "] == []
        assert all(not each.broken for each in said(slack, "U1", dm))


async def test_an_answer_full_of_signs_takes_the_place_of_another(slack: Slack, tmp_path: Path) -> None:
    dm = slack.dm_of("U1")
    text = "Clear them & < them > now & soon. " * 85
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine("Never. ", text=text)):
        await slack.say("U1", dm, QUESTION)
        await slack.until(lambda: any("Clear them" in each.plain for each in said(slack, "U1", dm)), 3.0)
        (answer,) = said(slack, "U1", dm)
    assert answer.plain.startswith(text.strip())


# Nothing in it speaks to anybody else.

WRITTEN = re.sub(r"([<>\[\]()*_~`!@#^|])", r"\\\1", NASTY)
"""The same as a lesson's author writes it, so that it is no markup there."""

MARKED_UP = f"""---
title: '{NASTY}'
---

Roofs {WRITTEN} want gutters.

## Autumn {WRITTEN}

Gutters {WRITTEN} fill in autumn.

## Field Language Guide

| Don't say | Do say | Why it matters |
|---|---|---|
| "Gutters {WRITTEN} clear themselves" | "Gutters {WRITTEN} want clearing" | Because {WRITTEN} |
"""


def pings_but_addresses(slack: Slack) -> list[str]:
    """Mentions of anybody, and links that do not show where they lead."""
    return [each for each in pings(slack) if not each.startswith("http://evil")]


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("mode", MODES)
async def test_what_an_engine_writes_mentions_nobody_and_hides_no_link(
    slack: Slack, tmp_path: Path, mode: str, *, streams: bool
) -> None:
    slack.streams = streams
    slack.channel("C1", "U1", "U2")
    text = f"Gutters {NASTY} [1]"
    async with coaching(slack, tmp_path, mode, engine=ScriptedEngine(*text)):
        await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
        answer = await reply(slack, "U1", "C1")
    assert pings_but_addresses(slack) == []
    assert "[x](http://evil)" in answer.plain


@pytest.mark.parametrize("streams", [True, False])
async def test_what_an_engine_writes_links_nowhere(slack: Slack, tmp_path: Path, *, streams: bool) -> None:
    slack.streams, dm = streams, slack.dm_of("U1")
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine("See http://evil now. [1]")) as coached:
        await slack.say("U1", dm, QUESTION)
        await idle(coached)
        answer = await reply(slack, "U1", dm)
    assert answer.pings == []


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    "line",
    [
        NASTY,
        "# a heading",
        "> a quote",
        "a line\n===",
        "a line\n---",
        "a rule\n\n***",
        "    code",
        "~~~\ncode",
        "_slanted_ and __strong__",
        "| a | table |\n|---|---|\n| of | cells |",
        "&lt;!channel&gt; &amp;",
        "<b>strong</b>",
        "a \\* backslash \\",
    ],
)
async def test_what_an_engine_writes_is_shown_as_it_stands(
    slack: Slack, tmp_path: Path, line: str, *, streams: bool
) -> None:
    slack.streams, dm = streams, slack.dm_of("U1")
    text = f"Gutters.\n\n{line}\n\nThat is all. [1]"
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine(*text)) as coached:
        await slack.say("U1", dm, QUESTION)
        await idle(coached)
        answer = await reply(slack, "U1", dm)
    assert [each for each in answer.plain.splitlines() if each][: len(line.split("\n")) + 1] == [
        "Gutters.",
        *filter(None, line.split("\n")),
        *(["That is all. [1]"] if "\n\n" in line else []),
    ]


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("mode", MODES)
async def test_what_a_lesson_holds_mentions_nobody_and_hides_no_link(
    slack: Slack, tmp_path: Path, mode: str, *, streams: bool
) -> None:
    slack.streams = streams
    slack.channel("C1", "U1", "U2")
    dm = slack.dm_of("U1")
    async with coaching(slack, tmp_path, mode, lesson=MARKED_UP):
        await slack.say("U1", "C1", f"<@{BOT_USER}> what fills in autumn?")
        answer = await reply(slack, "U1", "C1")
        assert "autumn" in answer.plain
        await slack.click("U1", "C1", answer.ts, "sources")
        assert NASTY in slack.plain(await opened(slack, "U1"))
        await slack.say("U1", dm, "guide")
        assert NASTY in (await reply(slack, "U1", dm)).plain
        await slack.say("U1", dm, "help")
        assert NASTY in (await replies(slack, "U1", dm, count=2))[1].plain
        await slack.say("U1", dm, "Who won?")
        assert "<!channel>" in (await replies(slack, "U1", dm, count=3))[2].plain
        await slack.command("U1", "C1", "what fills in autumn?")
        await told(slack, "U1", "C1", "in autumn")
        await slack.open_home("U1")
        await slack.until(lambda: slack.home("U1"))
        await slack.open_home("U1", "messages")
        await slack.until(lambda: slack.prompts(dm))
    assert pings_but_addresses(slack) == []
