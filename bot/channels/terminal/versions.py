"""What admins see of versions, as what rich prints: pure, every word escaped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from bot.channels import version_words
from bot.channels.terminal.escaping import one_line
from bot.channels.terminal.layout import Paragraph, TabSeparated, changed_line, words
from bot.channels.terminal.times import age, ago, utc
from bot.core.prompts import (
    Act,
    Moved,
    PromptReply,
    Proposed,
    Trail,
    TrailEntry,
    VersionCard,
    VersionDiff,
    VersionList,
    VersionText,
)

LIVE, ON_TRIAL = "●", "◐"
DIGEST = 12
"""Hexadecimal digits of a version's digest that are shown."""
_GAP = "  "
_STYLES = {Act.DENIED: "red", Act.PUBLISHED: "", Act.EVALUATED: "", Act.TRIAL_STARTED: "yellow"}


def render_versions(reply: PromptReply, *, piped: bool) -> Iterator[RenderableType]:
    """Gives the reply from top to bottom; `piped` gives lists as tab-separated lines and a version as its bare text."""
    match reply:
        case VersionList():
            yield from _list(reply, piped=piped)
        case VersionText():
            yield from _text(reply, piped=piped)
        case VersionDiff():
            yield from _diff(reply)
        case Trail():
            yield from _trail(reply, piped=piped)
        case Proposed():
            yield from _proposed(reply)
        case Moved():
            yield Paragraph(words(reply.summary, "bold green" if reply.entry else ""))
        case _:
            assert_never(reply)


def _list(reply: VersionList, *, piped: bool) -> Iterator[RenderableType]:
    if piped:
        yield TabSeparated((_HEADER, *(_cells(card, reply.now) for card in reply.versions)))
    elif reply.versions:
        yield FiguresTable(reply.versions, reply.now)
    else:
        yield Text("No version is published yet.", style="yellow")


_HEADER = tuple(
    "Version|Serves|Age|Published|By|Replies|Up|Down|Refused by guard|Fell back|Latency|Tokens per 1,000|"
    "From cache|Cost per 1,000|Evaluation|Note".split("|")
)


def _cells(card: VersionCard, now: datetime) -> tuple[str, ...]:
    did = card.figures
    counts = (did.replies, did.up, did.down, did.guarded, did.fell_back)
    return (
        str(card.number),
        version_words.serves(card),
        age(card.at, now),
        card.at.isoformat(timespec="seconds"),
        card.by,
        *map(str, counts),
        version_words.latency(did),
        version_words.tokens(did),
        version_words.from_cache(did),
        version_words.cost(did),
        version_words.evaluation(card.evaluated),
        card.note,
    )


@dataclass(frozen=True, slots=True)
class FiguresTable:
    """Versions, each a line of figures and below it, hanging, what else there is to say.

    The figures stand in columns where the terminal is wide enough, else they wrap, each behind its name.
    """

    cards: Sequence[VersionCard]
    now: datetime

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        header = ("", "Age", "Replies", "Up", "Down", "Failed", "Latency", "Tokens", "From cache", "Cost")
        lines = [self._figures(card) for card in self.cards]
        widths = [max(map(cell_len, column)) for column in zip(header, *lines, strict=True)]
        wide = sum(widths) + len(_GAP) * (len(widths) - 1) <= options.max_width
        if wide:
            yield Text(_aligned(header, widths), style="dim")
        for card, line in zip(self.cards, lines, strict=True):
            style = "bold green" if card.live else "bold yellow" if card.share else "bold"
            if wide:
                yield Text(_aligned(line, widths), style=style)
            else:
                named = [f"{name} {cell}" for name, cell in zip(header[1:], line[1:], strict=True)]
                yield Paragraph(Text(" · ".join(named)), Text(f"{line[0]}  ", style=style))
            hanging = Text(" " * (widths[0] + len(_GAP)))
            said = filter(None, (version_words.serves(card), card.by, version_words.evaluation(card.evaluated)))
            yield Paragraph(Text(one_line(" · ".join(said)), style="dim"), hanging)
            if card.note:
                yield Paragraph(words(card.note), hanging)
        yield Text()
        yield Paragraph(
            Text(
                "Failed: refused by the guard + answered by another engine. Latency: half and 95% of the replies took "
                "at most this. Tokens and cost: for 1,000 replies. From cache: of the tokens that were sent.",
                style="dim",
            )
        )

    def _figures(self, card: VersionCard) -> tuple[str, ...]:
        did = card.figures
        mark = LIVE if card.live else ON_TRIAL if card.share else " "
        return (
            f"{mark} {card.number}",
            age(card.at, self.now),
            f"{did.replies:,}",
            f"{did.up:,}",
            f"{did.down:,}",
            version_words.failed(did),
            version_words.latency(did),
            version_words.tokens(did),
            version_words.from_cache(did),
            version_words.cost(did),
        )


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The cells in columns: the first to the left, figures to the right."""
    first, *others = [" " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)]
    return _GAP.join([f"{cells[0]}{first}", *(f"{space}{cell}" for space, cell in zip(others, cells[1:], strict=True))])


def _text(reply: VersionText, *, piped: bool) -> Iterator[RenderableType]:
    if piped:
        yield words(reply.text.removesuffix("\n"))
        return
    card = reply.card
    state = version_words.serves(card)
    yield Text(f"Version {card.number}{f', {state}' if state else ''}", style="bold")
    published = f"published {ago(card.at, reply.now)} by {card.by}, {utc(card.at)}"
    evaluation = version_words.evaluation(card.evaluated)
    yield Paragraph(Text(one_line(f"{published} · {evaluation} · sha256 {card.digest[:DIGEST]}"), style="dim"))
    yield Text()
    yield words(reply.text.removesuffix("\n"))


def _diff(reply: VersionDiff) -> Iterator[RenderableType]:
    if not reply.lines:
        yield Text(f"Versions {reply.old} and {reply.new} are the same.")
        return
    yield Text(f"--- version {reply.old}", style="bold red")
    yield Text(f"+++ version {reply.new}", style="bold green")
    yield from map(changed_line, reply.lines)


def _trail(reply: Trail, *, piped: bool) -> Iterator[RenderableType]:
    if piped:
        header = ("Entry", "Age", "Time", "By", "What", "Note")
        yield TabSeparated((header, *(_trail_cells(entry, reply.now) for entry in reply.entries)))
        return
    if not reply.entries:
        yield Text("Nothing has happened there.")
        return
    width = max(len(str(entry.position)) for entry in reply.entries)
    for entry in reply.entries:
        yield from _entry(entry, reply.now, width)
    if reply.earlier:
        last = reply.entries[-1].position
        yield Text()
        yield Paragraph(Text(f"There are older ones: prompts log {last}, or coach prompts log --before {last}", "dim"))


def _trail_cells(entry: TrailEntry, now: datetime) -> tuple[str, ...]:
    return (
        str(entry.position),
        age(entry.at, now),
        entry.at.isoformat(timespec="seconds"),
        entry.by,
        version_words.happened(entry),
        entry.note,
    )


def _entry(entry: TrailEntry, now: datetime, width: int) -> Iterator[RenderableType]:
    told = words(version_words.happened(entry), _STYLES.get(entry.act, "green"))
    label = Text(f"{entry.position:>{width}}{_GAP}", style="bold")
    yield Paragraph(Text.assemble((one_line(entry.by), "bold"), " ", told), label)
    when = Text(f"{ago(entry.at, now)}, {utc(entry.at)}", style="dim")
    note = (" \N{EM DASH} ", words(entry.note)) if entry.note else ()
    yield Paragraph(Text.assemble(when, *note), Text(" " * label.cell_len))


def _proposed(reply: Proposed) -> Iterator[RenderableType]:
    """The comparison comes first, so that a long one does not push what is asked off the screen."""
    if reply.diff:
        yield from _diff(reply.diff)
        yield Text()
    yield Text(version_words.proposal(reply), style="bold")
    if reply.replaces:
        yield from _named("now", reply.replaces, reply.now)
    yield from _named("then" if reply.replaces else "version", reply.version, reply.now)
    yield Paragraph(words(reply.note), _label("reason"))
    for warning in reply.warnings:
        yield Paragraph(words(warning, "yellow"), Text("  ! ", style="bold yellow"))


def _named(what: str, card: VersionCard, now: datetime) -> Iterator[RenderableType]:
    done, at, by = ("made live", card.live.at, card.live.by) if card.live else ("published", card.at, card.by)
    yield Paragraph(Text(f"version {card.number}, {done} {ago(at, now)} by {one_line(by)}"), _label(what))
    said = " · ".join(filter(None, (version_words.evaluation(card.evaluated), card.note)))
    yield Paragraph(words(said, "dim"), Text(" " * _label(what).cell_len))


def _label(name: str) -> Text:
    return Text(f"  {name:<7}  ", style="cyan")
