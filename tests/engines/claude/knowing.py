"""The lessons that ship, and the finder that judges by them, loaded once."""

from functools import cache

from bot.core.lessons import Knowledge
from bot.core.ports import ClaimFinder
from bot.core.replies import Finding
from bot.encoder.claim_encoder import ClaimEncoder
from bot.encoder.embedder import Embedder
from bot.knowledge.parsing import parse_lesson
from bot.phrasing.finding import GuideClaimFinder
from tests.phrasing.guides import FIRST_LESSON


@cache
def embedder() -> Embedder:
    return Embedder()


@cache
def finder() -> GuideClaimFinder:
    return GuideClaimFinder(ClaimEncoder())


@cache
def shipped() -> Knowledge:
    return Knowledge((parse_lesson(FIRST_LESSON.read_bytes(), lesson=FIRST_LESSON.stem, file=FIRST_LESSON.name),))


class Overlooking:
    """A finder that never finds one claim, as there will always be some that a finder does not know for one."""

    def __init__(self, finder: ClaimFinder, claim: str) -> None:
        self._finder = finder
        self._claim = claim

    async def find(self, draft: str, knowledge: Knowledge) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        findings, notes = await self._finder.find(draft, knowledge)
        return self._seen(findings), self._seen(notes)

    def _seen(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(finding for finding in findings if finding.quote != self._claim)
