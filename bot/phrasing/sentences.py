"""Sentences as people write them in mail and chat: nupunkt's, with care for what it was not trained on."""

import re
from collections.abc import Iterator

from bot.knowledge.sentences import split_sentences
from bot.phrasing.visible import ADDRESS, Span

MAX_WORDS = 120
"""Words of one unit: what the sentence model reads is not much longer, and no reader takes more for a sentence."""

_MIN_WORDS = 15
"""Words that a piece of an overlong sentence has at least, where there is a choice."""

_WINDOW = 2_000
"""Characters split at a time: `nupunkt` takes quadratic time over brackets that follow full stops."""

_STARTERS = (
    "We|You|It|They|He|She|The|This|That|These|Those|There|Our|Your|Their|My|If|For|As|And|But|So|Or|With|No|Not|Yes"
    "|Let|Just|Also|When|What|How|Why|Who|Please|Thanks|Then|Now|Once|After|Before|To|At|In|On|By|Is|Are|Can|Will|Do"
)
_RUN_ON = re.compile(
    rf"(?<=[a-z0-9)])(?:[.!?]|\.\.\.)(?=(?:{_STARTERS}|I)(?:\s|'))"  # "docs.It is": a blank is missing
    r"|(?<=\w)[?!]{1,3}(?=[A-Z][a-z])"
    r"|(?<=\w)[?!]{1,3}(?=\s+[a-z])"
    rf"|(?<=\w)\.\.\.(?=\s*(?:{_STARTERS}|I)(?:\s|'))"
    r"|(?<=[a-z]{3})\.(?=\s+(?:[A-Z]|\d{1,2}[.)](?!\S)))"  # nupunkt keeps many a word and a capital together
    r"|(?<=\W(?:it|us|so|do|me|go|on|in|up|ok|to|as|is|be|AI|IT))\.(?=\s+[A-Z])"
    r"|(?<=\w\d)\.(?=\s+[A-Z])"
    r"|(?<=[^\W\da-zA-Z])[.!?\u3002\uff01\uff1f\u061f\u06d4](?=\s*[^\W\da-zA-Z])"  # Arabic, Chinese, Hebrew
)
_TITLES = "mr|mrs|ms|messrs|dr|prof|gov|sen|rep|gen|capt|lt|maj|col|sgt|supt|hon|rev|st|pres"
_NUMBERED = "nos?|figs?|secs?|pp?|arts?|refs?|exts?|ch|vol|par|q"
_NEVER_LAST = re.compile(
    rf"(?<![\w.])(?:{_TITLES}|{_NUMBERED}|e\.g|i\.e|cf|vs|approx|incl|excl|esp|resp|viz|attn|tel)\.\Z", re.IGNORECASE
)
_NUMBER_MARK = re.compile(rf"(?<![\w.])(?:{_NUMBERED})\.\Z", re.IGNORECASE)
_SELDOM_LAST = re.compile(
    rf"(?<![\w.])(?:{_TITLES}|[A-Za-z]|etc|[ap]\.m|u\.s|u\.k|dept|est|min|max|avg|misc|sr|jr|inc|ltd|co|corp|assn|univ|intl"
    r"|natl|govt|mgmt|bldg|dist|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|ph\.d)\.\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")
_JOINTS = (re.compile(r"[;\n]\Z"), re.compile(r"(?::|--?|\))\Z"), re.compile(r",\Z"))


def sentence_spans(text: str) -> Iterator[Span]:
    """Gives the sentences of a block as spans of `text`, with no white space around them.

    A sentence of more than `MAX_WORDS` words is cut, at a semicolon or line end where there is one.
    """
    pending: Span | None = None
    for start, end in _split(text.replace(ADDRESS, "x")):
        if pending and _belong_together(text, pending[1], start, end):
            pending = (pending[0], end)
            continue
        if pending:
            yield from _cut(text, *pending)
        pending = (start, end)
    if pending:
        yield from _cut(text, *pending)


def _split(text: str) -> Iterator[Span]:
    """The sentences as nupunkt sees them, window by window, and run-on ones apart."""
    position = 0
    while position < len(text):
        window = text[position : position + _WINDOW]
        last = position + _WINDOW >= len(text)
        found = [(position + offset, position + offset + len(sentence)) for offset, sentence in split_sentences(window)]
        if not last and len(found) == 1:
            found = list(_cut(text, *found[0]))
        kept = found if last or len(found) < 2 else found[:-1]
        for start, end in kept:
            yield from _apart(text, start, end)
        position = found[-1][0] if len(kept) < len(found) else position + _WINDOW


def _apart(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _RUN_ON.finditer(text, start, end):
        before = text[max(start, found.end() - 12) : found.end()]
        if found.start() == start or _NEVER_LAST.search(before) or _SELDOM_LAST.search(before):
            continue
        yield start, found.end()
        start = found.end()
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _belong_together(text: str, end: int, start: int, following_end: int) -> bool:
    """Whether a full stop at `end` only abbreviates, or what starts at `start` is no sentence of its own."""
    if not any(map(str.isalnum, text[start:following_end])):
        return not text[start:following_end].strip(" .,;:!?\"')]}")
    before = text[max(0, end - 12) : end]
    if _NEVER_LAST.search(before):  # "No." before a word is a sentence
        return text[start].islower() or text[start].isdigit() or not _NUMBER_MARK.search(before)
    return text[start].islower() and _SELDOM_LAST.search(before) is not None


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """A span in pieces of at most `MAX_WORDS` words and `_WINDOW` characters, at the best joints there are."""
    words = [found.span() for found in _WORD.finditer(text, start, end)]
    first = 0
    while len(words) - first > MAX_WORDS or (first < len(words) and end - words[first][0] > _WINDOW):
        limit = first + 1
        while limit - first < MAX_WORDS and limit < len(words) and words[limit][1] - words[first][0] <= _WINDOW:
            limit += 1
        if limit == len(words):
            break
        stop = _best_joint(text, words, first, limit)
        yield words[first][0], words[stop - 1][1]
        first = stop
    if first < len(words):
        yield words[first][0], words[-1][1]


def _best_joint(text: str, words: list[Span], first: int, limit: int) -> int:
    """The word before which to cut, at most `limit`: after the last `;` or line end, else `:`, else `,`."""
    for joint in _JOINTS:
        for stop in range(limit, first + _MIN_WORDS, -1):
            between = text[words[stop - 1][1] - 1 : words[stop - 1][1]]
            if "\n" in text[words[stop - 1][1] : words[stop][0]]:
                between = "\n"
            if joint.search(between):
                return stop
    return limit
