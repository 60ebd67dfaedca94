"""Nothing of a request or of a reply is logged, at any level; request ids are."""

import asyncio
import logging
import os
import sys
from pathlib import Path

import pytest

from bot.engines.claude.engine import ClaudeEngine
from tests.claude.behaviours import Behaviour, BreaksOff, Fails, How, Json, Refuses, Reply, Text
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import CLEAR, PROMPT, ask
from tests.engines.claude.telling import DRAFT, QUESTION

ROOT = Path(__file__).parents[3]
REPLY = Reply((Text("Secretive words of the model.", cites=((1, 0, 1),)), Text(" More secretive words here.")))
PRIVATE = ("Private", "private", "Secretive", "secretive", "sk-test-key", CLEAR, PROMPT.text, DRAFT, QUESTION)


def told(logged: str) -> list[str]:
    """What of the request or of the reply the log tells."""
    return [word for word in PRIVATE if word in logged]


@pytest.mark.parametrize(
    "behaviour",
    [
        REPLY,
        Json("Secretive words that are no JSON"),
        Refuses((Text("Secretive words."),), category="cyber", explanation="Secretive explanation"),
        Fails(400, "invalid_request_error", body='{"error": {"type": "x", "message": "Secretive echo"}}'),
        Fails(500, body="Secretive stack trace"),
        Fails(200, body="event: message_start\ndata: Secretive\n\n"),
        *(BreaksOff(REPLY, 5, how) for how in How if how is not How.STALLS),
    ],
)
async def test_no_record_of_any_level_holds_any_of_it(
    api: MessagesApi, engine: ClaudeEngine, caplog: pytest.LogCaptureFixture, behaviour: Behaviour
) -> None:
    api.default = behaviour
    with caplog.at_level(logging.NOTSET):
        await ask(engine, QUESTION)
    records = "\n".join(f"{record.getMessage()} {record.args} {record.exc_text}" for record in caplog.records)
    assert told(records) == []


async def test_not_even_where_the_sdk_is_told_to_log_everything(api: MessagesApi) -> None:
    api.enqueue(REPLY, Json('{"edits": "Secretive"}'), Fails(400, "invalid_request_error"))
    api.default = Fails(400, "invalid_request_error")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.engines.claude.telling",
        cwd=ROOT,
        env={**os.environ, "ANTHROPIC_LOG": "debug"},
        stderr=asyncio.subprocess.PIPE,
    )
    _, logged = await process.communicate()
    assert process.returncode == 0
    assert told(logged.decode()) == []
    assert api.requests[2].id in logged.decode()
    assert len(api.requests) == 6
