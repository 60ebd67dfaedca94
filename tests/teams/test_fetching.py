"""Files of Teams' messages, fetched over HTTP: only from where Teams keeps them, never more than is read."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from bot.channels import fetching as shared
from bot.channels.file_reference import MAX_FILES, FileReference
from bot.channels.teams.fetching import Fetching, in_sharepoint, on_loopback
from bot.channels.teams.origin import Origin, Where
from bot.core.messages import Attachment, Incoming
from bot.core.replies import Event, Forgotten, Refused, Status
from bot.core.worker import PlatformAwayError
from bot.files.reading import MAX_BYTES

DRAFT = "Hi Dana,\r\nThis roof never leaks."


@dataclass
class Keeper:
    """A SharePoint that gives out what each address ends in."""

    url: str = ""
    asked: list[web.Request] = field(default_factory=list)
    hangs: asyncio.Event = field(default_factory=asyncio.Event)

    def file(self, path: str, name: str = "draft.txt", size: int = 0) -> FileReference:
        return FileReference(name, f"{self.url}/{path}", size)

    async def give(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        match request.path.strip("/").split("/"):
            case ["status", status]:
                return web.Response(status=int(status), headers={"Location": f"{self.url}/draft"})
            case ["page"]:
                return web.Response(text="<p>Sign in</p>", content_type="text/html")
            case ["large"]:
                response = web.StreamResponse()
                await response.prepare(request)
                for _ in range(3):
                    await response.write(bytes(MAX_BYTES // 2))
                return response
            case ["hang"]:
                await self.hangs.wait()
            case ["break"]:
                assert request.transport is not None
                request.transport.close()
        return web.Response(body=DRAFT.encode())


@pytest.fixture
async def keeper() -> AsyncIterator[Keeper]:
    keeper = Keeper()
    app = web.Application()
    app.router.add_get("/{path:.*}", keeper.give)
    async with TestServer(app) as server:
        keeper.url = str(server.make_url("")).rstrip("/")
        yield keeper
        keeper.hangs.set()


class Coach:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []

    async def handle(self, message: Incoming) -> AsyncGenerator[Event, None]:
        self.heard.append(message)
        yield Forgotten(0)


def message(*files: FileReference) -> Incoming:
    origin = Origin(Where.HERE, files=files)
    return Incoming(id="m", person="p", thread="t", text="review", channel="teams", origin=origin.text())


async def events(*files: FileReference, coach: Coach | None = None) -> list[Event]:
    fetching = Fetching((coach or Coach()).handle, allows=on_loopback)
    return [event async for event in fetching.handle(message(*files))]


async def test_a_file_is_read_into_the_message(keeper: Keeper) -> None:
    coach = Coach()
    said = await events(keeper.file("a"), keeper.file("b", "more.md"), coach=coach)
    assert said == [Status("Reading draft.txt …"), Status("Reading more.md …"), Forgotten(0)]
    (heard,) = coach.heard
    assert (heard.text, heard.files) == ("review", (Attachment("draft.txt", DRAFT), Attachment("more.md", DRAFT)))


async def test_a_message_without_files_asks_nobody(keeper: Keeper) -> None:
    assert await events() == [Forgotten(0)]
    assert keeper.asked == []


async def test_the_address_is_asked_as_it_is_signed_and_gets_no_token(keeper: Keeper) -> None:
    path = "_layouts/15/download.aspx?UniqueId=%7B1%7D&tempauth=a%2Fb%3D+c~d%2e"
    await events(keeper.file(path))
    (asked,) = keeper.asked
    assert asked.raw_path == f"/{path}"
    assert "Authorization" not in asked.headers
    assert "Cookie" not in asked.headers


async def test_more_files_than_are_read_are_told_and_none_is_fetched(keeper: Keeper) -> None:
    (said,) = await events(*(keeper.file("a"),) * (MAX_FILES + 1))
    assert said == Refused(f"At most {MAX_FILES} files are read at once: send them one by one.")
    assert keeper.asked == []


@pytest.mark.parametrize("path", ["status/302", "status/307", "status/401", "status/403", "status/404", "page"])
async def test_a_file_that_is_not_given_out_is_said_in_one_line_and_no_redirect_is_followed(
    keeper: Keeper, path: str
) -> None:
    coach = Coach()
    _, said = await events(keeper.file(path), coach=coach)
    assert said == Refused("“draft.txt” is not given out any more: send it again, or paste its text.")
    assert len(keeper.asked) == 1
    assert coach.heard == []


async def test_a_page_that_was_sent_is_read(keeper: Keeper) -> None:
    coach = Coach()
    await events(keeper.file("page", "offer.html"), coach=coach)
    assert coach.heard[0].files == (Attachment("offer.html", "Sign in"),)


@pytest.mark.parametrize("path", ["status/429", "status/500", "status/503", "break"])
async def test_a_keeper_that_is_away_is_waited_for(keeper: Keeper, path: str) -> None:
    coach = Coach()
    with pytest.raises(PlatformAwayError, match="file: "):
        await events(keeper.file(path), coach=coach)
    assert coach.heard == []


async def test_a_keeper_that_does_not_answer_is_not_waited_for_for_ever(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "_PATIENCE", aiohttp.ClientTimeout(total=0.2))
    with pytest.raises(PlatformAwayError, match="file: TimeoutError"):
        await events(keeper.file("hang"))


@pytest.mark.parametrize(("path", "size", "asked"), [("large", 0, 1), ("draft", MAX_BYTES + 1, 0)])
async def test_a_file_that_is_too_large_is_left(keeper: Keeper, path: str, size: int, asked: int) -> None:
    _, said = await events(keeper.file(path, size=size))
    assert said == Refused("“draft.txt” has more than 5 MB: send a smaller file, or paste its text.")
    assert len(keeper.asked) == asked


SHAREPOINT = [
    "https://contoso.sharepoint.com/personal/dana/_layouts/15/download.aspx?UniqueId=1&tempauth=x",
    "https://contoso-my.sharepoint.com:443/a",
    "https://agency.sharepoint.us/a",
    "https://unit.sharepoint-mil.us/a",
    "https://CONTOSO-my.SharePoint.com/a",
]
ELSEWHERE = [
    "",
    "draft.txt",
    "http://contoso.sharepoint.com/a",
    "ftp://contoso.sharepoint.com/a",
    "file:///etc/passwd",
    "https://sharepoint.com/a",
    "https://.sharepoint.com/a",
    "https://contoso.sharepoint.cn/a",
    "https://contosharepoint.com/a",
    "https://contoso.sharepoint.com.evil.example/a",
    "https://contoso.sharepoint.com:8443/a",
    "https://contoso.sharepoint.com./a",
    "https://contoso.sharepoint.com@evil.example/a",
    "https://evil.example@contoso.sharepoint.com/a",
    "https://evil.example\\.sharepoint.com/a",
    "https://evil.example#.sharepoint.com/a",
    "https://evil.example?.sharepoint.com/a",
    "https://evil.example%2f.sharepoint.com/a",
    "https://ⓕoo.sharepoint.com/a",
    "https://contoso.sharepoint。com/a",
    "https://contoso.sharepoint.com/a b",
    "https://contoso.sharepoint.com/a\r\nX-More: b",
    "https://[x",
    "https://[::1].sharepoint.com/a",
    "https://contoso.sharepoint.com:x/a",
    "https://169.254.169.254/a",
]


@pytest.mark.parametrize("url", SHAREPOINT)
def test_sharepoint_is_where_files_are_kept(url: str) -> None:
    assert in_sharepoint(URL(url, encoded=True))
    assert not on_loopback(URL(url, encoded=True))


@pytest.mark.parametrize("url", ELSEWHERE)
async def test_a_file_that_lies_elsewhere_is_said_in_one_line(url: str) -> None:
    coach = Coach()
    fetching = Fetching(coach.handle)
    said = [event async for event in fetching.handle(message(FileReference("draft.txt", url)))]
    assert said[-1] == Refused("“draft.txt” is not kept in OneDrive: upload it here, or paste its text.")
    assert coach.heard == []


async def test_this_machine_is_asked_in_local_mode_alone(keeper: Keeper) -> None:
    said = [event async for event in Fetching(Coach().handle).handle(message(keeper.file("draft")))]
    assert isinstance(said[-1], Refused)
    assert keeper.asked == []


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:3978/a", True),
        ("http://localhost/a", True),
        ("https://[::1]:1/a", True),
        ("http://10.0.0.1/a", False),
        ("http://localhost.evil.example/a", False),
        ("ftp://127.0.0.1/a", False),
    ],
)
def test_loopback_is_this_machine(url: str, is_here: bool) -> None:
    assert on_loopback(URL(url, encoded=True)) is is_here
