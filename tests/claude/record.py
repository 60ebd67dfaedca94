"""`python -m tests.claude.record`: puts some of the shipped cases to the true API and records the exchanges."""

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from bot.app import App, build
from bot.core.messages import Incoming, Meant
from bot.evaluation.cases import Cases
from bot.evaluation.loading import load_cases
from bot.settings import Settings
from tests.claude.recording import API, recorded

RECORDED = Path(__file__).parent / "recorded"
QUESTIONS, DRAFTS = 8, 4
"""Of each so many, from the first to the last case at even distances."""


async def record(upstream: str, folder: Path, key: str) -> None:
    """Asks and reviews through a proxy before `upstream`; a file of `folder` holds each exchange."""
    async with recorded(upstream, folder) as recorder:
        with TemporaryDirectory() as state:
            settings = Settings(
                _env_file=None, anthropic_api_key=key, anthropic_base_url=recorder.url, coach_data_dir=Path(state)
            )
            app = build(settings)
            await app.open()
            try:
                await _converse(app, load_cases(app.library.folder, await app.library.lessons()))
            finally:
                await app.close()


async def _converse(app: App, cases: Cases) -> None:
    for text, meant in (
        *((case.question, Meant.QUESTION) for case in cases.questions[:: len(cases.questions) // QUESTIONS]),
        *((case.text, Meant.DRAFT) for case in cases.drafts[:: len(cases.drafts) // DRAFTS]),
    ):
        id_ = uuid4().hex
        await app.coach.reply(Incoming(id=id_, person="record", thread=id_, text=text, meant=meant))


if __name__ == "__main__":
    if not os.environ.get("ANTHROPIC_API_KEY"):
        sys.exit("recording asks the true API and costs money: set ANTHROPIC_API_KEY to do so")
    asyncio.run(record(API, RECORDED, os.environ["ANTHROPIC_API_KEY"]))
