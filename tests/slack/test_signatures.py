"""Signatures and times that are no such thing: refused as any wrong one, without a traceback."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack.loopback.server import Slack
from tests.slack.moving import coach_in
from tests.slack.serving import Served
from tests.slack.test_http import message, refused

ZEROS = "v0=" + 64 * "0"


@pytest.fixture
async def coached(slack: Slack, tmp_path: Path) -> AsyncIterator[Served]:
    async with coach_in(slack, tmp_path / "knowledge", "http") as coached:
        yield coached


@pytest.mark.parametrize("signature", ["v0=é", "v0=" + 64 * "\uff10", "v0=" + 63 * "0" + "\u200b", "🔑"])
async def test_a_signature_with_letters_that_none_has_is_refused(
    coached: Served, signature: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await coached.slack.deliver_raw(message(), signature=signature) == 401
    assert refused(coached) == {"signature": 1}
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "timestamp",
    [
        "-1",
        "+1700000000",
        "1.7e9",
        "nan",
        "1700000000.5",
        "²",
        "\u0661" * 10,
        "\uff19" * 10,
        "9" * 20,
        "9" * 400,
        "9" * 5_000,
    ],
    ids=lambda timestamp: f"{timestamp[:12]} ({len(timestamp)})",
)
async def test_a_time_that_is_none_is_refused(
    coached: Served, timestamp: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await coached.slack.deliver_raw(message(), timestamp=timestamp) == 401
    assert await coached.slack.deliver_raw(message(), timestamp=timestamp, signature=ZEROS) == 401
    assert refused(coached) == {"signature": 2}
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
