"""Questions in Teams, from the message to what its author has before them."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from bot.core.admin_commands import ActivateVersion
from tests.piecewise import ENDING, Piecewise, question
from tests.piecewise import told as answer_to
from tests.scripted import ScriptedEngine
from tests.teams.coaching import (
    ADMIN,
    ANA,
    ANSWER,
    BEN,
    FOLLOW_UP,
    NASTY,
    QUESTION,
    STAMP,
    answered,
    asked,
    calls_to,
    chat_of,
    coaching,
    idle,
    person,
    said,
)
from tests.teams.loopback.seen import Cited
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Settings
from tests.teams.loopback.workspace import Json
from tests.teams.serving import MODES, Served

GUTTERS = Cited(1, "roofs · Gutters", "Clear the gutters every autumn.")

# In a personal chat.


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("mode", MODES)
async def test_an_answer_has_its_label_citations_thumbs_and_version(tmp_path: Path, mode: str) -> None:
    settings = Settings(stream_interval=0.0)
    async with Teams(signed=mode == "app", settings=settings) as teams, coaching(teams, tmp_path, mode) as coached:
        answer = await answered(coached, ANA, chat_of(coached), QUESTION)
    assert answer.plain.splitlines() == [ANSWER, STAMP]
    assert answer.citations == (GUTTERS,)
    assert answer.generated
    assert answer.feedback
    assert answer.suggestions == ()
    assert not answer.edited
    assert teams.failures == []


async def test_a_status_is_shown_first_then_the_growing_text_then_the_whole(coached: Served) -> None:
    chat = chat_of(coached)
    await answered(coached, ANA, chat, QUESTION)
    assert [(each.conversation, each.text) for each in coached.teams.statuses] == [(chat, "Reading Gutters …")]
    first, *pieces, last = [call.body for call in coached.teams.calls]
    assert info(first) == {"type": "streaminfo", "streamType": "informative", "streamSequence": 1}
    assert [info(each)["streamSequence"] for each in pieces] == list(range(2, len(pieces) + 2))
    assert {info(each)["streamType"] for each in pieces} == {"streaming"}
    texts = [each["text"] for each in pieces]
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert len(texts) > 2
    assert (last["type"], info(last)["streamType"]) == ("message", "final")
    assert len({info(each)["streamId"] for each in (*pieces, last)}) == 1


async def test_the_last_line_names_the_version_that_served(coached: Served) -> None:
    position = await coached.app.store.log.length("prompts")
    move = ActivateVersion(2, "says where it stands", force=True)
    await coached.app.desk.handle(move, person=person(ADMIN), confirmed=position)
    answer = await answered(coached, ANA, chat_of(coached), QUESTION)
    assert answer.plain.endswith("Prompt version 2 · lessons engine")


async def test_a_personal_chat_is_one_conversation_and_another_persons_another(coached: Served) -> None:
    await answered(coached, ANA, chat_of(coached), QUESTION)
    assert (await answered(coached, ANA, chat_of(coached), FOLLOW_UP)).plain.startswith(ANSWER)
    theirs = await answered(coached, BEN, chat_of(coached, BEN), FOLLOW_UP)
    assert theirs.plain.startswith("The lessons do not answer this. They cover: Roof care.")


async def test_what_the_lessons_do_not_cover_is_told_so_without_sources(coached: Served) -> None:
    answer = await answered(coached, ANA, chat_of(coached), "Who won?")
    assert answer.plain.splitlines() == ["The lessons do not answer this. They cover: Roof care.", STAMP]
    assert answer.citations == ()
    assert answer.generated


async def test_questions_sent_one_after_the_other_are_answered_in_their_order(coached: Served) -> None:
    teams, chat = coached.teams, chat_of(coached)
    await teams.say(ANA, chat, QUESTION)
    for _ in range(3):
        await teams.say(ANA, chat, FOLLOW_UP)
    await idle(coached)
    answers = said(teams, ANA, chat)
    assert [answer.plain.splitlines() for answer in answers] == [[ANSWER, STAMP]] * 4
    assert not any(answer.streaming for answer in answers)


# How an answer grows.


@pytest.mark.usefixtures("at_once")
async def test_an_answer_is_before_its_reader_while_it_is_made(tmp_path: Path, teams: Teams) -> None:
    second, third, chat = asyncio.Event(), asyncio.Event(), teams.personal(ANA)
    engine = ScriptedEngine("Clear them. ", second, "Every autumn. ", third, "That is all. [1]")

    def growing(words: str) -> list[str]:
        return [each.id for each in said(teams, ANA, chat) if each.streaming and each.plain == words]

    async with coaching(teams, tmp_path, engine=engine) as coached:
        await teams.say(ANA, chat, QUESTION)
        await teams.until(lambda: growing("Clear them."))
        id_ = growing("Clear them.")[0]
        second.set()
        await teams.until(lambda: growing("Clear them. Every autumn."))
        third.set()
        await idle(coached)
    (answer,) = said(teams, ANA, chat)
    assert answer.id == id_
    assert answer.plain.splitlines() == ["Clear them. Every autumn. That is all. [1]", STAMP]


@pytest.mark.usefixtures("at_once")
async def test_every_piece_of_a_longer_answer_begins_with_the_one_before(tmp_path: Path, teams: Teams) -> None:
    chat = teams.personal(ANA)
    async with coaching(teams, tmp_path, engine=Piecewise(sentences=6, pieces=30)) as coached:
        answer = await answered(coached, ANA, chat, question("one"))
    pieces = [call.body["text"] for call in calls_to(coached, "stream")]
    assert len(pieces) > 15
    lines = [line for line in answer_to("one", 6).splitlines() if line]
    assert answer.plain.splitlines() == [*lines, STAMP]
    assert ENDING in answer.plain


async def test_pieces_that_come_fast_are_sent_together(
    tmp_path: Path, teams: Teams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.teams.stream.BEFORE_FINAL_SECONDS", 0.0)
    words = [f"word{number} " for number in range(300)]
    async with coaching(teams, tmp_path, engine=ScriptedEngine(*words)) as coached:
        answer = await answered(coached, ANA, teams.personal(ANA), QUESTION)
    assert answer.plain.startswith("".join(words).strip())
    assert len(calls_to(coached, "stream")) <= 2


async def test_the_coach_keeps_teams_own_pace(tmp_path: Path) -> None:
    """Teams takes one piece a second and drops a stream's end that comes too soon after one."""
    async with Teams() as teams, coaching(teams, tmp_path) as coached:
        answer = await answered(coached, ANA, teams.personal(ANA), QUESTION)
        assert answer.plain.splitlines() == [ANSWER, STAMP]
        assert not answer.edited
        assert {call.status for call in teams.calls} <= {201, 202}


@pytest.mark.usefixtures("at_once")
async def test_an_answer_that_is_another_than_was_streamed_takes_its_place(tmp_path: Path, teams: Teams) -> None:
    chat = teams.personal(ANA)
    engine = ScriptedEngine("Never clear them. ", "It is ", text="Clear them. [1]")
    async with coaching(teams, tmp_path, engine=engine) as coached:
        answer = await answered(coached, ANA, chat, QUESTION)
        assert teams.faults
        teams.faults.clear()
    assert answer.plain.splitlines() == ["Clear them. [1]", STAMP]
    assert answer.feedback
    assert answer.citations == (GUTTERS,)


@pytest.mark.usefixtures("at_once")
async def test_a_very_long_answer_is_shown_to_its_last_word(tmp_path: Path, teams: Teams) -> None:
    words = [f"word{number} " for number in range(6_000)]
    steps = ["".join(words[start : start + 200]) for start in range(0, 6_000, 200)]
    async with coaching(teams, tmp_path, engine=ScriptedEngine(*steps)) as coached:
        _, answers = await asked(coached, ANA, teams.personal(ANA), QUESTION)
    assert len(answers) > 1
    assert not any(each.streaming for each in answers)
    plain = " ".join(" ".join(each.plain for each in answers).split())
    assert [word for word in words if word.strip() not in plain.split()] == []
    assert [each.feedback for each in answers] == [True, *[False] * (len(answers) - 1)]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("conversation", ["personal", "group"])
async def test_what_an_engine_writes_is_shown_as_it_stands(tmp_path: Path, teams: Teams, conversation: str) -> None:
    there = teams.personal(ANA) if conversation == "personal" else teams.group("G", ANA, BEN)
    text = f"Gutters {NASTY} indeed. [1]"
    steps = [text[start : start + 5] for start in range(0, len(text), 5)]
    async with coaching(teams, tmp_path, engine=ScriptedEngine(*steps)) as coached:
        answer = await answered(coached, ANA, there, QUESTION)
    assert answer.plain.splitlines() == [text, STAMP]
    assert answer.links == ()


# In group chats and channels.


async def test_in_a_group_chat_a_mention_is_answered_before_everybody_in_one_message(coached: Served) -> None:
    group = coached.teams.group("G", ANA, BEN)
    await answered(coached, ANA, group, QUESTION)
    (answer,) = said(coached.teams, BEN, group)
    assert answer.plain.splitlines() == [ANSWER, STAMP]
    assert answer.citations == (GUTTERS,)
    assert (answer.generated, answer.feedback, answer.edited) == (True, True, False)
    assert [call.operation for call in coached.teams.calls] == ["typing", "send"]


async def test_in_a_channel_the_answer_stands_in_the_thread_of_the_question(coached: Served) -> None:
    teams = coached.teams
    channel = teams.channel("C", ANA, BEN)
    post, (answer,) = await asked(coached, ANA, channel, QUESTION)
    assert answer.thread == f"{channel};messageid={post}"
    assert answer.plain.splitlines() == [ANSWER, STAMP]
    assert [call.operation for call in teams.calls] == ["typing", "send"]
    assert [each.conversation for each in teams.statuses] == [answer.thread]


async def test_a_reply_in_a_channels_thread_is_answered_there(coached: Served) -> None:
    teams = coached.teams
    channel = teams.channel("C", ANA, BEN)
    root = await teams.say(BEN, channel, "Morning all", mention=False)
    _, (answer,) = await asked(coached, ANA, channel, QUESTION, root=root)
    assert answer.thread == f"{channel};messageid={root}"


async def test_follow_ups_belong_to_their_thread(coached: Served) -> None:
    channel = coached.teams.channel("C", ANA, BEN)
    root, _ = await asked(coached, ANA, channel, QUESTION)
    for user in (ANA, BEN):
        _, (answer,) = await asked(coached, user, channel, FOLLOW_UP, root=root)
        assert answer.plain.startswith(ANSWER)
    _, (elsewhere,) = await asked(coached, ANA, channel, FOLLOW_UP)
    assert elsewhere.plain.startswith("The lessons do not answer this.")


async def test_in_a_group_nobody_is_answered_who_did_not_mention_the_coach(coached: Served) -> None:
    teams, group = coached.teams, coached.teams.group("G", ANA, BEN)
    await answered(coached, ANA, group, QUESTION)
    await teams.say(BEN, group, QUESTION, mention=False)
    await idle(coached)
    assert len(said(teams, ANA, group)) == 1


async def test_where_others_are_the_guide_and_help_are_for_all(coached: Served) -> None:
    group = coached.teams.group("G", ANA, BEN)
    assert "Our tiles last sixty years" in (await answered(coached, ANA, group, "guide tiles")).plain
    helped = await answered(coached, BEN, group, "help")
    assert "any question — answered from the lessons" in helped.plain
    assert helped.suggestions == ()
    assert len(said(coached.teams, ANA, group)) == 2


async def test_a_mention_without_words_gets_help(coached: Served) -> None:
    group = coached.teams.group("G", ANA, BEN)
    assert "any question" in (await answered(coached, ANA, group, "")).plain


def info(activity: Json) -> Json:
    """What an activity says of its stream."""
    (found,) = [each for each in activity["entities"] if each["type"] == "streaminfo"]
    return dict(found)
