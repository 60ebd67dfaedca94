"""Replies as what rich prints: pure, every word escaped, nothing read as markup."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from bot.channels.review_words import LEAVE_OUT, SAY_INSTEAD, reasons
from bot.channels.terminal.diff import diff
from bot.channels.terminal.escaping import one_line
from bot.channels.terminal.layout import Paragraph, changed_line, counted, rows, words
from bot.channels.terminal.versions import render_versions
from bot.channels.words import failure, fell_back, stale
from bot.core.choices import OpenReview
from bot.core.lessons import GuideRow
from bot.core.replies import (
    Answer,
    Citation,
    Failed,
    Forgotten,
    Guide,
    Help,
    Noted,
    Refused,
    Reply,
    Review,
)

SAY_LABEL = "Say:"
"""What a line begins with that holds the words to say to the buyer."""
SAY_STYLE = "bold"

_SAY_LINE = re.compile(rf"^{SAY_LABEL} .*$", re.MULTILINE)


def render(reply: Reply, *, piped: bool) -> Iterator[RenderableType]:
    """Gives the reply from top to bottom; `piped` leaves out what only eyes want, such as table borders."""
    match reply:
        case Answer():
            yield Paragraph(_answer(reply.text))
            yield from sources(reply)
        case Review():
            yield from _review(reply)
        case Guide():
            yield from _guide(reply, piped=piped)
        case Help():
            yield from _help(reply)
        case Forgotten():
            yield Text(_forgotten(reply))
        case Noted(reaction=reaction):
            yield Text(f"Noted: that answer was {'good' if reaction == 'up' else 'not good'}.")
        case Refused(reason=reason):
            yield Paragraph(words(reason, "yellow"))
        case Failed():
            yield Paragraph(words(failure(reply), "red"))
        case _:
            yield from render_versions(reply, piped=piped)


def _answer(text: str) -> Text:
    """An answer's text. What to say to the buyer is only bold: a bar or an indent would be copied with it."""
    shown = words(text)
    shown.highlight_regex(_SAY_LINE, SAY_STYLE)
    return shown


def sources(answer: Answer) -> Iterator[RenderableType]:
    """The lines that an answer rests on, or the nearest ones when the lessons do not cover the question."""
    if answer.citations:
        yield Text()
        yield from (_citation(citation, number=True) for citation in answer.citations)
    if answer.closest:
        yield Text()
        yield Text("The closest lines:", style="bold")
        yield from (_citation(citation, number=False) for citation in answer.closest)
    yield from _circumstances(answer)


def _citation(citation: Citation, *, number: bool) -> Paragraph:
    where = one_line(citation.section or citation.lesson)
    label = Text(f"[{citation.n}] " if number else "- ", style="cyan")
    return Paragraph(Text.assemble((where, "bold"), " \N{EM DASH} ", words(f'"{citation.quote}"')), label)


def _review(review: Review) -> Iterator[RenderableType]:
    if not review.edits:
        yield Text("Nothing to change: the draft makes no claim that the guide says not to make.", style="green")
    opened = OpenReview(review)
    for place, edit in enumerate(review.edits):
        if place:
            yield Text()
        number = Text(f"{place + 1}. ", style="bold red")
        yield from _change(number, edit.before, edit.after, reasons(opened.findings(place)))
    if review.edits:
        yield Text()
        yield Text("--- draft", style="bold red")
        yield Text("+++ rewritten", style="bold green")
        yield from (changed_line(line) for line in diff(review.draft, review.edits))
    if review.notes:
        yield Text()
        yield Text("Worth a look (left as it is):", style="bold yellow")
        for note in review.notes:
            yield from _change(Text("?  ", style="bold yellow"), note.quote, note.row.say, reasons((note,)))
    yield from _circumstances(review)


def _circumstances(reply: Answer | Review) -> Iterator[RenderableType]:
    """Says that the last known version served, and that another engine replied than usual, where it was so."""
    lines = (stale(reply.prompt_version) if reply.prompt_stale else None, fell_back(reply))
    if any(lines):
        yield Text()
    yield from (Paragraph(words(line, "dim")) for line in lines if line)


def _change(sign: Text, wrote: str, instead: str, why: Iterable[str]) -> Iterator[RenderableType]:
    """A sentence of a draft, what to say instead, and why."""
    yield Paragraph(words(wrote, "bold"), sign)
    if instead.strip():
        yield Paragraph(words(instead), Text(f"   {SAY_INSTEAD}: ", style="green"))
    else:
        yield Text(f"   {LEAVE_OUT}", style="green")
    for reason in why:
        yield Paragraph(words(reason), Text("   Why: ", style="cyan"))


def _guide(guide: Guide, *, piped: bool) -> Iterator[RenderableType]:
    if not guide.rows:
        asked = f" on {one_line(guide.words)}" if guide.words.strip() else ""
        yield Text(f"The guide has no row{asked}.")
        return
    header = ("Don't say", "Do say", "Why it matters")
    cells = [[one_line(cell) for cell in (row.dont_say, row.say, row.why)] for row in guide.rows]
    yield rows(
        ("Row", *header),
        [[row_name(row, guide.rows), *line] for row, line in zip(guide.rows, cells, strict=True)],
        piped=piped,
    )


def row_name(row: GuideRow, among: Sequence[GuideRow]) -> str:
    """A guide row's number, with its lesson where rows of several lessons meet."""
    return f"{row.lesson} {row.row}" if len({other.lesson for other in among}) > 1 else str(row.row)


def _forgotten(reply: Forgotten) -> str:
    answers = counted(reply.turns, "answer")
    if not reply.messages:
        return f"Forgotten: {answers}."
    return f"Forgotten: {answers}, and {counted(reply.messages, 'message')} not answered yet."


def _help(reply: Help) -> Iterator[RenderableType]:
    if reply.about:
        yield Text(f"There is no command {one_line(reply.about)}.", style="yellow")
    width = max(len(entry.usage) for entry in reply.entries) + 2
    for entry in reply.entries:
        yield Paragraph(words(entry.does), Text(one_line(entry.usage).ljust(width), style="bold"))
    if reply.lessons:
        yield Text()
        yield Paragraph(words("; ".join(reply.lessons)), Text("Lessons: ", style="bold"))
    else:
        yield Text("No lessons are loaded: see `coach knowledge check`.", style="yellow")
