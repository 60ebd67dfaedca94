"""Whether a replacement has the form of the approved wording: its marks, tags, line breaks and characters, no more."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from bot.core.replies import Edit

_LONGEST_FACTOR = 3
_LONGEST_AT_LEAST = 300
_TYPOGRAPHY = frozenset("\u2018\u2019\u201c\u201d\u2013\u2014\u2026")
"""Characters beyond ASCII that a writer may bring in; any other one must stand in the original or the approved text."""

_LINE_END = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_MARK = re.compile(r"[*~`|\\^]+|(?<![^\W_])_+|_+(?![^\W_])")
_LIST = re.compile(
    r"^[ \t]*(?:[-*+\u2022\u00b7\u25e6\u2013\u2014]\s|#{1,6}\s|>|\(?\d{1,3}[.)]\s|\(?[a-zA-Z][.)]\s|[=-]{3,})",
    re.MULTILINE,
)
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(
    r"!?\[[^\[\]\n]{0,500}\]\([^()\s]{0,2000}\)|<a\b[^<>]{0,2000}>[^<>]{0,500}</a>|"
    r"<(?:https?://|mailto:)[^<>\s]{1,2000}(?:\|[^<>]{0,500})?>|<[^<>@\s]{1,64}@[^<>@\s]{1,255}>",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_PAIRED = frozenset({"*", "**", "***", "_", "__", "___", "`"})
"""Marks that stress or set apart what is between them; "~~" strikes it out."""
_BROKEN = re.compile(r"[.!?]\s+[a-z]")
_CLOSERS = "\"')]}\u2019\u201d*_~` \t\r\n"
_END_MARKS = ".!?\u2026;:,"


def form_fault(edit: Edit, approved: Edit, rows: int = 1) -> str | None:
    """Says in a few words what in the form of `edit` must not be, None when all is as in `approved`."""
    before, after, safe = edit.before, edit.after, approved.after
    if (edit.start, edit.end, before) != (approved.start, approved.end, approved.before):
        return "it is about another place"
    if not any(map(str.isalnum, after)):
        return "it says nothing"
    if len(after) > max(_LONGEST_AT_LEAST, _LONGEST_FACTOR * max(len(before), len(safe))):
        return "it is too long"
    return (
        _character_fault(before, after, safe)
        or _layout_fault(before, after, safe, rows)
        or _mark_fault(before, after, safe)
    )


def _character_fault(before: str, after: str, safe: str) -> str | None:
    known = frozenset(before + safe)
    for char in frozenset(after):
        if char in safe or " " <= char <= "~" or _LINE_END.fullmatch(char):
            continue
        if not _prints(char):
            return "it holds a hidden or control character"
        if char not in known and char not in _TYPOGRAPHY:
            return "it brings in a foreign character"
    foreign = [word for word in _WORD.findall(after) if not word.isascii() and not _is_latin(word)]
    if foreign and not set(_WORD.findall(f"{before}\n{safe}")).issuperset(foreign):
        return "it holds a word in another script"
    return None


@lru_cache(maxsize=4_096)
def _prints(char: str) -> bool:
    """Whether a reader sees the character; combining marks and odd blanks do not count as seen."""
    return (
        unicodedata.category(char)[0] not in "CMZ"
        and not char.isspace()
        and char not in "\u2800\u3164\u115f\u1160\uffa0"
    )


def _is_latin(word: str) -> bool:
    return all(char in "'\u2019-" or _script(char) == "LATIN" for char in word)


@lru_cache(maxsize=4_096)
def _script(char: str) -> str:
    """The script of a letter by its name; letters of a mathematical or full-width alphabet are none."""
    return unicodedata.name(char, "").partition(" ")[0]


def _layout_fault(before: str, after: str, safe: str, rows: int) -> str | None:
    if len(_LINE_END.findall(after)) > len(_LINE_END.findall(before)):
        return "it adds a line break"
    if _edges(after) != _edges(safe):
        return "its outer white space is not that of the approved wording"
    if len(_LIST.findall(after)) > len(_LIST.findall(safe)):
        return "it adds a list mark"
    # Where an unended line gets two rows, the approved wording has its full stop for their sake only.
    unended = rows > 1 and not _end_mark(before) and not _end_mark(after)
    if _end_mark(after) != _end_mark(safe) and not unended:
        return "it does not end as the approved wording does"
    if not safe.count("?") <= after.count("?") <= safe.count("?") + before.count("?"):
        return "it asks where the approved wording tells, or the other way round"
    if len(_BROKEN.findall(after)) > len(_BROKEN.findall(before)) + len(_BROKEN.findall(safe)):
        return "it ends a sentence within one"
    if after.count("!") > safe.count("!"):
        return "it exclaims"
    return None


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _end_mark(text: str) -> str:
    last = text.rstrip(_CLOSERS)[-1:]
    return last if last in _END_MARKS else ""


def _mark_fault(before: str, after: str, safe: str) -> str | None:
    kept = Counter(_LINK.findall(before)) | Counter(_LINK.findall(safe))
    if any(count > kept[link] for link, count in Counter(_LINK.findall(after)).items()):
        return "it brings in a link"
    bare, bare_safe, bare_before = (_LINK.sub(" ", text) for text in (after, safe, before))
    if _TAG.findall(bare) != _TAG.findall(bare_safe):
        return "its tags are not those of the approved wording"
    shown, shown_safe, shown_before = (_TAG.sub(" ", text) for text in (bare, bare_safe, bare_before))
    escaped = {_bare(word) for word in (*shown_safe.split(), *shown_before.split())}
    for word in shown.split():
        if any(char in "<>&" for char in word) and _bare(word) not in escaped:
            return "it is not escaped as the approved wording is"
    marks, safe_marks = _MARK.findall(shown), _MARK.findall(shown_safe)
    fits = _frame(after) == _frame(safe) if marks == safe_marks else _keeps_pairs(shown, shown_safe, shown_before)
    return None if fits else "its marks are not those of the approved wording"


def _keeps_pairs(after: str, safe: str, before: str) -> bool:
    """Whether a text has the approved wording's marks, all at its ends, and inside only pairs that the original has."""
    head, tail = _frame(safe)
    frame_head, frame_tail = _frame(after)
    marks = list(_MARK.finditer(after))
    inner = marks[len(head) : len(marks) - len(tail)]
    if head + tail != _MARK.findall(safe) or frame_head[: len(head)] != head:
        return False
    if tail and frame_tail[-len(tail) :] != tail:
        return False
    pairs = _pairs(inner, after)
    if pairs is None:
        return False
    known = Counter(_MARK.findall(before)) - Counter(head + tail)
    return all(mark in _PAIRED and 2 * count <= known[mark] for mark, count in pairs.items())


def _pairs(marks: Sequence[re.Match[str]], text: str) -> Counter[str] | None:
    """How many pairs of each mark there are, None unless every mark closes another or is closed."""
    pairs: Counter[str] = Counter()
    opened: list[str] = []
    for mark in marks:
        closes = bool(opened) and opened[-1] == mark[0]
        if text[mark.start() - 1 : mark.start()].isspace() if closes else text[mark.end() : mark.end() + 1].isspace():
            return None
        if closes:
            pairs[opened.pop()] += 1
        else:
            opened.append(mark[0])
    return None if opened else pairs


def _bare(word: str) -> str:
    """A word without the punctuation and the possessive that its place in a sentence brings."""
    return word.strip("()" + _END_MARKS).removesuffix("'s").removesuffix("\u2019s")


def _frame(text: str) -> tuple[list[str], list[str]]:
    """The tags and marks before the first word and behind the last."""
    masked = _TAG.sub(lambda tag: "<" * len(tag[0]), text)
    words = [i for i, char in enumerate(masked) if char.isalnum()]
    outside = (text[: words[0]], text[words[-1] + 1 :]) if words else (text, "")
    head, tail = (_TAG.findall(part) + _MARK.findall(_TAG.sub("", part)) for part in outside)
    return head, tail
