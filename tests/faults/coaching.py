"""The real coach with the real engine before the server, and what comes of messages that are handled at once."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.app import assemble
from bot.core.coach import Coach
from bot.core.messages import Incoming, Meant
from bot.core.observing import Observers
from bot.core.ports import Engine
from bot.core.prompts import Serving
from bot.engines.claude.clock import Times
from bot.knowledge.library import FolderLibrary
from bot.phrasing.finding import GuideClaimFinder
from bot.phrasing.replacing import GuideReplacementCheck
from bot.phrasing.splicing import GuideSplicer
from bot.prompts.pinned import PinnedVersion
from bot.stores.sqlite.store import SqliteStore
from tests.claude.asked import Asked
from tests.claude.behaviours import Behaviour
from tests.engines.claude.asking import PROMPT
from tests.fakes import LESSON, ExactWordRetriever
from tests.faults.judging import Outcome
from tests.faults.scripts import Message, Step
from tests.kept import CLAIM_ENCODER, VECTORS

TIMES = Times(first=0.2, whole=0.5)
ALLOWANCE = 4.0
"""Seconds on top for everything else, the claim finder above all, on two cores that may be shared."""

DRAFTS = (
    "Hi Ann,\n\nThis roof never leaks. See you on May 3.\n\nBest,\nLee",
    "This roof never leaks, and our tiles last forever. Our tiles last forever!",
    "- Scope: this roof never leaks\r\n- Does this roof never leak?\r\n\r\nOur tiles last 60 years.",
    "The gutters are cleared every autumn. Thanks!",
)
FINDER = GuideClaimFinder(CLAIM_ENCODER)
_CASE = re.compile(r"[Cc]ase no (\d+)")


def text_of(number: int, message: Message) -> str:
    """The message's text, with its number for the server to know it by."""
    if message.is_draft:
        return f"{DRAFTS[message.variant % len(DRAFTS)]}\n\nRegards to case no {number}."
    return f"Case no {number}: when do I clear the gutters?"


class Scripts:
    """Gives each request the next step of its own message's script."""

    def __init__(self) -> None:
        self._steps: Mapping[int, Sequence[Step]] = {}
        self._asked: dict[int, int] = defaultdict(int)

    def start(self, messages: Sequence[Message]) -> None:
        """Takes new scripts, by the numbers of their messages."""
        self._steps = {number: [act.step for act in message.acts] for number, message in enumerate(messages)}
        self._asked.clear()

    def __call__(self, asked: Asked) -> Behaviour:
        found = _CASE.search(str(asked.body["messages"][-1]))
        assert found
        number = int(found[1])
        steps = self._steps[number]
        step = steps[min(self._asked[number], len(steps) - 1)]
        self._asked[number] += 1
        return step(asked) if callable(step) else step


@asynccontextmanager
async def coaching(folder: Path, engine: Engine) -> AsyncIterator[Coach]:
    """The coach over the small lesson; claims are found, replaced and checked as in service."""
    (folder / "knowledge").mkdir(parents=True, exist_ok=True)
    (folder / "knowledge" / "roof-care.md").write_text(LESSON, encoding="utf-8")
    app = assemble(
        library=FolderLibrary(folder / "knowledge"),
        retriever=ExactWordRetriever(),
        finder=FINDER,
        splicer=GuideSplicer(),
        engine=engine,
        check=GuideReplacementCheck(VECTORS),
        store=SqliteStore(folder / "coach.sqlite3"),
        prompts_dir=folder,
        admins=frozenset(),
        prices={},
        observers=Observers(),
    )
    await app.store.open()
    try:
        yield app.coach_of(PinnedVersion(Serving(replace(PROMPT, max_tokens=50_000))), app.store.threads)
    finally:
        await app.store.close()


async def outcome_of(coach: Coach, number: int, message: Message) -> Outcome:
    """Handles one message to its end."""
    meant = Meant.DRAFT if message.is_draft else Meant.QUESTION
    incoming = Incoming(id=f"m{number}", person="ann", thread="", text=text_of(number, message), meant=meant)
    loop = asyncio.get_running_loop()
    began = loop.time()
    events = [event async for event in coach.handle(incoming)]
    return Outcome(tuple(events), loop.time() - began)
