"""Reads one lesson file: Markdown, with optional front matter, into sections, passages and guide rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.lessons import ALWAYS, MAX_SENTENCES, GuideRow, Lesson, Passage, Period, Sentence
from bot.knowledge import front_matter
from bot.knowledge.faults import Fault, LessonError
from bot.knowledge.sentences import split_sentences

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

MAX_BYTES = 2_000_000
MAX_BLOCK = 10_000
"""Characters of a paragraph, heading or table cell: what Markdown parsers need for unmatched brackets grows faster."""
GUIDE_HEADER = ("don't say", "do say", "why it matters")
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_QUOTES = {
    '"': '"',
    "'": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}",
    "\N{LEFT SINGLE QUOTATION MARK}": "\N{RIGHT SINGLE QUOTATION MARK}",
}


@dataclass(slots=True)
class _Builder:
    """What has been read of a lesson so far."""

    lesson: str
    file: str
    title: str = ""
    section: str = ""
    sections: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    guide: list[GuideRow] = field(default_factory=list)
    table_period: Period = ALWAYS

    def heading(self, text: str, level: int) -> None:
        """Opens a section. The first heading is the title, and no section when it has level 1 and stands over all."""
        if not self.title:
            self.title = text
            if level == 1 and not self.passages and not self.guide:
                return
        self.section = text
        self.sections.append(text)

    def block(self, text: str, line: int, period: Period = ALWAYS) -> None:
        """Adds one block as passages of at most `MAX_SENTENCES` sentences, as even as can be."""
        sentences = [
            Sentence(text=" ".join(sentence.split()), line=line + text.count("\n", 0, start))
            for start, sentence in split_sentences(text)
        ]
        if not sentences:
            return
        parts = -(-len(sentences) // MAX_SENTENCES)
        for part in range(parts):
            first, last = part * len(sentences) // parts, (part + 1) * len(sentences) // parts
            self.passages.append(
                Passage(
                    lesson=self.lesson,
                    section=self.section,
                    ordinal=len(self.passages),
                    sentences=tuple(sentences[first:last]),
                    period=period,
                )
            )

    def row(self, cells: Sequence[str], line: int) -> None:
        """Adds one row of a guide table."""
        dont_say, say, why = (_unquoted(cell) for cell in cells)
        number = len(self.guide) + 1
        if not dont_say or not say:
            missing = "Don't say" if not dont_say else "Do say"
            raise LessonError(Fault(self.file, line, f"guide row {number} has an empty {missing!r} cell: fill it in"))
        self.guide.append(
            GuideRow(
                lesson=self.lesson,
                section=self.section,
                row=number,
                dont_say=dont_say,
                say=say,
                why=why,
                line=line,
                period=self.table_period,
            )
        )


def parse_lesson(raw: bytes, *, lesson: str, file: str) -> Lesson:
    """Parses the bytes of `file` as the lesson with the id `lesson`.

    Raises:
        LessonError: the file is no UTF-8, too large, or its front matter or a guide row is unusable.
    """
    text = _decoded(raw, file)
    tokens = _markdown(text, file)
    meta = _front_matter(tokens, file)
    builder = _Builder(lesson=lesson, file=file)
    _read_blocks(tokens, builder)
    if not builder.passages and not builder.guide:
        raise LessonError(Fault(file, 1, "the lesson has no text: write paragraphs, lists or a guide table"))
    return Lesson(
        id=lesson,
        title=front_matter.title(meta, file) or builder.title or lesson,
        order=front_matter.order(meta, file),
        sections=tuple(builder.sections),
        passages=tuple(builder.passages),
        guide=tuple(builder.guide),
        period=front_matter.period(meta, Fault(file, 1, "front matter")),
    )


def other_tables(raw: bytes, *, file: str) -> "Iterator[tuple[int, tuple[str, ...]]]":
    """Yields the line and the header of each table of a lesson that is not a guide.

    Raises:
        LessonError: as `parse_lesson`.
    """
    for token_line, header in _headers(_markdown(_decoded(raw, file), file)):
        if not _is_guide(header):
            yield token_line, header


def _headers(tokens: "Sequence[Token]") -> "Iterator[tuple[int, tuple[str, ...]]]":
    for position, token in enumerate(tokens):
        if token.type == "table_open":
            line, cells = next(_table_rows(tokens[position:]))
            yield line, tuple(map(_plain_words, cells))


def _decoded(raw: bytes, file: str) -> str:
    if len(raw) > MAX_BYTES:
        size = f"{len(raw):,} bytes; at most {MAX_BYTES:,} are read"
        raise LessonError(Fault(file, 1, f"the file has {size}: split it into several lessons"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise LessonError(Fault(file, line, "not UTF-8 text: save the file as UTF-8")) from error
    if "\x00" in text:
        raise LessonError(Fault(file, text.count("\n", 0, text.index("\x00")) + 1, "a binary file, not Markdown"))
    return text


def _markdown(text: str, file: str) -> "list[Token]":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    def bounded_blocks(state: "StateCore") -> None:
        for token in state.tokens:
            if token.type == "inline" and len(token.content) > MAX_BLOCK:
                size = f"{len(token.content):,} characters; at most {MAX_BLOCK:,} are read"
                raise LessonError(Fault(file, _line(token), f"a paragraph of {size}: put blank lines into it"))

    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(front_matter_plugin)
    markdown.core.ruler.before("inline", "bounded_blocks", bounded_blocks)
    return markdown.parse(text)


def _front_matter(tokens: "Sequence[Token]", file: str) -> Mapping[str, object]:
    where = Fault(file, 1, "front matter")
    if tokens and tokens[0].type == "front_matter":
        return front_matter.read_settings(tokens[0].content, front_matter.FRONT_MATTER, where, first_line=2)
    # An opening --- alone is a rule to Markdown, and the settings would become the lesson's first words.
    if len(tokens) > 2 and tokens[0].type == "hr" and tokens[0].map == [0, 1]:
        opening = next((token.content for token in tokens[1:3] if token.type == "inline"), "")
        if opening.partition(":")[0].strip() in front_matter.FRONT_MATTER:
            raise front_matter.fault(where, "it is not closed: write --- on a line of its own after it")
    return {}


def _read_blocks(tokens: "Sequence[Token]", builder: _Builder) -> None:
    """Walks the block tokens; code and raw HTML blocks hold nothing to cite and are passed over.

    A comment such as `<!-- effective_from: 2026-12-01 -->` before a table says when that table is in force.
    """
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "table_open":
            end = _closing(tokens, position)
            _read_table(tokens[position:end], builder)
            builder.table_period = ALWAYS
            position = end
        elif token.type == "html_block" and (comment := _period_comment(token.content)):
            where = Fault(builder.file, _line(token), "comment before a table")
            if position + 1 == len(tokens) or tokens[position + 1].type != "table_open":
                raise front_matter.fault(where, "no table follows it at once: put it on the line before the table")
            builder.table_period = front_matter.period(
                front_matter.read_settings(comment, front_matter.PERIOD, where, first_line=where.line), where
            )
        elif token.type == "inline":
            text, line = _plain(token), _line(token)
            opener = tokens[position - 1]
            if opener.type == "heading_open":
                builder.heading(" ".join(text.split()), int(opener.tag[1]))
            else:
                builder.block(text, line)
        position += 1


def _period_comment(html: str) -> str | None:
    """The settings of a comment that holds nothing but a period, None for any other HTML."""
    html = html.strip()
    if not (html.startswith("<!--") and html.endswith("-->")):
        return None
    inside = html.removeprefix("<!--").removesuffix("-->")
    if inside.partition(":")[0].strip() not in front_matter.PERIOD:
        return None
    return "\n".join(line.strip() for line in inside.split("\n"))


def _closing(tokens: "Sequence[Token]", position: int) -> int:
    level = tokens[position].level
    return next(i for i in range(position, len(tokens)) if tokens[i].type == "table_close" and tokens[i].level == level)


def _read_table(tokens: "Sequence[Token]", builder: _Builder) -> None:
    """A guide table becomes guide rows; in any other table each row is a block, its cells named by their header."""
    rows = list(_table_rows(tokens))
    header = [_plain_words(cell) for cell in rows[0][1]]
    for line, cells in rows[1:]:
        if _is_guide(header):
            builder.row([_plain_words(cell) for cell in cells], line)
        else:
            named = zip(header, map(_plain_words, cells), strict=False)
            text = "; ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)
            builder.block(text, line, builder.table_period)


def _is_guide(header: Sequence[str]) -> bool:
    return tuple(cell.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for cell in header) == GUIDE_HEADER


def _table_rows(tokens: "Sequence[Token]") -> "Iterator[tuple[int, list[Token]]]":
    line = 0
    cells: list[Token] = []
    for token in tokens:
        if token.type == "tr_open":
            line, cells = _line(token), []
        elif token.type == "inline":
            cells.append(token)
        elif token.type == "tr_close":
            yield line, cells


def _line(token: "Token") -> int:
    return token.map[0] + 1 if token.map else 1


def _plain(token: "Token") -> str:
    """The words of an inline token as a reader sees them; line breaks are kept as such."""
    words = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type == "image":
            words.append(_plain(child))
        elif child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif child.type == "html_inline" and _BREAK.match(child.content):
            words.append(" ")
    return "".join(words)


def _plain_words(token: "Token") -> str:
    return " ".join(_plain(token).split())


def _unquoted(cell: str) -> str:
    """A cell without the quotation marks around the whole of it."""
    if len(cell) > 1 and _QUOTES.get(cell[0]) == cell[-1] and cell[0] not in cell[1:-1]:
        return cell[1:-1].strip()
    return cell
