"""The lessons that ship, and the finder that judges by them, loaded once."""

from functools import cache

from bot.core.lessons import Knowledge
from bot.encoder.embedder import Embedder
from bot.knowledge.parsing import parse_lesson
from bot.phrasing.finding import GuideClaimFinder
from tests.phrasing.guides import FIRST_LESSON


@cache
def embedder() -> Embedder:
    return Embedder()


@cache
def finder() -> GuideClaimFinder:
    return GuideClaimFinder(embedder())


@cache
def shipped() -> Knowledge:
    return Knowledge((parse_lesson(FIRST_LESSON.read_bytes(), lesson=FIRST_LESSON.stem, file=FIRST_LESSON.name),))
