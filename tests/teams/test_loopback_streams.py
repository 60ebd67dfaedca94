"""The loopback Teams streams as the real one does: to one person, in sequence, whole texts, for two minutes."""

from collections.abc import AsyncIterator

import pytest

from tests.teams.loopback.caller import Answer, Caller
from tests.teams.loopback.entity_rules import MESSAGE
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import BOT, Json

ANA = "Ana"
LABEL: Json = {
    "type": MESSAGE,
    "@type": "Message",
    "@context": "https://schema.org",
    "@id": "",
    "additionalType": ["AIGeneratedContent"],
}


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams() as teams:
        yield teams


@pytest.fixture
async def app(teams: Teams) -> AsyncIterator[Caller]:
    async with Caller(teams) as caller:
        yield caller


@pytest.fixture
def chat(teams: Teams) -> str:
    return teams.personal(ANA)


def said(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.message


async def test_an_answer_is_announced_grows_and_ends_with_its_label(teams: Teams, app: Caller, chat: str) -> None:
    begun = await app.stream(chat, "Looking", "informative", sequence=1)
    assert begun.status == 201
    assert [each.text for each in teams.statuses] == ["Looking"]
    teams.pass_time(1)
    assert said(await app.stream(chat, "**So**", "streaming", sequence=2, stream=begun.id)) == (202, "")
    (growing,) = teams.seen(ANA, chat)
    assert (growing.plain, growing.streaming, growing.generated) == ("So", True, False)
    teams.pass_time(1)
    data = {"feedbackLoop": {"type": "default"}}
    ended = await app.stream(chat, "**So** it is", "final", stream=begun.id, entities=[LABEL], channelData=data)
    assert ended.status == 202
    (seen,) = teams.seen(ANA, chat)
    assert (seen.id, seen.author, seen.plain) == (begun.id, BOT, "So it is")
    assert (seen.streaming, seen.generated, seen.feedback, seen.edited) == (False, True, True, False)
    again = await app.stream(chat, "**So** it is", "final", stream=begun.id)
    assert said(again) == (403, "Content stream is not allowed on an already completed streamed message")


async def test_a_stream_is_for_one_person(teams: Teams, app: Caller) -> None:
    for place in (teams.group("all", ANA, "Ben"), teams.channel("sales", ANA)):
        refused = await app.stream(place, "Looking", "informative", sequence=1)
        assert (refused.status, refused.code) == (403, "ContentStreamNotAllowed")


async def test_a_chat_has_one_stream_at_a_time(teams: Teams, app: Caller, chat: str) -> None:
    first = await app.stream(chat, "Looking", "informative", sequence=1)
    assert said(await app.stream(chat, "Looking", "informative", sequence=1)) == (403, "Content stream is not allowed")
    await app.stream(chat, "So it is", "final", stream=first.id)
    assert (await app.stream(chat, "Looking", "informative", sequence=1)).status == 201
    teams.pass_time(121)
    assert (await app.stream(chat, "Looking", "informative", sequence=1)).status == 201


async def test_a_piece_that_comes_too_late_in_the_sequence_is_dropped(teams: Teams, app: Caller, chat: str) -> None:
    refused = await app.stream(chat, "Looking", "informative", sequence=2)
    assert (refused.status, refused.code) == (400, "BadRequest")
    begun = await app.stream(chat, "So", "streaming", sequence=1)
    teams.pass_time(1)
    dropped = await app.stream(chat, "So it", "streaming", sequence=1, stream=begun.id)
    assert (dropped.status, dropped.code) == (202, "ContentStreamSequenceOrderPreConditionFailed")
    assert [each.plain for each in teams.seen(ANA, chat)] == ["So"]
    assert len(teams.faults) == 1
    await app.stream(chat, "So it", "streaming", sequence=3, stream=begun.id)
    assert [each.plain for each in teams.seen(ANA, chat)] == ["So it"]
    assert len(teams.faults) == 2


async def test_a_stream_takes_a_piece_a_second(teams: Teams, app: Caller, chat: str) -> None:
    begun = await app.stream(chat, "So", "streaming", sequence=1)
    refused = await app.stream(chat, "So it", "streaming", sequence=2, stream=begun.id)
    assert said(refused) == (429, "API calls quota exceeded")
    teams.pass_time(1)
    assert (await app.stream(chat, "So it", "streaming", sequence=2, stream=begun.id)).status == 202
    assert (await app.stream(chat, "So it is", "final", stream=begun.id)).status == 202


async def test_what_was_streamed_has_to_stay(teams: Teams, app: Caller, chat: str) -> None:
    begun = await app.stream(chat, "So it ", "streaming", sequence=1)
    teams.pass_time(1)
    words = "Request streamed content should contain the previously streamed content."
    assert said(await app.stream(chat, "Other", "streaming", sequence=2, stream=begun.id)) == (403, words)
    assert said(await app.stream(chat, "Other", "final", stream=begun.id)) == (403, words)
    assert (await app.stream(chat, "So it", "final", stream=begun.id)).status == 202
    assert len(teams.faults) == 2


async def test_a_stream_lasts_two_minutes_and_its_message_can_then_be_replaced(
    teams: Teams, app: Caller, chat: str
) -> None:
    begun = await app.stream(chat, "So", "streaming", sequence=1)
    teams.pass_time(121)
    words = "Content stream finished due to exceeded streaming time."
    assert said(await app.stream(chat, "So it", "streaming", sequence=2, stream=begun.id)) == (403, words)
    assert said(await app.stream(chat, "So it is", "final", stream=begun.id)) == (403, words)
    assert (await app.update(chat, begun.id, "All of it")).status == 200
    (seen,) = teams.seen(ANA, chat)
    assert (seen.plain, seen.streaming) == ("All of it", False)


async def test_a_stream_that_its_reader_stopped_stays_as_it_is(teams: Teams, app: Caller, chat: str) -> None:
    with pytest.raises(LookupError):
        teams.stop_stream(ANA, chat)
    begun = await app.stream(chat, "So", "streaming", sequence=1)
    teams.pass_time(1)
    teams.stop_stream(ANA, chat)
    words = "Content stream was canceled by user."
    assert said(await app.stream(chat, "So it", "streaming", sequence=2, stream=begun.id)) == (403, words)
    assert said(await app.stream(chat, "So it is", "final", stream=begun.id)) == (403, words)
    assert said(await app.update(chat, begun.id, "All of it")) == (403, words)
    (seen,) = teams.seen(ANA, chat)
    assert (seen.plain, seen.stopped, seen.streaming) == ("So", True, False)


@pytest.mark.parametrize(
    "more",
    [
        {"attachments": [{"contentType": "text/plain"}]},
        {"channelData": {"feedbackLoop": {"type": "default"}}},
        {"entities": [LABEL]},
        {"suggestedActions": {"actions": []}, "type": "message"},
    ],
)
async def test_only_the_end_of_a_stream_has_more_than_text(app: Caller, chat: str, more: Json) -> None:
    refused = await app.stream(chat, "So", "streaming", sequence=1, **more)
    assert (refused.status, refused.code) == (400, "BadRequest")


async def test_pieces_have_text_and_the_end_has_no_sequence(teams: Teams, app: Caller, chat: str) -> None:
    assert said(await app.stream(chat, "", "streaming", sequence=1)) == (
        400,
        "Start streaming activities should include text",
    )
    assert (await app.stream(chat, "x" * 1_001, "informative", sequence=1)).status == 400
    assert (await app.stream(chat, "x" * 60_000, "streaming", sequence=1)).message == "Message size too large"
    begun = await app.stream(chat, "x" * 1_000, "informative", sequence=1)
    assert begun.status == 201
    teams.pass_time(1)
    assert (await app.stream(chat, "So", "streaming", stream=begun.id)).status == 400
    assert (await app.stream(chat, "So", "final", stream=begun.id, sequence=2)).status == 400
    assert (await app.stream(chat, "So", "final", stream="1")).code == "ActivityNotFoundInConversation"
    assert (await app.stream(chat, "So", "final")).status == 400
    empty = await app.stream(chat, "", "final", stream=begun.id, attachments=[{"contentType": "text/plain"}])
    assert said(empty) == (400, "End streaming activities should include text")


async def test_a_teams_without_streams_refuses_them(teams: Teams, app: Caller, chat: str) -> None:
    teams.settings.streams = False
    assert said(await app.stream(chat, "So", "streaming", sequence=1)) == (403, "Content stream is not allowed")
