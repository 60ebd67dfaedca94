"""What a health check says of a server."""

from asyncio import to_thread
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import probe
from tests.stores.redis_server import free_port

Serve = Callable[[web.Response], Coroutine[Any, Any, int]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves a response at /readyz and gives the port."""
    servers: list[TestServer] = []

    async def serving(response: web.Response) -> int:
        async def readyz(_: web.Request) -> web.Response:
            return response

        app = web.Application()
        app.add_routes([web.get("/readyz", readyz)])
        servers.append(TestServer(app))
        await servers[-1].start_server()
        assert servers[-1].port
        return servers[-1].port

    yield serving
    for server in servers:
        await server.close()


async def test_a_server_that_is_ready_has_no_fault(serve: Serve) -> None:
    port = await serve(web.json_response({"ready": True}))
    assert await to_thread(probe.probe, "127.0.0.1", port) is None


async def test_the_reason_is_told_in_one_line(serve: Serve) -> None:
    port = await serve(web.Response(status=503, text='{"ready": false,\n"reason": "the store is away"}'))
    assert await to_thread(probe.probe, "127.0.0.1", port) == '{"ready": false, "reason": "the store is away"}'


async def test_a_failure_without_words_has_its_status(serve: Serve) -> None:
    port = await serve(web.Response(status=500))
    assert await to_thread(probe.probe, "127.0.0.1", port) == "status 500"


@pytest.mark.parametrize("host", ["", "0.0.0.0"])  # noqa: S104 - what is listened on
async def test_a_server_on_every_address_is_asked_on_this_machine(serve: Serve, host: str) -> None:
    port = await serve(web.json_response({"ready": True}))
    assert await to_thread(probe.probe, host, port) is None


def test_where_nobody_listens_it_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COACH_HOST", "127.0.0.1")
    monkeypatch.setenv("COACH_PORT", str(free_port()))
    assert probe.main() == 1
    assert capsys.readouterr().out.count("\n") == 1


def test_a_port_that_is_none_fails_with_the_setting_s_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACH_PORT", "eighty")
    assert probe.main() == 1
    assert capsys.readouterr().out.startswith("COACH_PORT: ")
