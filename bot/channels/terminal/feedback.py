"""What writers decided about the guide's rows and said of answers, as what rich prints: pure, all escaped."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from bot.channels.terminal.escaping import one_line
from bot.channels.terminal.layout import Paragraph, TabSeparated, words
from bot.channels.terminal.times import ago, utc
from bot.core.choices import Choice
from bot.core.comments import Comment
from bot.core.decisions import Decision, RowFeedback

HEADER = ("Lesson", "Row", "Don't say", "Used", "Kept", "Not meant", "Time", "Decided", "Reason", "Sentence")
"""Of a pipe: a line of counts for each row, below it a line for each decision with a reason or a sentence, and last a
line for each comment on an answer, without a row."""
_TOLD = {Choice.USE: "used", Choice.KEEP: "kept", Choice.NOT_MEANT: "not meant"}
_RATED = {"up": "liked", "down": "disliked"}
_INDENT = Text("  ")


def render_feedback(
    rows: Sequence[RowFeedback], comments: Sequence[Comment], *, piped: bool, now: datetime
) -> Iterator[RenderableType]:
    """Gives row after row from top to bottom, then the comments; `piped` gives tab-separated lines."""
    if piped:
        yield TabSeparated((HEADER, *(line for row in rows for line in _lines(row)), *map(_comment_line, comments)))
        return
    if not rows:
        yield Text("No writer has decided on a finding yet.")
    for number, row in enumerate(rows):
        if number:
            yield Text()
        yield from _row(row, now)
    if comments:
        yield Text()
        yield Paragraph(Text("Answers", style="bold"))
    for comment in comments:
        label = Text(f"  {_RATED[comment.reaction]}  ", style="green" if comment.reaction == "up" else "yellow")
        when = Text(f"{ago(comment.at, now)}, {utc(comment.at)}", style="dim")
        yield Paragraph(Text.assemble(when, " \N{EM DASH} ", words(one_line(comment.text))), label)


def _comment_line(comment: Comment) -> tuple[str, ...]:
    at = comment.at.isoformat(timespec="seconds")
    return (*("",) * 6, at, _RATED[comment.reaction], comment.text, "")


def _lines(row: RowFeedback) -> Iterator[tuple[str, ...]]:
    named = (row.lesson, str(row.row), row.dont_say)
    yield (*named, *(str(row.counts[choice]) for choice in _TOLD), "", "", "", "")
    for decision in row.said:
        at = decision.at.isoformat(timespec="seconds")
        yield (*named, "", "", "", at, _TOLD[decision.choice], decision.reason, decision.text or "")


def _row(row: RowFeedback, now: datetime) -> Iterator[RenderableType]:
    dont_say = f": {row.dont_say}" if row.dont_say else ""
    yield Paragraph(Text(one_line(f"{row.lesson}, row {row.row}{dont_say}"), style="bold"))
    yield Paragraph(Text(" · ".join(f"{told} {row.counts[choice]:,}" for choice, told in _TOLD.items())), _INDENT)
    for decision in row.said:
        yield from _said(decision, now)


def _said(decision: Decision, now: datetime) -> Iterator[RenderableType]:
    told = _TOLD[decision.choice]
    label = Text(f"  {told}  ", style="green" if decision.choice is Choice.USE else "yellow")
    when = Text(f"{ago(decision.at, now)}, {utc(decision.at)}", style="dim")
    reason = (" \N{EM DASH} ", words(one_line(decision.reason))) if decision.reason else ()
    yield Paragraph(Text.assemble(when, *reason), label)
    if decision.text:
        quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{one_line(decision.text)}\N{RIGHT DOUBLE QUOTATION MARK}"
        yield Paragraph(Text(quoted, style="cyan"), Text(" " * label.cell_len))
