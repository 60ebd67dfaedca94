"""Replies as what rich prints: pure, every word escaped, nothing read as markup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from bot.channels.terminal.diff import DiffLine, Kind, diff
from bot.channels.terminal.escaping import one_line, visible
from bot.core.lessons import GuideRow
from bot.core.replies import Answer, Citation, Finding, Forgotten, Guide, Help, Refused, Reply, Review

_SIGNS = {Kind.SAME: "dim", Kind.GAP: "dim", Kind.REMOVED: "red", Kind.ADDED: "green"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text behind a label. On a terminal its lines wrap and hang under the first; else it is one line."""

    text: Text
    label: Text = field(default_factory=Text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if options.no_wrap:
            yield Text.assemble(self.label, self.text)
            return
        width = max(options.max_width - self.label.cell_len, 20)
        hanging = Text(" " * self.label.cell_len)
        for number, line in enumerate(self.text.wrap(console, width)):
            yield Text.assemble(hanging if number else self.label, line)


def words(text: str, style: str = "") -> Text:
    """Text that somebody wrote, escaped."""
    return Text(visible(text), style=style)


def render(reply: Reply, *, piped: bool) -> Iterator[RenderableType]:
    """Gives the reply from top to bottom; `piped` leaves out what only eyes want, such as table borders."""
    match reply:
        case Answer():
            yield Paragraph(words(reply.text))
            yield from sources(reply)
        case Review():
            yield from _review(reply)
        case Guide():
            yield from _guide(reply, piped=piped)
        case Help():
            yield from _help(reply)
        case Forgotten(turns=turns):
            yield Text(f"Forgotten: {turns} {'answer' if turns == 1 else 'answers'}.")
        case Refused(reason=reason):
            yield Paragraph(words(reason, "yellow"))


def sources(answer: Answer) -> Iterator[RenderableType]:
    """The lines that an answer rests on, or the nearest ones when the lessons do not cover the question."""
    if answer.citations:
        yield Text()
        yield from (_citation(citation, number=True) for citation in answer.citations)
    if answer.closest:
        yield Text()
        yield Text("The closest lines:", style="bold")
        yield from (_citation(citation, number=False) for citation in answer.closest)


def _citation(citation: Citation, *, number: bool) -> Paragraph:
    where = one_line(citation.section or citation.lesson)
    label = Text(f"[{citation.n}] " if number else "- ", style="cyan")
    return Paragraph(Text.assemble((where, "bold"), " \N{EM DASH} ", words(f'"{citation.quote}"')), label)


def _review(review: Review) -> Iterator[RenderableType]:
    if not review.findings:
        yield Text("Nothing to change: the draft makes no claim that the guide says not to make.", style="green")
    for number, finding in enumerate(review.findings, 1):
        if number > 1:
            yield Text()
        yield from _finding(finding, Text(f"{number}. ", style="bold red"))
    if review.edits:
        yield Text()
        yield Text("--- draft", style="bold red")
        yield Text("+++ rewritten", style="bold green")
        yield from (_diff_line(line) for line in diff(review.draft, review.edits))
    if review.notes:
        yield Text()
        yield Text("Worth a look (left as it is):", style="bold yellow")
        for note in review.notes:
            yield from _finding(note, Text("?  ", style="bold yellow"))


def _finding(finding: Finding, sign: Text) -> Iterator[RenderableType]:
    yield Paragraph(words(finding.quote, "bold"), sign)
    yield Paragraph(words(finding.row.say), Text("   Say instead: ", style="green"))
    if finding.row.why:
        yield Paragraph(words(finding.row.why), Text("   Why: ", style="cyan"))


def _diff_line(line: DiffLine) -> Paragraph:
    style = _SIGNS[line.kind]
    sign = Text(f"{line.kind.value} " if line.text else line.kind.value, style=style)
    pieces: list[Text] = []
    position = 0
    for start, end in line.marks:
        pieces += [words(line.text[position:start], style), words(line.text[start:end], f"bold {style}")]
        position = end
    return Paragraph(Text.assemble(*pieces, words(line.text[position:], style)), sign)


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


@dataclass(frozen=True, slots=True)
class TabSeparated:
    """Lines of cells between tabs, which rich would turn into spaces."""

    lines: Sequence[Sequence[str]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Segment("".join("\t".join(map(one_line, line)) + "\n" for line in self.lines))


def rows(header: Sequence[str], cells: Sequence[Sequence[str]], *, piped: bool) -> RenderableType:
    """A table: with borders for eyes, as tab-separated lines for a pipe."""
    if piped:
        return TabSeparated((header, *cells))
    table = Table(show_lines=True, header_style="bold")
    for name in header:
        table.add_column(Text(one_line(name)), overflow="fold")
    for line in cells:
        table.add_row(*(Text(one_line(cell)) for cell in line))
    return table


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
