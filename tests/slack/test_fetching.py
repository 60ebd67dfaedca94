"""Files whose download goes wrong: one clear line where trying again is no use, patience where it is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.core.observing import Ending
from bot.core.worker import MAX_FAILURES
from tests.onlooker import Onlooker
from tests.piecewise import Piecewise
from tests.slack.loopback.files import FileServer
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import Upload
from tests.slack.serving import Served
from tests.slack.under_fire import ended, under_fire
from tests.slack.watching import DRAFT, REWRITTEN, boxes, said

DM = "DU1"


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Statuses that Slack answers downloads with in place of the file, one each."""
    statuses: list[int] = []
    download = FileServer._download

    async def refusing(server: FileServer, request: web.Request) -> web.StreamResponse:
        if statuses:
            return web.Response(status=statuses.pop(0), headers={"Retry-After": "1"})
        return await download(server, request)

    monkeypatch.setattr(FileServer, "_download", refusing)
    return statuses


@pytest.fixture
async def slack(refusals: list[int]) -> AsyncIterator[Slack]:  # noqa: ARG001 - put in place before Slack is
    async with Slack() as slack:
        yield slack


@pytest.fixture
async def coached(slack: Slack, tmp_path: Path) -> AsyncIterator[Served]:
    slack.dm_of("U1")
    async with under_fire(slack, tmp_path, Piecewise()) as coached:
        yield coached


@pytest.mark.parametrize("status", [429, 503])
async def test_a_file_that_slack_does_not_give_out_just_now_is_waited_for(
    coached: Served, refusals: list[int], status: int
) -> None:
    slack = coached.slack
    refusals.extend([status] * (MAX_FAILURES - 1))
    await slack.say("U1", DM, "review", files=[Upload("draft.txt", DRAFT.encode())])
    await slack.until(lambda: not refusals)
    assert (await ended(coached)).dead == 0
    shown = said(slack, "U1", DM)
    assert not any("not given out" in each.plain for each in shown)
    assert boxes(shown[-1]) == [REWRITTEN]


async def test_limits_of_downloads_count_as_no_failures(coached: Served, refusals: list[int]) -> None:
    onlooker = Onlooker(coached.app.observers)
    refusals.append(429)
    await coached.slack.say("U1", DM, "review", files=[Upload("draft.txt", DRAFT.encode())])
    await coached.slack.until(lambda: not refusals)
    assert (await ended(coached)).dead == 0
    assert [each.ending for each in onlooker.attempts] == [Ending.WAITS, Ending.ANSWERED]
    assert onlooker.attempts[0].reason == "file: status 429"


@pytest.mark.parametrize("status", [302, 404])
async def test_a_file_that_slack_refuses_is_said_in_one_line(coached: Served, refusals: list[int], status: int) -> None:
    refusals.append(status)
    await coached.slack.say("U1", DM, "review", files=[Upload("draft.txt", DRAFT.encode())])
    assert (await ended(coached)).dead == 0
    (shown,) = said(coached.slack, "U1", DM)
    assert shown.plain == "“draft.txt” is not given out by Slack: paste its text instead."


@pytest.mark.parametrize(
    "url",
    [
        "https://[x",
        "https://files.slack.com@evil.example/x",
        "https://files.slack.com.evil.example/x",
        "http://files.slack.com/x",
        "file:///etc/passwd",
        "https://ⓕiles.slack.com/x",
        "",
    ],
)
async def test_a_file_that_lies_nowhere_is_said_in_one_line(coached: Served, url: str) -> None:
    """An empty address is Slack's own for a file that it shows no address of."""
    slack = coached.slack
    event = {
        "type": "message",
        "subtype": "file_share",
        "channel": DM,
        "channel_type": "im",
        "user": "U1",
        "text": "review",
        "ts": "1700000000.000100",
        "files": [{"id": "F1", "name": "draft.txt", "url_private_download": url, "size": 10}],
    }
    await slack.event(event, DM)
    assert (await ended(coached)).dead == 0
    (shown,) = said(slack, "U1", DM)
    assert shown.plain == "“draft.txt” is not kept by Slack: upload it here, or paste its text."
