"""`python -m tests.engines.claude.golden` writes the requests that each version of the prompt leads to anew."""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path

from bot.core.ports import RewriteTask
from bot.core.prompts import Prompt
from bot.prompts.document import parse_prompt
from tests.claude.asked import Body
from tests.claude.gateway import strict_gateway
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import KNOWLEDGE, NEVER_LEAKS, QUESTION, Setting, ask, engine_of, turn
from tests.fakes import ExactClaimFinder, FirstRowSplicer

FOLDER = Path(__file__).parent / "golden"
PROMPTS = Path(__file__).parents[3] / "prompts"
VERSIONS = (1, 2)
DRAFT = f"Hi Ann,\n\n{NEVER_LEAKS}.\n"
SEE_ABOVE = "(the prompt)"
"""Stands in a golden file for the prompt's text, which is there once."""


def prompt(version: int) -> Prompt:
    """A version as it ships."""
    document = parse_prompt((PROMPTS / f"{version:04}.md").read_text(encoding="utf-8"))
    return Prompt(version, document.text, document.model, document.max_tokens, document.effort)


async def written(version: int) -> str:
    """What the golden file of a version holds: its text, and each request as the server got it."""
    served_by = prompt(version)
    requests = {name: _shortened(body, served_by) for name, body in (await _requests(served_by)).items()}
    told = {"prompt": served_by.text.splitlines(), "requests": requests}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def file_of(version: int) -> Path:
    return FOLDER / f"{version:04}.json"


async def _requests(served_by: Prompt) -> Mapping[str, Body]:
    async with MessagesApi() as api, strict_gateway() as gateway:
        os.environ["ANTHROPIC_BASE_URL"] = api.url
        async with engine_of() as engine, engine_of(Setting(whole_tokens=0)) as searching:
            await ask(engine, prompt=served_by)
            await ask(searching, prompt=served_by)
            await ask(searching, "And why?", thread=(turn(1, question=QUESTION), turn(2)), prompt=served_by)
            await engine.rewrite(await _task(), served_by, person="ann")
        async with engine_of(Setting(whole_tokens=0), gateway=gateway.url) as plain:
            await ask(plain, prompt=served_by)
            await plain.rewrite(await _task(), served_by, person="ann")
        whole, found, follow_up, rewrite = (asked.body for asked in api.requests)
        _, plain_answer, _, plain_rewrite = (asked.body for asked in gateway.requests)
    return {
        "an answer from the whole knowledge": whole,
        "an answer from what was found": found,
        "a follow-up": follow_up,
        "a rewrite": rewrite,
        "an answer of a lesser server": plain_answer,
        "a rewrite of a lesser server": plain_rewrite,
    }


async def _task() -> RewriteTask:
    findings, _ = await ExactClaimFinder().find(DRAFT, KNOWLEDGE)
    approved = await FirstRowSplicer().edits(DRAFT, findings)
    return RewriteTask(draft=DRAFT, findings=findings, approved=approved, knowledge=KNOWLEDGE)


def _shortened(body: Body, served_by: Prompt) -> Body:
    shorter: Body = json.loads(json.dumps(body).replace(json.dumps(served_by.text), json.dumps(SEE_ABOVE)))
    return shorter


async def _write() -> None:
    for version in VERSIONS:
        file_of(version).write_text(await written(version), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(_write())
