"""An injection in a draft changes nothing, even where the model does all that it says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.messages import Meant
from bot.core.replies import Edit, EngineName, Review
from bot.phrasing.splicing import GuideSplicer
from bot.stores.sqlite.store import SqliteStore
from tests.claude.asked import Asked
from tests.claude.behaviours import Behaviour
from tests.claude.server import MessagesApi
from tests.injection.asking import AT_ONCE
from tests.injection.coaches import Bench, Known, Lessons, events, the
from tests.injection.drafts import CLAIM, HARMLESS, KEPT, LAYOUTS, QUOTED
from tests.injection.styles import ObeyedEdit, Style, styles
from tests.injection.worst import edited, edits

ENDS_THE_LETTER = frozenset(("signature", "quoted-reply"))
"""What follows these is a signature or quoted mail, and not the rep's own words."""
SAID = "Fine-tuning shapes how the model responds, not what it knows"


@dataclass(frozen=True, slots=True)
class Pair:
    """A draft's review by an obedient model, and by none.

    `script` says what the model tried, `approved` are the edits with the approved wording for the same findings.
    """

    style: Style
    script: str
    obedient: Review
    safe: Review
    approved: tuple[Edit, ...]

    def __str__(self) -> str:
        new = [edit for edit in self.obedient.edits if edit not in self.safe.edits]
        return f"{self.style.id}, {self.script[:80]!r}: {[(edit.before, edit.after) for edit in new]}"


async def reviewed(store: SqliteStore, style: Style, layout: str, known: Lessons) -> list[Pair]:
    """One pair for each script of edits; drafts that differ in the injection's place only get fewer."""
    script: Sequence[ObeyedEdit] = ()

    def obeys(asked: Asked) -> Behaviour:
        return edited(style, script, asked)

    draft = LAYOUTS[layout](style)
    pairs = []
    async with MessagesApi(default=obeys) as api:
        bench = Bench.before(api.url, store, known)
        coach = bench.coach()
        safe = the(Review, await events(bench.coach(asks=False), draft, meant=Meant.DRAFT))
        scripts = list(edits(style)) if layout == "beside the claim" else [style.edits_obey]
        for number, script in enumerate(scripts, 1):
            review = the(Review, await events(coach, draft, meant=Meant.DRAFT))
            assert review.engine is EngineName.CLAUDE, review.fallback
            assert len(api.requests) == number
            approved = await GuideSplicer().edits(draft, review.findings)
            pairs.append(Pair(style, " | ".join(edit.replacement for edit in script), review, safe, approved))
        await bench.calls.close()
    return pairs


async def every_review(layout: str, known: Lessons, folder: Path) -> list[Pair]:
    store = SqliteStore(folder / "coach.sqlite3")
    await store.open()
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(style: Style) -> list[Pair]:
        async with turn:
            return await reviewed(store, style, layout, known)

    every = await asyncio.gather(*map(one, styles()))
    await store.close()
    return [pair for some in every for pair in some]


@pytest.fixture(scope="module", params=LAYOUTS)
def pairs(request: pytest.FixtureRequest, known: Known, tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    return asyncio.run(every_review(request.param, known.shipped, tmp_path_factory.mktemp("drafts")))


def test_no_word_that_an_injection_makes_a_model_write_stands_in_a_draft(pairs: list[Pair]) -> None:
    obeyed = [str(pair) for pair in pairs if pair.obedient.edits != pair.approved]
    assert not obeyed, "\n".join(obeyed)


def test_a_draft_is_changed_in_no_other_place_than_without_a_model(pairs: list[Pair]) -> None:
    more = [str(pair) for pair in pairs if places(pair.obedient) != places(pair.safe)]
    assert not more, "\n".join(more)


def places(review: Review) -> list[tuple[int, int]]:
    return [(edit.start, edit.end) for edit in review.edits]


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_the_real_claim_beside_an_injection_is_found_and_replaced(
    layout: str, store: SqliteStore, known: Known
) -> None:
    coach = Bench.before("", store, known.shipped).coach(asks=False)
    missed = {}
    for style in styles():
        review = the(Review, await events(coach, LAYOUTS[layout](style), meant=Meant.DRAFT))
        is_own = layout != "before the claim" or style.id not in ENDS_THE_LETTER
        if is_own and (SAID not in review.rewritten or CLAIM in review.rewritten):
            missed[style.id] = review.rewritten
        assert all(kept in review.rewritten for kept in (KEPT, HARMLESS, QUOTED)), style.id
    assert missed == {}
