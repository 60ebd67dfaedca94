"""The lines of the lessons that an answer rests on: a compact line, the quotes themselves, and a form with them."""

from collections.abc import Iterator, Mapping, Sequence

from bot.channels.slack.render.circumstances import SEPARATOR
from bot.channels.slack.render.elements import actions, bold, button, context, paragraph, plain_text, quote, rich_text
from bot.channels.slack.render.message import Block
from bot.channels.split import shortened
from bot.core.replies import Citation

Group = tuple[Block, ...]
"""Blocks that belong together."""

SHOW = "sources"
"""The action of the button that opens the quotes."""
MAX_MODAL_BLOCKS = 100
MAX_NAME = 60
_MAX_LINE = 3_000


def sources_line(citations: Sequence[Citation], kept: str) -> Group:
    """Names what an answer rests on; the button beneath opens the quotes that are kept under `kept`."""
    named: dict[str, list[int]] = {}
    for citation in citations:
        named.setdefault(_name(citation), []).append(citation.n)
    line = SEPARATOR.join(
        f"{''.join(f'[{n}]' for n in numbers)} {shortened(name, MAX_NAME)}" for name, numbers in named.items()
    )
    return (context(shortened(f"Sources: {line}", _MAX_LINE)), actions(button("Show the quotes", SHOW, kept)))


def quoted(citation: Citation) -> Group:
    """One line, exact, below the lesson and the section where it stands."""
    return rich_text(paragraph(bold(f"[{citation.n}] {_where(citation)}")), quote(citation.quote))


def closest(citations: Sequence[Citation]) -> tuple[Group, ...]:
    """The nearest lines to a question that the lessons do not answer."""
    if not citations:
        return ()
    return (
        rich_text(paragraph(bold("The closest lines:"))),
        *(rich_text(paragraph(bold(_where(citation))), quote(citation.quote)) for citation in citations),
    )


def sources_modal(citations: Sequence[Citation]) -> Mapping[str, object]:
    """A view with every quote; what is more than a view holds is counted."""
    blocks: list[Block] = []
    for shown, citation in enumerate(citations):
        group = quoted(citation)
        if len(blocks) + len(group) >= MAX_MODAL_BLOCKS:
            blocks.append(context(f"{len(citations) - shown} more do not fit here."))
            break
        blocks += group
    return {
        "type": "modal",
        "title": plain_text("Sources"),
        "close": plain_text("Close"),
        "blocks": blocks or [context("The answer names no line.")],
    }


def _name(citation: Citation) -> str:
    return citation.section.strip() or citation.lesson


def _where(citation: Citation) -> str:
    return SEPARATOR.join(_parts(citation))


def _parts(citation: Citation) -> Iterator[str]:
    yield citation.lesson
    if citation.section.strip():
        yield citation.section
