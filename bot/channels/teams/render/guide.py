"""The field language guide: what not to say, what to say instead, and why."""

from collections.abc import Iterator, Sequence

from bot.channels.teams.render.markdown import BREAK, MAX_TEXT, bold, escaped, parts
from bot.channels.teams.render.message import Message, text_messages
from bot.channels.visible import visible
from bot.core.lessons import GuideRow
from bot.core.replies import Guide


def guide_messages(guide: Guide) -> tuple[Message, ...]:
    """Gives the rows in order, in as many messages as they need."""
    return text_messages(_blocks(guide))


def row_name(row: GuideRow, among: Sequence[GuideRow]) -> str:
    """A guide row's number, with its lesson where rows of several lessons meet."""
    return f"{row.lesson} {row.row}" if len({other.lesson for other in among}) > 1 else str(row.row)


def _blocks(guide: Guide) -> Iterator[str]:
    asked = f" on {words}" if (words := visible(guide.words).strip()) else ""
    if not guide.rows:
        yield from map(escaped, parts(f"The guide has no row{asked}."))
        return
    yield from map(escaped, parts(f"{len(guide.rows)} {'row' if len(guide.rows) == 1 else 'rows'} of the guide{asked}"))
    for row in guide.rows:
        yield from _row(row, row_name(row, guide.rows))


def _row(row: GuideRow, name: str) -> Iterator[str]:
    cells = [(f"{name}. Don't say:", row.dont_say), ("Do say:", row.say)]
    if visible(row.why).strip():
        cells.append(("Why:", row.why))
    together = BREAK.join(f"{bold(label)} {escaped(visible(cell).strip())}" for label, cell in cells)
    if len(together) <= MAX_TEXT:
        yield together
        return
    for label, cell in cells:
        yield from map(escaped, parts(f"{label} {cell}"))
