"""What the coach hears in Teams and leaves alone."""

import asyncio
from pathlib import Path

import pytest

from tests.scripted import ScriptedEngine
from tests.teams.coaching import (
    ANA,
    ANSWER,
    BEN,
    QUESTION,
    answered,
    chat_of,
    coaching,
    idle,
    passed_over,
    said,
    taken,
)
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import APP_ID, BOT, TENANT, Json, oid
from tests.teams.serving import Served

ELSEWHERE = "0d9ad6b6-7c54-4b1e-9d3e-5b2a0c1f7e55"
"""Another company's tenant."""


async def written(coached: Served, conversation: str, **changed: object) -> None:
    """Delivers what Ana writes there, changed; nothing that is passed over needs to be sent again."""
    teams = coached.teams
    activity: Json = {**teams.delivered(await said_aside(coached, conversation)), "id": "1700000000000", **changed}
    assert await teams.post_raw(activity) == 200
    await idle(coached)


async def said_aside(coached: Served, conversation: str) -> str:
    """A message of Ana's that is answered before anything else happens."""
    id_ = await coached.teams.say(ANA, conversation, QUESTION)
    await idle(coached)
    return id_


async def test_an_edited_message_is_not_answered_anew(coached: Served) -> None:
    chat = chat_of(coached)
    id_ = await said_aside(coached, chat)
    await coached.teams.edit(ANA, id_, "How about tiles?")
    await idle(coached)
    assert len(said(coached.teams, ANA, chat)) == 1
    assert passed_over(coached) == {"no message": 1}


async def test_a_deleted_message_is_no_message(coached: Served) -> None:
    chat = chat_of(coached)
    id_ = await said_aside(coached, chat)
    await coached.teams.delete(ANA, id_)
    await idle(coached)
    assert [each.plain.splitlines()[0] for each in said(coached.teams, ANA, chat)] == [ANSWER]
    assert passed_over(coached) == {"no message": 1}


async def test_an_emoji_below_an_answer_is_no_feedback(coached: Served) -> None:
    chat = chat_of(coached)
    answer = await answered(coached, ANA, chat, QUESTION)
    await coached.teams.like(ANA, answer.id)
    await idle(coached)
    assert len(said(coached.teams, ANA, chat)) == 1
    assert passed_over(coached) == {"no message": 1}


@pytest.mark.parametrize("event", ["editMessage", "softDeleteMessage"])
@pytest.mark.usefixtures("at_once")
async def test_a_question_that_is_changed_while_it_is_answered_is_answered_once(
    tmp_path: Path, teams: Teams, event: str
) -> None:
    go_on, chat = asyncio.Event(), teams.personal(ANA)
    async with coaching(teams, tmp_path, engine=ScriptedEngine("Clear ", go_on, "them. [1]")) as coached:
        id_ = await teams.say(ANA, chat, QUESTION)
        await teams.until(lambda: any(each.streaming for each in said(teams, ANA, chat)))
        await (teams.edit(ANA, id_, "Never mind") if event == "editMessage" else teams.delete(ANA, id_))
        await teams.settled()
        go_on.set()
        await idle(coached)
        (answer,) = said(teams, ANA, chat)
    assert answer.plain.startswith("Clear them. [1]")
    assert not answer.streaming


@pytest.mark.parametrize(
    "author",
    [
        {"id": BOT, "name": "Field Coach"},
        {"id": f"28:{ELSEWHERE}", "name": "Another bot"},
        {"id": "29:1x", "aadObjectId": oid(ANA), "role": "bot"},
        {"id": APP_ID, "aadObjectId": oid(ANA)},
    ],
    ids=["itself", "another", "by its role", "by its app"],
)
@pytest.mark.parametrize("kind", ["personal", "group"])
async def test_what_bots_write_is_not_answered(coached: Served, author: Json, kind: str) -> None:
    there = chat_of(coached) if kind == "personal" else coached.teams.group("G", ANA, BEN)
    await written(coached, there, **{"from": author})
    assert len(said(coached.teams, ANA, there)) == 1
    assert passed_over(coached) == {"bot": 1}


@pytest.mark.parametrize(
    "author",
    [
        {"id": "29:1guest", "aadObjectId": oid(BEN), "tenantId": ELSEWHERE},
        {"id": "29:1anonymous", "name": "By a link"},
        {"id": "29:1anonymous", "aadObjectId": ""},
    ],
    ids=["another company's", "nobody known", "without an id"],
)
async def test_who_is_of_another_company_or_of_none_is_not_answered(coached: Served, author: Json) -> None:
    group = coached.teams.group("G", ANA, BEN)
    await written(coached, group, **{"from": author})
    assert len(said(coached.teams, ANA, group)) == 1
    assert passed_over(coached) == {"outsider": 1}


@pytest.mark.parametrize("data", [{"type": "shared"}, {"type": "Shared"}])
async def test_in_a_shared_channel_who_does_not_show_their_company_is_not_answered(coached: Served, data: Json) -> None:
    channel = coached.teams.channel("C", ANA, BEN)
    channel_data = {"tenant": {"id": TENANT}, "channel": {"id": channel, **data}}
    await written(coached, channel, channelData=channel_data)
    assert len(said(coached.teams, ANA, channel)) == 1
    assert passed_over(coached) == {"outsider": 1}


async def test_in_a_shared_channel_a_member_is_answered_in_their_personal_chat(coached: Served) -> None:
    channel, chat = coached.teams.channel("C", ANA, BEN), chat_of(coached)
    channel_data = {
        "tenant": {"id": TENANT},
        "channel": {"id": channel, "type": "shared"},
        "membershipSource": {"tenantId": TENANT, "sourceType": "channel"},
    }
    await written(coached, channel, channelData=channel_data)
    (answer,) = said(coached.teams, ANA, chat)
    assert answer.plain.startswith(ANSWER)
    assert [each.plain.splitlines()[0] for each in said(coached.teams, BEN, channel)] == [
        ANSWER,
        "It is in your personal chat with the coach.",
    ]


async def test_another_companys_tenant_is_refused_at_the_door(coached: Served) -> None:
    activity = coached.teams.delivered(await said_aside(coached, chat_of(coached)))
    theirs = {**activity, "id": "1700000000000", "channelData": {"tenant": {"id": ELSEWHERE}}}
    assert await coached.teams.post_raw(theirs) == 401
    assert dict(coached.channel.measures().refused) == {"tenant": 1}
    assert taken(coached) == 1


@pytest.mark.parametrize("kind", ["typing", "endOfConversation", "event", "messageReaction", "trace", "nonsense"])
async def test_other_activities_are_passed_over(coached: Served, kind: str) -> None:
    await written(coached, chat_of(coached), type=kind)
    assert taken(coached) == 1
    assert passed_over(coached) == {"no message": 1}


@pytest.mark.parametrize("kind", ["group", "channel"])
async def test_where_others_are_the_coach_says_nothing_when_it_is_added(coached: Served, kind: str) -> None:
    there = getattr(coached.teams, kind)("X", ANA, BEN)
    added: list[Json] = [
        {"type": "installationUpdate", "action": "add"},
        {"type": "conversationUpdate", "membersAdded": [{"id": BOT}]},
        {"type": "conversationUpdate", "membersAdded": [{"id": "29:1x", "aadObjectId": oid(BEN)}]},
    ]
    for changed in added:
        await written(coached, there, **changed)
    assert {each.plain.splitlines()[0] for each in said(coached.teams, ANA, there)} == {ANSWER}
    assert passed_over(coached) == {"not addressed": 2, "no message": 1}


async def test_a_message_that_is_delivered_again_is_answered_once(coached: Served) -> None:
    for there in (chat_of(coached), coached.teams.group("G", ANA, BEN)):
        id_ = await coached.teams.say(ANA, there, QUESTION)
        await coached.teams.redeliver(id_)
        await idle(coached)
        await coached.teams.redeliver(id_)
        await idle(coached)
        assert len(said(coached.teams, ANA, there)) == 1
    assert (taken(coached), coached.channel.measures().duplicates) == (2, 4)
