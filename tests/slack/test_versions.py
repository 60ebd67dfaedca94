"""Versions in Slack: published by a file; their texts, differences and trail read whole, however long."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.admin_commands import ActivateVersion
from tests.fakes import PROMPT
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import Upload
from tests.slack.moving import (
    ACTIVATE,
    ADMIN,
    CHANNEL,
    OTHER,
    REP,
    InMessage,
    Way,
    acts,
    by_command,
    by_message,
    clicked,
    coach_in,
    home_of,
    moved,
    of_coach,
    person,
)
from tests.slack.serving import MODES, Served


@pytest.fixture(params=MODES)
async def coached(request: pytest.FixtureRequest, slack: Slack, tmp_path: Path) -> AsyncIterator[Served]:
    """The small coach with two admins."""
    async with coach_in(slack, tmp_path / "knowledge", request.param) as coached:
        yield coached


FILE = PROMPT.format(note="the third words", rule="Give the best line, briefly — “so” & <so>.")


async def published_by_file(coached: Served, user: str, text: str, name: str, data: bytes) -> str:
    direct = coached.slack.dm_of(user)
    ts = await coached.slack.say(user, direct, text, files=[Upload(name, data)])
    await coached.slack.until(lambda: len(coached.slack.seen(user, direct, ts)) > 1)
    return coached.slack.seen(user, direct, ts)[-1].plain


@pytest.mark.parametrize("name", ["0003.md", "briefer.txt"])
async def test_a_version_is_published_by_a_file_in_a_direct_message_as_it_is(coached: Served, name: str) -> None:
    told = await published_by_file(coached, ADMIN, "prompts publish briefer", name, FILE.encode())
    assert "Version 3 is published. It is not live" in told
    assert await acts(coached.app) == [("published", person(ADMIN), "briefer")]
    standing = await coached.app.history.standing()
    assert (await coached.app.history.publication(standing.versions[3])).source == FILE
    assert standing.live == 1


async def test_a_file_that_is_no_version_is_refused_with_what_is_wrong(coached: Served) -> None:
    told = await published_by_file(coached, ADMIN, "prompts publish briefer", "0003.md", b"Answer briefly.")
    assert "The file cannot be published" in told
    assert not await acts(coached.app)


async def test_a_rep_publishes_nothing(coached: Served) -> None:
    told = await published_by_file(coached, REP, "prompts publish briefer", "0003.md", FILE.encode())
    assert "Only the coach's admins may do that" in told
    assert [act[:2] for act in await acts(coached.app)] == [("denied", person(REP))]


async def test_a_file_that_is_delivered_twice_is_published_once(coached: Served) -> None:
    direct = coached.slack.dm_of(ADMIN)
    ts = await coached.slack.say(ADMIN, direct, "prompts publish briefer", files=[Upload("0003.md", FILE.encode())])
    await coached.slack.redeliver(ts)
    await coached.slack.until(lambda: of_coach(coached.slack, ADMIN, direct))
    await coached.slack.redeliver(ts)
    assert await acts(coached.app) == [("published", person(ADMIN), "briefer")]
    assert len(of_coach(coached.slack, ADMIN, direct)) == 1


LINES = [f"- Rule {number}: say what the lessons say of case {number}, and nothing else." for number in range(900)]
LONG = PROMPT.format(note="every rule", rule="\n".join(LINES))


async def everything(coached: Served, way: Way, written: str, last: str) -> str:
    """All that an admin reads of a long reply, wherever it stands."""
    slack = coached.slack

    def read() -> str:
        places = (CHANNEL, slack.dm_of(ADMIN))
        return "\n".join(each.plain for place in places for each in of_coach(slack, ADMIN, place))

    await way(coached, ADMIN, replace(ACTIVATE, written=written))
    await slack.until(lambda: last in read())
    return read()


@pytest.mark.parametrize("way", [by_command, by_message])
@pytest.mark.parametrize("written", ["prompts show 3", "prompts diff 1 3", "prompts activate 3 long"])
async def test_long_texts_of_versions_come_whole_and_in_order(coached: Served, way: Way, written: str) -> None:
    assert len(LONG) > 60_000
    await coached.app.registry.publish(person(OTHER), LONG, "long")
    text = await everything(coached, way, written, LINES[-1])
    places = [text.rfind(line) for line in LINES]
    assert min(places) >= 0
    assert places == sorted(places)


async def test_a_long_reply_to_a_command_goes_on_in_direct_messages_without_updating_what_is_no_message(
    coached: Served,
) -> None:
    """A response URL takes five messages."""
    await coached.app.registry.publish(person(OTHER), LONG, "long")
    slack, direct = coached.slack, coached.slack.dm_of(ADMIN)
    await everything(coached, by_command, "prompts show 3", LINES[-1])
    posted = {each.ts for place in (CHANNEL, direct) for each in of_coach(slack, ADMIN, place)}
    assert {call.params["ts"] for call in slack.calls if call.method == "chat.update"} <= posted


@pytest.mark.parametrize("way", [by_command, by_message])
async def test_a_long_proposal_has_its_buttons_at_its_end_and_is_confirmed_there(coached: Served, way: Way) -> None:
    await coached.app.registry.publish(person(OTHER), LONG, "long")
    slack, direct = coached.slack, coached.slack.dm_of(ADMIN)
    await way(coached, ADMIN, replace(ACTIVATE, written="prompts activate 3 long"))

    def buttons() -> list[InMessage]:
        return [
            InMessage(slack, ADMIN, place, each.ts)
            for place in (CHANNEL, direct)
            for each in of_coach(slack, ADMIN, place)
            if each.actions
        ]

    await slack.until(buttons)
    (waiting,) = buttons()
    assert "Make version 3 live for everybody in place of version 1" in waiting.text
    await waiting.confirm()
    assert "Version 3 is live" in await waiting.outcome()


async def test_a_long_text_in_a_view_says_where_all_of_it_is(coached: Served) -> None:
    await coached.app.registry.publish(person(OTHER), LONG, "long")
    shown = await clicked(coached.slack, ADMIN, await home_of(coached.slack, ADMIN), "home.show", "3")
    text = coached.slack.plain(shown)
    assert LINES[0] in text
    assert LINES[-1] in text or "There is more than this view can show" in text


@pytest.mark.parametrize("way", [by_command, by_message])
async def test_the_trail_is_read_page_by_page_to_its_beginning(coached: Served, way: Way) -> None:
    notes = [f"{number}: " + "why not " * 60 for number in range(45)]
    for number, note in enumerate(notes):
        await moved(coached.app, ActivateVersion(number=2 - number % 2, note=note))
    last = (await coached.app.history.standing()).length + 1
    written = "prompts log"
    while last > 1:
        last = max(1, last - 20)
        end = f"There are older ones: prompts log {last}" if last > 1 else "1  start published version 1"
        text = await everything(coached, way, written, end)
        written = f"prompts log {last}"
    assert [note for note in notes if note.strip() not in text] == []
