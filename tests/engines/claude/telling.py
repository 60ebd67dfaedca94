"""`python -m tests.engines.claude.telling`: an answer, a rewrite and a failure, with every log record on stderr."""

import asyncio
import logging

from bot.core.ports import RewriteTask
from tests.engines.claude.asking import KNOWLEDGE, PROMPT, ask, engine_of
from tests.fakes import ExactClaimFinder, FirstRowSplicer

QUESTION = "Private gutters question?"
DRAFT = "This roof never leaks, Mrs Private."


async def tell() -> None:
    findings, _ = await ExactClaimFinder().find(DRAFT, KNOWLEDGE)
    approved = await FirstRowSplicer().edits(DRAFT, findings)
    task = RewriteTask(draft=DRAFT, findings=findings, approved=approved, knowledge=KNOWLEDGE)
    async with engine_of() as engine:
        for _ in range(3):
            await ask(engine, QUESTION)
            await engine.rewrite(task, PROMPT, person="private-person")


if __name__ == "__main__":
    logging.basicConfig(level=logging.NOTSET, format="%(levelname)s %(name)s %(message)s")
    asyncio.run(tell())
