"""The lines of the lessons that an answer rests on, or nearly answers it with, whole and exact, as cards."""

from collections.abc import Iterable, Iterator, Sequence

from bot.channels.teams.render.elements import Element, actions, apart, box, card, hidden, label, lines, shows, wide
from bot.channels.teams.render.message import Card, where
from bot.channels.teams.render.pages import fixed, paged
from bot.core.replies import Citation

SHOW = "Show the sources"
CLOSEST = "The closest lines"
_HIDDEN = "sources"


def sources_cards(citations: Sequence[Citation]) -> Iterator[Card]:
    """Every line in full, folded away until somebody wants to see it."""
    groups = [_quoted(f"[{citation.n}] {where(citation)}", citation) for citation in citations]
    for body in paged(map(fixed, groups)):
        yield wide(card([actions(shows(SHOW, [_HIDDEN])), hidden(_HIDDEN, body)]))


def closest_cards(citations: Sequence[Citation]) -> Iterator[Card]:
    """The nearest lines to a question that the lessons do not answer."""
    if not citations:
        return
    groups: list[Iterable[Element]] = [(label(CLOSEST),)]
    groups += [_quoted(where(citation), citation) for citation in citations]
    for body in paged(map(fixed, groups)):
        yield wide(card(body))


def _quoted(name: str, citation: Citation) -> Iterator[Element]:
    first, *more = lines(name, bold=True)
    yield from (apart(first), *more)
    yield from (box(each) for each in lines(citation.quote))
