"""An e-mail's anatomy: what the rep wrote, told apart from quoted messages, headers, courtesies and code.

Every line keeps its exact place in the draft. No library gives that: `mailparser_reply` and `quotequail`, the ones
that are alive, return cleaned copies of a mail's pieces (see `bot.phrasing.thread`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.phrasing import courtesies, thread
from bot.phrasing.tags import LINE_END, LaidOut, Shape, find_tags, lay_out, tag_pairs
from bot.phrasing.visible import Pair, Span, Visible, visible


class Part(StrEnum):
    """What a line of a mail is."""

    BODY = "body"
    SUBJECT = "subject"
    BLANK = "blank"
    RULE = "rule"
    HEADER = "header"
    GREETING = "greeting"
    SIGNATURE = "signature"
    QUOTED = "quoted"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a draft, `draft[start:end]`. The rep's own words to a buyer are its body and subject lines.

    `shown` is what a reader sees of it; of a subject line, and of a line that opens with a greeting, only the words
    after that. `shape` is what HTML or an underline makes of it.
    """

    start: int
    end: int
    part: Part
    shown: Visible
    shape: Shape = Shape.TEXT


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A draft's lines in order, the HTML tags that belong together, and whether there are any tags at all."""

    lines: tuple[Line, ...]
    pairs: tuple[Pair, ...]
    markup: bool


_QUOTE_MARK = re.compile(r"\s*>")
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})([^\r\n]*)")
_PHYSICAL = re.compile(LINE_END)
_BULLET = re.compile(r"(?:[-*+\u2022\u25e6\u25aa\u25cf\u00b7]|\(?\d{1,3}[.)]|\(?[A-Za-z]\))\s|#{1,6}\s|\|")
_MARKS = "*_~` \t\n"
_NOTHING = Visible("", (), ())
_CLASSIFIED = 400
"""Characters of a line that are looked at to tell its part."""


def anatomy(draft: str) -> Anatomy:
    """Tells the parts of `draft`, a plain-text, Markdown or HTML mail, apart."""
    code = tuple(_fenced(draft))
    tags, laid_out = find_tags(draft, code)
    reader = _Reader(draft, tuple(lay_out(draft, tags, code, laid_out=laid_out)))
    return Anatomy(lines=reader.lines(), pairs=tuple(tag_pairs(tags)), markup=bool(tags))


def _fenced(draft: str) -> Iterator[Span]:
    """The fenced code blocks, fences included. A fence that nothing closes is no code: it must not hide a mail."""
    if "```" not in draft and "~~~" not in draft:
        return
    opener: tuple[int, str] | None = None
    ends = [found.start() for found in _PHYSICAL.finditer(draft)] + [len(draft)]
    starts = [0, *(found.end() for found in _PHYSICAL.finditer(draft))]
    for start, end in zip(starts, ends, strict=True):
        fence = _FENCE.match(draft, start, end)
        if not fence:
            continue
        if opener is None:
            if "`" not in fence[2]:
                opener = (start, fence[1])
        elif fence[1].startswith(opener[1]) and not fence[2].strip():
            yield opener[0], end
            opener = None


class _Reader:
    """Tells parts apart from the top of a mail to its end, as its reader does."""

    def __init__(self, draft: str, laid_out: Sequence[LaidOut]) -> None:
        self._draft = draft
        self._lines: list[Line] = []
        self._texts: list[str] = []
        for line in laid_out:
            shown = visible(draft, line.start, line.end, line.hidden) if line.start < line.end else _NOTHING
            part = Part.BODY
            if line.code:
                part = Part.CODE
            elif not shown.text.strip():
                part = Part.BLANK
            elif line.quoted or _QUOTE_MARK.match(shown.text):
                part = Part.QUOTED
            elif not any(map(str.isalnum, shown.text)):
                part = Part.RULE
            self._lines.append(Line(line.start, line.end, part, shown, line.shape))
            self._texts.append(shown.text[:_CLASSIFIED].strip(_MARKS) if shown.text else "")

    def lines(self) -> tuple[Line, ...]:
        """Gives the lines with their parts."""
        top = self._read_top_headers()
        self._read_earlier_messages(top)
        self._read_courtesies()
        self._read_unannounced_signature()
        self._read_subjects_and_underlines()
        return tuple(self._lines)

    def _set(self, i: int, part: Part) -> None:
        if self._lines[i].part not in (Part.BLANK, Part.CODE):
            self._lines[i] = replace(self._lines[i], part=part)

    def _is(self, i: int, *parts: Part) -> bool:
        return self._lines[i].part in parts

    def _read_top_headers(self) -> int:
        """Marks the headers of a pasted mail; gives the line after them."""
        headers: list[int] = []
        i = 0
        for i, text in enumerate(self._texts):
            if self._is(i, Part.BLANK):
                continue
            folded = bool(headers) and headers[-1] == i - 1 and self._lines[i].shown.text[0] in " \t"
            if not self._is(i, Part.BODY) or not (folded or thread.top_field(text)):
                break
            headers.append(i)
        else:
            i = len(self._texts)
        blank_after = bool(headers) and (headers[-1] + 1 >= len(self._lines) or self._is(headers[-1] + 1, Part.BLANK))
        subject = any(thread.subject_end(self._texts[header]) for header in headers)
        if len(headers) < 2 and not blank_after and not subject:
            return 0
        kind = Part.HEADER
        for header in headers:
            if thread.top_field(self._texts[header]):
                kind = Part.SUBJECT if thread.subject_end(self._texts[header]) else Part.HEADER
            self._set(header, kind)
        return i

    def _read_earlier_messages(self, top: int) -> None:
        """Marks earlier messages as quoted: marked ones where they are, unmarked ones from their head to the end."""
        i = top
        while i < len(self._lines):
            head = 0
            if self._is(i, Part.BODY):
                ahead = self._texts[i : i + 20]
                head = thread.opens_earlier_message(ahead) or thread.intro_lines(ahead)
            for j in range(i, i + head):
                self._set(j, Part.QUOTED)
            i += head or 1
            if head and not self._quote_follows(i):
                for j in range(i, len(self._lines)):
                    self._set(j, Part.QUOTED)
                return

    def _quote_follows(self, i: int) -> bool:
        following = next((j for j in range(i, len(self._lines)) if not self._is(j, Part.BLANK, Part.RULE)), None)
        return following is not None and self._is(following, Part.QUOTED)

    def _read_courtesies(self) -> None:
        """Marks greetings, and signatures from their sign-off to where somebody says something again."""
        greeted = said = signing = small_print = touching = False
        previous = Part.BLANK
        for i, text in enumerate(self._texts):
            part = self._lines[i].part
            if part is Part.BLANK:
                touching = small_print = False
            elif part in (Part.QUOTED, Part.HEADER, Part.SUBJECT, Part.CODE):
                signing = False
            elif courtesies.is_greeting(text, first=not said and not greeted) and previous is not Part.BODY:
                self._set(i, Part.GREETING)
                greeted, signing = True, False
            elif courtesies.is_device_line(text):
                self._set(i, Part.SIGNATURE)
            elif self._signs(i, text, said=said):
                self._set(i, Part.SIGNATURE)
                signing = touching = True
            elif signing and (small_print or courtesies.is_disclaimer(text)):
                self._set(i, Part.SIGNATURE)
                small_print = True
            elif signing and not self._resumes(i, text, touching=touching):
                self._set(i, Part.SIGNATURE)
            elif part is Part.BODY:
                self._skip_greeting(i, opens=previous is not Part.BODY)
                said, signing = True, False
            previous = self._lines[i].part

    def _signs(self, i: int, text: str, *, said: bool) -> bool:
        written = self._lines[i].shown.text.strip()
        if written in ("--", "__", "-"):
            return said
        return said and self._is(i, Part.BODY) and not self._is_bullet(i) and courtesies.is_sign_off(text)

    def _is_bullet(self, i: int) -> bool:
        line = self._lines[i]
        return line.shape is not Shape.TEXT or _BULLET.match(line.shown.text.lstrip()[:8]) is not None

    def _resumes(self, i: int, text: str, *, touching: bool) -> bool:
        return (
            self._is_bullet(i)
            or courtesies.is_afterthought(text)
            or courtesies.says_something(text, ended_counts=not touching)
        )

    def _skip_greeting(self, i: int, *, opens: bool) -> None:
        if not opens:
            return
        shown = self._lines[i].shown
        indent = len(shown.text) - len(shown.text.lstrip())
        if end := courtesies.greeting_end(shown.text[indent : indent + _CLASSIFIED]):
            self._lines[i] = replace(self._lines[i], shown=shown.part(indent + end, len(shown.text)))

    def _read_unannounced_signature(self) -> None:
        """Marks a signature without a sign-off: the last lines of what the rep wrote, if they name the sender."""
        last = len(self._lines) - 1
        while last >= 0 and not self._is(last, Part.BODY):
            last -= 1
        first = last
        while first > 0 and self._is(first - 1, Part.BODY):
            first -= 1
        if first <= 0 or last - first > 9 or not any(self._is(i, Part.BODY) for i in range(first)):
            return
        texts = self._texts[first : last + 1]
        dashed = courtesies.is_dashed_name(self._lines[first].shown.text.strip()) and not self._lists_before(first)
        if not dashed and (self._is_bullet(first) or not courtesies.is_name(texts[0])):
            return
        rest = range(first + 1, last + 1)
        if not any(self._is_bullet(i) or courtesies.says_something(self._texts[i], ended_counts=True) for i in rest):
            for i in range(first, last + 1):
                self._set(i, Part.SIGNATURE)

    def _lists_before(self, i: int) -> bool:
        """Whether the mark at line `i` goes on with a list, or starts one that a colon announces."""
        before = next((j for j in range(i - 1, -1, -1) if not self._is(j, Part.BLANK)), None)
        if before is None:
            return False
        return self._texts[before].endswith(":") or (self._is_bullet(before) and self._mark(before) == self._mark(i))

    def _mark(self, i: int) -> str:
        """The first character that is written on line `i`."""
        shown = self._lines[i].shown
        return self._draft[shown.starts[len(shown.text) - len(shown.text.lstrip())]]

    def _read_subjects_and_underlines(self) -> None:
        for i, line in enumerate(self._lines):
            if line.part in (Part.BODY, Part.SUBJECT):
                end = thread.subject_end(line.shown.text[:_CLASSIFIED])
                if end or line.part is Part.SUBJECT:
                    shown = line.shown.part(end, len(line.shown.text))
                    self._lines[i] = replace(line, part=Part.SUBJECT, shown=shown, shape=Shape.HEADING)
            elif line.part is Part.RULE and i and self._is_underlined(i):
                self._lines[i - 1] = replace(self._lines[i - 1], shape=Shape.HEADING)

    def _is_underlined(self, i: int) -> bool:
        """Whether line `i` underlines the one before, which stands alone and does not end as a sentence does."""
        rule = self._lines[i].shown.text.strip()
        title = self._texts[i - 1]
        alone = i < 2 or not self._is(i - 2, Part.BODY)
        drawn = len(rule) > 2 and (set(rule) == {"="} or set(rule) == {"-"})
        return drawn and alone and self._is(i - 1, Part.BODY) and title[-1:] not in (".", "?", "!") and len(title) < 100
