"""Error statuses, as the SDK names and retries them."""

import re
import time
from email.utils import formatdate

import anthropic
import pytest
from anthropic import AsyncAnthropic

from tests.claude.behaviours import Fails, saying
from tests.claude.calls import answer
from tests.claude.client import text_of
from tests.claude.server import MessagesApi


@pytest.mark.parametrize(
    ("status", "type_", "error"),
    [
        (400, "invalid_request_error", anthropic.BadRequestError),
        (401, "authentication_error", anthropic.AuthenticationError),
        (403, "permission_error", anthropic.PermissionDeniedError),
        (404, "not_found_error", anthropic.NotFoundError),
        (413, "request_too_large", anthropic.ContentTooLargeError),
        (429, "rate_limit_error", anthropic.RateLimitError),
        (500, "api_error", anthropic.InternalServerError),
        (529, "overloaded_error", anthropic.OverloadedError),
    ],
)
async def test_a_status_has_its_error_class_type_and_request_id(
    api: MessagesApi, client: AsyncAnthropic, status: int, type_: str, error: type[anthropic.APIStatusError]
) -> None:
    api.enqueue(Fails(status, type_))
    with pytest.raises(error) as raised:
        await client.messages.create(**answer("How fast?"))
    assert raised.value.status_code == status
    assert raised.value.type == type_
    assert raised.value.request_id == api.requests[0].id


async def test_a_gateway_s_html_is_an_error_without_type(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Fails(502, body="<html><h1>502 Bad Gateway</h1></html>"))
    with pytest.raises(anthropic.InternalServerError) as raised:
        await client.messages.create(**answer("How fast?"))
    assert raised.value.type is None
    assert raised.value.body == "<html><h1>502 Bad Gateway</h1></html>"


@pytest.mark.parametrize("retry_after", [None, 0.05, "0.05", formatdate(usegmt=True)], ids=str)
async def test_retry_after_is_sent_as_it_is_given(
    api: MessagesApi, client: AsyncAnthropic, retry_after: float | str | None
) -> None:
    api.enqueue(Fails(429, "rate_limit_error", retry_after=retry_after))
    with pytest.raises(anthropic.RateLimitError) as raised:
        await client.messages.create(**answer("How fast?"))
    assert raised.value.response.headers.get("retry-after") == (None if retry_after is None else str(retry_after))


async def test_the_sdk_waits_as_long_as_retry_after_says(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Fails(429, "rate_limit_error", retry_after=0.05), saying("Now."))
    start = time.monotonic()
    message = await client.with_options(max_retries=1).messages.create(**answer("How fast?"))
    assert text_of(message) == "Now."
    first, second = api.requests
    assert 0.05 <= second.at - first.at <= time.monotonic() - start
    assert second.headers["x-stainless-retry-count"] == "1"


async def test_the_key_goes_as_a_bearer_token(api: MessagesApi, client: AsyncAnthropic) -> None:
    await client.messages.create(**answer("How fast?"))
    assert api.requests[0].headers["authorization"] == "Bearer sk-test-key"
    assert "x-api-key" not in api.requests[0].headers
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", api.requests[0].headers["anthropic-version"])


async def test_without_a_key_the_sdk_raises_at_the_first_request(
    api: MessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    async with AsyncAnthropic(base_url=api.url) as keyless:
        with pytest.raises(TypeError, match="authentication"):
            await keyless.messages.create(**answer("How fast?"))
    assert api.requests == []
