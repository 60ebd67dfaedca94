"""Writers who decide on the findings of their reviews, each run in a loop of its own as a command is."""

import asyncio
import json
from collections.abc import Iterable
from typing import NamedTuple

from bot.app import App
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.decisions import DECISIONS
from bot.core.messages import Incoming
from bot.core.replies import Review

ANN = "slack:T1/U1"
DRAFT = "Dear Dana,\n\nThis roof never leaks. Our tiles last forever.\n"


class Said(NamedTuple):
    """What a writer decides about the finding at `place` of the draft."""

    place: int
    choice: Choice
    reason: str = ""
    may_show: bool = False


def decide(app: App, review: str, said: Iterable[Said]) -> None:
    """Opens the review of the message `review` and decides, one after the other."""
    asyncio.run(_decide(app, review, said))


async def _decide(app: App, review: str, said: Iterable[Said]) -> None:
    await app.open()
    reply = await app.coach.reply(Incoming(id=review, person=ANN, thread="t", text=f"review {DRAFT}"))
    assert isinstance(reply, Review)
    await app.reviews.keep(reply, review, person=ANN)
    for place, choice, reason, may_show in said:
        decided = await app.reviews.decide(review, place, Chosen(choice, reason), person=ANN, may_show=may_show)
        assert isinstance(decided, OpenReview)
    await app.close()


def append(app: App, *entries: object) -> None:
    """Adds entries to the log as another program would; text as it is, anything else as JSON."""
    asyncio.run(_append(app, [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]))


async def _append(app: App, entries: Iterable[str]) -> None:
    await app.open()
    for position, entry in enumerate(entries, await app.store.log.length(DECISIONS)):
        await app.store.log.append(DECISIONS, entry, expected=position)
    await app.close()
