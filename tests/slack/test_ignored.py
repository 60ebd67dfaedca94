"""What the coach hears in Slack and leaves alone, and what becomes of messages that change while it answers."""

import asyncio
import logging
from pathlib import Path

import pytest

from tests.scripted import ScriptedEngine
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_ID, BOT_USER, Json, Upload
from tests.slack.serving import MODES, Served
from tests.slack.watching import (
    ANSWER,
    DRAFT,
    QUESTION,
    coaching,
    idle,
    over_a_socket,
    over_http,
    passed_over,
    reply,
    said,
    taken,
    told,
)

TS = "1700000000.000100"


def message(**more: object) -> Json:
    """A mention in a channel as Slack writes it."""
    return {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U1",
        "team": "T1",
        "ts": TS,
        "event_ts": TS,
        "text": f"<@{BOT_USER}> {QUESTION}",
        **more,
    }


def everywhere(slack: Slack) -> list[str]:
    """All that the coach has said anywhere."""
    return [each.plain for user in slack.users for channel in slack.channels for each in said(slack, user, channel)]


async def test_a_message_that_is_written_as_that_event_is_answered(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1")
    ts = await slack.say("U1", "C1", "Morning")
    await slack.event(message(ts=ts, event_ts=ts), "C1")
    assert ANSWER in (await reply(slack, "U1", "C1")).plain, "or the tests below see nothing"


@over_http
@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"bot_id": "B2", "app_id": "A2", "user": "UAPP"}, "bot"),
        ({"bot_id": "B2", "user": "U1"}, "bot"),
        ({"subtype": "bot_message", "bot_id": "B2", "user": None, "username": "news"}, "subtype"),
        ({"user": "USLACKBOT"}, "bot"),
        ({"user": None}, "bot"),
        ({"subtype": "channel_join"}, "subtype"),
        ({"subtype": "channel_topic"}, "subtype"),
        ({"subtype": "me_message"}, "subtype"),
        ({"subtype": "reminder_add"}, "subtype"),
        ({"subtype": "tombstone", "hidden": True}, "subtype"),
        ({"edited": {"user": "U1", "ts": TS}}, "subtype"),
        ({"hidden": True}, "subtype"),
        ({"team": "T2", "user_team": "T2", "source_team": "T2"}, "outsider"),
        ({"text": QUESTION}, "not addressed"),
        ({"text": "<@U2> " + QUESTION}, "not addressed"),
        ({"text": "<!channel> " + QUESTION}, "not addressed"),
        ({"text": QUESTION, "thread_ts": "1600000000.000100"}, "not addressed"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["message", "app_mention"])
async def test_what_is_no_persons_message_to_the_coach_is_passed_over(
    coached: Served, more: Json, why: str, kind: str
) -> None:
    slack = coached.slack
    slack.channel("C1", "U1")
    delivered = await slack.event(message(**{**more, "type": kind}), "C1")
    assert delivered
    assert delivered.status == 200
    await idle(coached)
    assert everywhere(slack) == []
    assert taken(coached) == 0
    assert passed_over(coached) == {why: 1}
    assert [call.method for call in slack.calls if call.method != "auth.test"] == []


@over_http
@pytest.mark.parametrize("kind", ["message", "app_mention"])
@pytest.mark.parametrize("theirs", ["T2", "E2"])
async def test_who_is_delivered_by_this_workspace_and_belongs_to_another_company_is_passed_over(
    coached: Served, kind: str, theirs: str
) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", is_ext_shared=True)
    await slack.event(message(type=kind, team="T1", user_team=theirs, source_team=theirs), "C1")
    await idle(coached)
    assert everywhere(slack) == []
    assert passed_over(coached) == {"outsider": 1}


async def test_the_coach_does_not_answer_itself(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    slack.channel("C1", "U1")
    await slack.say("U1", dm, QUESTION)
    await reply(slack, "U1", dm)
    await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    await reply(slack, "U1", "C1")
    await idle(coached)
    assert slack.settings.echo
    assert (len(said(slack, "U1", dm)), len(said(slack, "U1", "C1"))) == (1, 1)
    assert taken(coached) == 2


@over_http
@pytest.mark.parametrize("kind", ["message", "app_mention"])
async def test_what_the_coach_is_said_to_have_written_is_passed_over_in_any_shape(coached: Served, kind: str) -> None:
    slack = coached.slack
    slack.channel("C1", "U1")
    for more in ({"user": BOT_USER}, {"user": BOT_USER, "bot_id": BOT_ID}, {"bot_id": BOT_ID, "user": None}):
        await slack.event(message(**more, type=kind), "C1")
    await idle(coached)
    assert everywhere(slack) == []
    assert taken(coached) == 0


async def test_an_edit_gets_no_second_answer(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    ts = await slack.say("U1", dm, QUESTION)
    before = await reply(slack, "U1", dm)
    await slack.edit("U1", dm, ts, "How do roofs last thirty years?")
    await idle(coached)
    assert said(slack, "U1", dm) == [before]
    assert taken(coached) == 1


async def test_a_mention_that_is_edited_into_a_message_is_not_answered(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1")
    ts = await slack.say("U1", "C1", QUESTION)
    await slack.edit("U1", "C1", ts, f"<@{BOT_USER}> {QUESTION}")
    await idle(coached)
    assert everywhere(slack) == []


async def test_a_draft_that_is_edited_is_not_reviewed_again(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    ts = await slack.say("U1", dm, DRAFT)
    await told(slack, "U1", dm, "Rewritten draft")
    await slack.edit("U1", dm, ts, DRAFT.replace("Monday", "Tuesday"))
    await idle(coached)
    assert len(said(slack, "U1", dm)) == 2


async def test_a_deletion_is_left_alone(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    ts = await slack.say("U1", dm, QUESTION)
    before = await reply(slack, "U1", dm)
    await slack.delete("U1", dm, ts)
    await idle(coached)
    assert said(slack, "U1", dm) == [before]
    assert taken(coached) == 1


@pytest.mark.parametrize("streams", [True, False])
async def test_a_question_that_is_deleted_while_it_is_answered_brings_nothing_into_its_channel(
    slack: Slack, tmp_path: Path, *, streams: bool
) -> None:
    slack.streams = streams
    go_on = asyncio.Event()
    slack.channel("C1", "U1", "U2")
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine(go_on, ANSWER)) as coached:
        ts = await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
        await slack.until(lambda: slack.status_log)
        await slack.delete("U1", "C1", ts)
        go_on.set()
        await idle(coached)
        assert await coached.app.store.inbox.dead(limit=1) == ()
    assert said(slack, "U2", "C1") == []


@pytest.mark.parametrize("streams", [True, False])
async def test_a_direct_question_that_is_deleted_while_it_is_answered_is_answered_once_at_most(
    slack: Slack, tmp_path: Path, *, streams: bool
) -> None:
    slack.streams, dm = streams, slack.dm_of("U1")
    go_on = asyncio.Event()
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine(go_on, ANSWER)) as coached:
        ts = await slack.say("U1", dm, QUESTION)
        await slack.until(lambda: slack.status_log)
        await slack.delete("U1", dm, ts)
        go_on.set()
        await idle(coached)
        assert await coached.app.store.inbox.dead(limit=1) == ()
    assert len(said(slack, "U1", dm)) <= 1


async def test_members_of_another_company_get_nothing_whatever_they_do(coached: Served) -> None:
    slack = coached.slack
    slack.user("UOUT", team="T2")
    slack.channel("C1", "U1", "UOUT", is_ext_shared=True)
    ts = await slack.say("UOUT", "C1", f"<@{BOT_USER}> {QUESTION}")
    await slack.say("UOUT", "C1", QUESTION, thread_ts=ts)
    await slack.say("UOUT", "C1", f"<@{BOT_USER}> review {DRAFT}", files=[Upload("x.txt", DRAFT.encode())])
    await slack.say("UOUT", slack.dm_of("UOUT"), QUESTION)
    await idle(coached)
    assert everywhere(slack) == []
    assert taken(coached) == 0
    assert set(passed_over(coached)) == {"outsider"}


@over_a_socket
async def test_a_member_of_another_company_does_not_open_a_thread_to_others(coached: Served) -> None:
    slack = coached.slack
    slack.user("UOUT", team="T2")
    slack.channel("C1", "U1", "UOUT", is_ext_shared=True)
    ts = await slack.say("UOUT", "C1", f"<@{BOT_USER}> {QUESTION}")
    await slack.say("U1", "C1", QUESTION, thread_ts=ts)
    await idle(coached)
    assert everywhere(slack) == []


async def test_guests_of_the_workspace_are_members(coached: Served) -> None:
    slack = coached.slack
    slack.user("UGUEST", is_restricted=True)
    await slack.say("UGUEST", slack.dm_of("UGUEST"), QUESTION)
    assert ANSWER in (await reply(slack, "UGUEST", slack.dm_of("UGUEST"))).plain


async def test_an_event_of_another_workspace_is_refused_and_not_sent_again(slack: Slack, tmp_path: Path) -> None:
    slack.channel("C1", "U1")
    async with coaching(slack, tmp_path, "http") as coached:
        event = {"type": "event_callback", "event_id": "Ev1", "event": message(team="T9"), "team_id": "T9"}
        assert await slack.deliver_raw(event) == 403
        (measures,) = coached.platforms.measures()
        assert dict(measures.refused) == {"workspace": 1}
        await idle(coached)
    assert everywhere(slack) == []


async def test_what_nobody_signed_is_refused(slack: Slack, tmp_path: Path) -> None:
    slack.channel("C1", "U1")
    async with coaching(slack, tmp_path, "http") as coached:
        event = {"type": "event_callback", "event_id": "Ev1", "event": message(), "team_id": "T1"}
        assert await slack.deliver_raw(event, signature="v0=forged") == 401
        assert await slack.deliver_raw(event, timestamp="1000") == 401
        (measures,) = coached.platforms.measures()
        assert dict(measures.refused) == {"signature": 2}
        await idle(coached)
    assert everywhere(slack) == []


@over_http
@pytest.mark.parametrize("kind", ["reaction_added", "member_joined_channel", "assistant_thread_started"])
async def test_events_that_the_coach_knows_nothing_of_are_acknowledged(coached: Served, kind: str) -> None:
    slack = coached.slack
    slack.channel("C1", "U1")
    delivered = await slack.event({"type": kind, "user": "U1", "channel": "C1", "event_ts": TS}, "C1")
    assert delivered
    assert delivered.status == 200
    await idle(coached)
    assert everywhere(slack) == []


@pytest.mark.parametrize("mode", MODES)
async def test_what_is_passed_over_is_neither_kept_nor_logged(
    slack: Slack, tmp_path: Path, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.channel("C1", "U1", "U2")
    with caplog.at_level(logging.DEBUG):
        async with coaching(slack, tmp_path, mode) as coached:
            ts = await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
            await reply(slack, "U1", "C1")
            await slack.say("U1", "C1", "Between us: marzipan", thread_ts=ts)
            await slack.say("U2", "C1", "Who took the marzipan?", thread_ts=ts)
            await slack.say("U2", "C1", "marzipan")
            await idle(coached)
            state = tmp_path / "knowledge-state"
            assert not any(b"marzipan" in each.read_bytes() for each in state.iterdir() if each.is_file())
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("bot", "slack"))]
    assert not any("marzipan" in line for line in ours)
