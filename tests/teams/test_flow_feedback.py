"""The thumbs below an answer in Teams, and what is written with them."""

import asyncio
import json

from tests.teams.coaching import (
    ANA,
    BEN,
    DRAFT,
    QUESTION,
    answered,
    chat_of,
    figures,
    logged,
    person,
    said,
)
from tests.teams.serving import Served

COMMENTS = "comments"


async def rated(coached: Served) -> tuple[int, int]:
    did = await figures(coached)
    return did.up, did.down


async def test_a_thumb_counts_once_and_can_be_turned(coached: Served) -> None:
    answer = await answered(coached, ANA, chat_of(coached), QUESTION)
    for _ in range(2):
        delivered = await coached.teams.react(ANA, answer.id, "like")
        assert (delivered.status, delivered.body) == (200, {})
    assert await rated(coached) == (1, 0)
    await coached.teams.react(ANA, answer.id, "dislike")
    assert await rated(coached) == (0, 1)
    assert await logged(coached, COMMENTS) == []
    assert said(coached.teams, ANA, chat_of(coached)) == [answer]


async def test_thumbs_at_the_same_moment_count_once(coached: Served) -> None:
    answer = await answered(coached, ANA, chat_of(coached), QUESTION)
    await asyncio.gather(*(coached.teams.react(ANA, answer.id, "like") for _ in range(4)))
    assert await rated(coached) == (1, 0)


async def test_what_is_written_with_a_thumb_is_kept_without_who_wrote_it(coached: Served) -> None:
    answer = await answered(coached, ANA, chat_of(coached), QUESTION)
    await coached.teams.react(ANA, answer.id, "dislike", "  It does not say <how>.\n")
    (comment,) = await logged(coached, COMMENTS)
    assert (comment["reaction"], comment["text"]) == ("down", "It does not say <how>.")
    assert person(ANA) not in json.dumps(comment)
    assert await rated(coached) == (0, 1)


async def test_each_answer_of_a_chat_is_rated_by_itself(coached: Served) -> None:
    first, second = [await answered(coached, ANA, chat_of(coached), QUESTION) for _ in range(2)]
    await coached.teams.react(ANA, first.id, "like")
    await coached.teams.react(ANA, second.id, "dislike")
    assert await rated(coached) == (1, 1)


async def test_a_comment_that_is_delivered_again_is_kept_once(coached: Served) -> None:
    answer = await answered(coached, ANA, chat_of(coached), QUESTION)
    for text in ("Good", "Good"):
        await coached.teams.react(ANA, answer.id, "like", text)
        await coached.teams.redeliver(coached.teams.invokes[-1]["id"])
    assert [each["text"] for each in await logged(coached, COMMENTS)] == ["Good", "Good"], "said twice, kept twice"


async def test_in_a_group_chat_the_askers_thumb_counts_and_what_anybody_writes_is_kept(coached: Served) -> None:
    group = coached.teams.group("G", ANA, BEN)
    answer = await answered(coached, ANA, group, QUESTION)
    await coached.teams.react(BEN, answer.id, "dislike", "Not here")
    await coached.teams.react(BEN, answer.id, "dislike")
    assert await rated(coached) == (0, 0)
    (comment,) = await logged(coached, COMMENTS)
    assert (comment["reaction"], comment["text"]) == ("down", "Not here")
    assert person(BEN) not in json.dumps(comment)
    await coached.teams.react(ANA, answer.id, "like")
    assert await rated(coached) == (1, 0)
    assert coached.teams.failures == []


async def test_in_a_channels_thread_an_answer_is_rated_too(coached: Served) -> None:
    answer = await answered(coached, ANA, coached.teams.channel("C", ANA, BEN), QUESTION)
    await coached.teams.react(ANA, answer.id, "like", "Good")
    assert await rated(coached) == (1, 0)
    assert [each["text"] for each in await logged(coached, COMMENTS)] == ["Good"]


async def test_a_thumb_counts_as_long_as_its_thread_is_remembered_and_words_as_long_as_the_answer_is_known(
    coached: Served,
) -> None:
    answer = await answered(coached, ANA, chat_of(coached), QUESTION)
    await coached.app.store.threads.forget(person(ANA))
    for text in ("Late", "Too late"):
        delivered = await coached.teams.react(ANA, answer.id, "like", text)
        assert (delivered.status, delivered.body) == (200, {})
        await coached.app.store.records.forget(person(ANA))
    assert await rated(coached) == (0, 0)
    assert [each["text"] for each in await logged(coached, COMMENTS)] == ["Late"]


async def test_a_review_has_no_thumbs(coached: Served) -> None:
    assert not (await answered(coached, ANA, chat_of(coached), DRAFT)).feedback


async def test_feedback_on_a_message_that_is_no_answer_counts_nowhere(coached: Served) -> None:
    chat = chat_of(coached)
    answer = await answered(coached, ANA, chat, QUESTION)
    helped = await answered(coached, ANA, chat, "help")
    value = {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": '{"feedbackText": "Well"}'}}
    for message in (helped.id, "1700000000000", "", f"{answer.id}x"):
        delivered = await coached.teams.invoke(ANA, chat, "message/submitAction", value, reply_to=message)
        assert (delivered.status, delivered.body) == (200, {})
    assert await rated(coached) == (0, 0)
    assert await logged(coached, COMMENTS) == []


async def test_feedback_from_another_conversation_counts_nowhere(coached: Served) -> None:
    answer = await answered(coached, ANA, chat_of(coached), QUESTION)
    group = coached.teams.group("G", ANA, BEN)
    value = {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": "{}"}}
    await coached.teams.invoke(ANA, group, "message/submitAction", value, reply_to=answer.id)
    assert await rated(coached) == (0, 0)
