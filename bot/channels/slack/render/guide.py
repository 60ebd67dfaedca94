"""The field language guide: what not to say, what to say instead, and why."""

from collections.abc import Iterator, Sequence

from bot.channels.slack.render.elements import Element, bold, context, paragraph, rich_text, text_blocks
from bot.channels.slack.render.message import Block, Message, messages
from bot.core.lessons import GuideRow
from bot.core.replies import Guide


def guide_messages(guide: Guide) -> tuple[Message, ...]:
    """Gives the rows in order, in as many messages as they need."""
    return messages(_blocks(guide))


def row_name(row: GuideRow, among: Sequence[GuideRow]) -> str:
    """A guide row's number, with its lesson where rows of several lessons meet."""
    return f"{row.lesson} {row.row}" if len({other.lesson for other in among}) > 1 else str(row.row)


def _blocks(guide: Guide) -> Iterator[Block]:
    asked = f" on {guide.words.strip()}" if guide.words.strip() else ""
    if not guide.rows:
        yield from text_blocks(f"The guide has no row{asked}.")
        return
    yield context(f"{len(guide.rows)} {'row' if len(guide.rows) == 1 else 'rows'} of the guide{asked}")
    for row in guide.rows:
        yield from _row(row, row_name(row, guide.rows))


def _row(row: GuideRow, name: str) -> tuple[Block, ...]:
    runs: list[Element | str] = [bold(f"{name}. Don't say: "), f"{row.dont_say}\n", bold("Do say: "), row.say]
    if row.why:
        runs += ["\n", bold("Why: "), row.why]
    return rich_text(paragraph(*runs))
