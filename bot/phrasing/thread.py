"""Where a mail's earlier messages start: "On … wrote:" lines, forwarded and original-message headers.

`mailparser_reply` and `quotequail` know these in many languages, and some of their words are used here. Both work
on stripped copies of the lines and give texts back, not places in the draft, and several of their patterns take
quadratic time; a review needs exact offsets and an answer for any input.
"""

import re
from collections.abc import Mapping, Sequence

INTRO_LINES = 3
"""Lines over which mail clients wrap "On … wrote:"."""

_INTRO_LONGEST = 300
_INTRO_START = re.compile(
    r"(?:on|am|le|el|il|em|op|den|dnia|w dniu)\s|\d{4}[-/.]\d|\d{1,2}[./]\d|\S[^\n]{0,80}<[^\s<>]{1,80}>", re.IGNORECASE
)
_INTRO_END = re.compile(
    r"(?:wrote|writes|schrieb[^\n:]{0,80}|a\s+\u00e9crit|escribi\u00f3|ha\s+scritto|escreveu|skrev[^\n:]{0,80}|schreef[^\n:]{0,80}"
    r"|napisa\u0142(?:\(a\)|a)?)\s*:$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"""-{2,}\s*(?:original|forwarded|original\ appointment|urspr\u00fcngliche|weitergeleitete|message\ d'origine
        |mensaje\ original|messaggio\ originale|mensagem\ original)\b[^\n]{0,60}?-{2,}
    | -{5,}\s*forwarded\ by\b[^\n]{0,80}
    | begin\ forwarded\ message\s*:?
    | (?:forwarded|original)\ message\s*:""",
    re.IGNORECASE | re.VERBOSE,
)
_ENGLISH = {
    "from": "from",
    "date": "date sent",
    "to": "to cc bcc reply-to",
    "subject": "subject",
    "other": "importance priority sensitivity attachments sender message-id mime-version thread-topic received",
}
_FOREIGN = {
    "from": "von de da van fr\u00e5n",
    "date": "datum gesendet envoy\u00e9 enviado inviato fecha data verzonden skickat",
    "to": "an \u00e0 para aan till",
    "subject": "betreff objet asunto oggetto assunto onderwerp \u00e4mne",
}
_TOP_FIELDS = {word: kind for kind, words in _ENGLISH.items() for word in words.split()}
_FIELDS = _TOP_FIELDS | {word: kind for kind, words in _FOREIGN.items() for word in words.split()}
_FIELD = re.compile(r"[*_\s]{0,4}(?P<name>[^\W\d_][\w-]{1,24}|\u00e0)\s?[*_]{0,2}\s?:[*_]{0,2}(?:\s|$)", re.IGNORECASE)
_SUBJECT = re.compile(
    r"[*_\s]{0,4}subject\s?[*_]{0,2}\s?:[*_]{0,2}\s*(?:(?:re|fwd?|aw|wg)\s?(?:\[\d{1,3}\])?\s?:\s*){0,9}", re.IGNORECASE
)


def top_field(line: str) -> str:
    """The kind of header of the rep's own mail that the line is: from, date, to, subject, other, or "" for none."""
    return _field(line, _TOP_FIELDS)


def _field(line: str, fields: Mapping[str, str]) -> str:
    found = _FIELD.match(line[:60])
    return fields.get(found["name"].lower(), "") if found else ""


def subject_end(line: str) -> int:
    """Where a "Subject:" line's own words start, past "Re:" and the like; 0 when it is no such line."""
    found = _SUBJECT.match(line)
    return found.end() if found else 0


def intro_lines(lines: Sequence[str]) -> int:
    """How many of the lines, from the first on, are an "On … wrote:" intro; 0 for none. Only a few are looked at."""
    if not lines or not _INTRO_START.match(lines[0][:_INTRO_LONGEST]):
        return 0
    text = ""
    for count, line in enumerate(lines[:INTRO_LINES], start=1):
        text = f"{text} {line}".strip()
        if not line or len(text) > _INTRO_LONGEST:
            return 0
        if _INTRO_END.search(text[-120:]):
            return count if any(char.isdigit() or char == "@" for char in text) else 0
    return 0


def opens_earlier_message(lines: Sequence[str]) -> int:
    """How many lines, from the first on, head an earlier message: a separator, or "From:" with more below it.

    0 for none. Only the lines of the head are looked at.
    """
    if not lines:
        return 0
    if len(lines[0]) <= 160 and _SEPARATOR.fullmatch(lines[0]):
        return 1 + _head(lines[1:])
    if _field(lines[0], _FIELDS) == "from":
        return _head(lines)
    return 0


def _head(lines: Sequence[str]) -> int:
    """How many lines the header block at the start of `lines` has; 0 when it is none."""
    kinds: set[str] = set()
    last = 0
    for count, line in enumerate(lines[:16], start=1):
        kind = _field(line, _FIELDS)
        if kind:
            kinds.add(kind)
            last = count
        elif count - last > 2:
            break
    return last if len(kinds & {"from", "date", "to", "subject"}) > 1 else 0
