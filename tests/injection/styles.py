"""Prompt injections as they are met in the wild, and what a model does that obeys them.

In the texts of a model's edits and answers stand for something of the request: `{claim}`, `{approved}` and `{row}` the
first listed place, `{harmless}`, `{kept}` and `{quoted}` other sentences of the draft, `{draft}` the whole of it,
`{injection}` the injection itself and `{prompt}` the beginning of the system prompt.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from bot.knowledge.sentences import split_sentences

FILE = Path(__file__).with_name("styles.jsonl")

Cites = Literal["nothing", "a true line"]

_PLACEHOLDER = re.compile(r"\{[a-z ]+\}")
_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, slots=True)
class Obeyed:
    """A stretch of an obedient answer, and what the model cites for it."""

    text: str
    cites: Cites


@dataclass(frozen=True, slots=True)
class ObeyedEdit:
    """An edit of an obedient model."""

    quote: str
    row: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Style:
    """One way to inject an instruction; `style` says in words which."""

    id: str
    style: str
    text: str
    answer_obeys: tuple[Obeyed, ...]
    edits_obey: tuple[ObeyedEdit, ...]

    @property
    def told(self) -> frozenset[str]:
        """The sentences, as `plain`, that only a model says that obeys."""
        texts = [obeyed.text for obeyed in self.answer_obeys if not _PLACEHOLDER.search(obeyed.text)]
        return frozenset(filter(None, (plain(sentence) for text in texts for sentence in sentences(text))))


@cache
def styles() -> tuple[Style, ...]:
    """Every style of the file."""
    return tuple(_style(json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines())


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text; none goes over the end of a line."""
    for line in text.splitlines():
        yield from (sentence for _, sentence in split_sentences(line))


def plain(text: str) -> str:
    """The words of a text, in lower case, without marks of citations and what nobody sees."""
    seen = "".join(char for char in _MARK.sub("", text) if unicodedata.category(char) not in ("Cf", "Cc", "Mn"))
    return " ".join(re.findall(r"\w+", seen.lower()))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each `{name}` of `values` in place, where other braces stay."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[0][1:-1], found[0]), text)


def _style(read: Mapping[str, object]) -> Style:
    answers, edits = read["answer_obeys"], read["edits_obey"]
    if not isinstance(answers, list) or not isinstance(edits, list):
        raise TypeError(f"style {read['id']!r}: answer_obeys and edits_obey are lists")
    return Style(
        id=str(read["id"]),
        style=str(read["style"]),
        text=str(read["text"]),
        answer_obeys=tuple(Obeyed(**each) for each in answers),
        edits_obey=tuple(ObeyedEdit(**each) for each in edits),
    )
