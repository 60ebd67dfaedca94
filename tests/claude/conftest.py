"""The server and the real SDK before it."""

from collections.abc import AsyncIterator

import pytest
from anthropic import AsyncAnthropic

from tests.claude.client import sdk
from tests.claude.server import MessagesApi


@pytest.fixture
async def api() -> AsyncIterator[MessagesApi]:
    async with MessagesApi() as served:
        yield served


@pytest.fixture
async def client(api: MessagesApi) -> AsyncIterator[AsyncAnthropic]:
    async with sdk(api.url) as connected:
        yield connected
