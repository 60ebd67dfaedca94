"""Reads Server-Sent Events, one by one as they come."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse

from tests.web.calling import Client

STREAM = {"Accept": "text/event-stream"}

Event = tuple[str, Any]
"""An event's name and its data, read; a comment's name is empty."""


class Events:
    """The events of one response."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def next(self) -> Event:
        """Gives the next event, passing over comments."""
        while True:
            name, data = await self.anything()
            if name:
                return name, data

    async def anything(self) -> Event:
        """Gives the next event or comment."""
        block = (await self.response.content.readuntil(b"\n\n")).decode("ascii").removesuffix("\n\n")
        if block.startswith(":"):
            return "", block
        name, data = block.split("\n")
        return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    async def rest(self) -> list[Event]:
        """Gives every event until the response ends."""
        events = []
        while not self.response.content.at_eof():
            event = await self.anything()
            events += [event] if event[0] else []
        return events


@asynccontextmanager
async def streamed(client: Client, path: str, body: object) -> AsyncIterator[Events]:
    async with client.post(path, json=body, headers=STREAM) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
        yield Events(response)
