"""What replies are laid out with: hanging paragraphs, tables, tab-separated lines, the lines of a comparison."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from bot.channels.terminal.escaping import one_line, visible
from bot.core.prompts import Change, ChangedLine

_STYLES = {Change.SAME: "dim", Change.GAP: "dim", Change.REMOVED: "red", Change.ADDED: "green"}


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
            line.rstrip()
            yield Text.assemble(hanging if number else self.label, line)


def words(text: str, style: str = "") -> Text:
    """Text that somebody wrote, escaped."""
    return Text(visible(text), style=style)


def counted(count: int, what: str) -> str:
    """A count and what it counts: "1 lesson", "2,000 lessons"."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def changed_line(line: ChangedLine) -> Paragraph:
    """One line of a comparison: its sign, and the words that changed marked."""
    style = _STYLES[line.change]
    sign = Text(f"{line.change.value} " if line.text else line.change.value, style=style)
    pieces: list[Text] = []
    position = 0
    for start, end in line.marks:
        pieces += [words(line.text[position:start], style), words(line.text[start:end], f"bold underline {style}")]
        position = end
    return Paragraph(Text.assemble(*pieces, words(line.text[position:], style)), sign)


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
