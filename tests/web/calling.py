"""Calls to the page's interface, through real HTTP on loopback."""

from collections.abc import Mapping
from typing import Any, Protocol

from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.app import App
from tests.web.parts import served

Client = TestClient[web.Request, web.Application]
NOW = {"Prefer": "respond-async"}
"""The header of who does not wait for the reply."""


class MakeClient(Protocol):
    """pytest-aiohttp's `aiohttp_client`: serves an application until the test ends."""

    async def __call__(self, app: web.Application) -> Client: ...


async def connected(app: App, aiohttp_client: MakeClient, **options: Any) -> Client:  # noqa: ANN401 - as `served` has them
    return await aiohttp_client(served(app, **options))


async def post(client: Client, path: str, body: object, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    response = await client.post(path, json=body, headers=headers)
    return response.status, await response.json()


async def get(client: Client, path: str) -> tuple[int, Any]:
    response = await client.get(path)
    return response.status, await response.json()


def assert_one_line(body: Mapping[str, str]) -> None:
    assert set(body) == {"error"}
    assert body["error"].strip()
    assert "\n" not in body["error"]
