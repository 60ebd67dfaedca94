"""A model's edits as proposals: read, found in the draft, and told apart from new claims."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from bot.core.lessons import GuideRow
from bot.core.ports import RewriteTask
from bot.core.replies import Edit, Fallback, Finding
from bot.engines.claude.failures import CallFailedError
from bot.phrasing.judging import FINDING
from bot.phrasing.units import Unit, units

MAX_LISTED = 40
"""Findings that a model is asked about, the first ones: more edits do not fit into its reply."""
MAX_EDITS = 200
LEAST_WORDS = 3
"""Words by which a part of a sentence is known for it."""
MAX_TEXT = 20_000


class ModelEdit(BaseModel):
    """One edit as a model gives it: exact words of the draft, a guide row, other words."""

    quote: Annotated[str, Field(max_length=MAX_TEXT)]
    row: Annotated[str, Field(max_length=200)]
    replacement: Annotated[str, Field(max_length=MAX_TEXT)]


class _Edits(BaseModel):
    edits: Annotated[list[ModelEdit], Field(max_length=MAX_EDITS)]


@dataclass(frozen=True, slots=True)
class Added:
    """A claim that only the model found, the sentence that makes it, and the model's words for its place."""

    finding: Finding
    sentence: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Proposals:
    """Edits of listed places, and claims beside them."""

    edits: tuple[Edit, ...]
    added: tuple[Added, ...]


def listed(task: RewriteTask) -> list[dict[str, object]]:
    """The places to find other words for, as a request lists them."""
    return [
        {
            "quote": edit.before,
            "rows": [f"{row.lesson}/{row.row}" for row in _rows(task, edit)],
            "approved": edit.after,
        }
        for edit in task.approved[:MAX_LISTED]
    ]


def read_edits(reply: str) -> tuple[ModelEdit, ...]:
    """Reads a reply of the form `{"edits": …}`, also one with words or a code fence around it.

    Raises:
        CallFailedError: it is none.
    """
    start, end = reply.find("{"), reply.rfind("}")
    try:
        return tuple(_Edits.model_validate(json.loads(reply[start : end + 1])).edits)
    except (ValueError, ValidationError, RecursionError):
        raise CallFailedError(Fallback.CUT_OFF, says="its edits cannot be read", not_understood=True) from None


def proposals(task: RewriteTask, edits: Sequence[ModelEdit]) -> Proposals:
    """Finds the places of `edits` in the draft; what is found nowhere, or of no row, is passed over."""
    finder = _Finder(task)
    for edit in edits:
        finder.take(edit)
    return Proposals(tuple(finder.edits.values()), tuple(finder.added.values()))


Place = tuple[int, int]


class _Finder:
    """Finds the places of edits one by one."""

    def __init__(self, task: RewriteTask) -> None:
        self._task = task
        self._known = {(finding.start, finding.end) for finding in task.findings}
        self._rows = {f"{row.lesson}/{row.row}": row for row in task.knowledge.guide}
        self._units: Sequence[Unit] | None = None
        self.edits: dict[Place, Edit] = {}
        self.added: dict[tuple[Place, GuideRow], Added] = {}

    def take(self, edit: ModelEdit) -> None:
        """Takes one edit: a listed place's first, or else a new claim."""
        quote = edit.quote.strip()
        row = self._rows.get(edit.row)
        if not quote or row is None:
            return
        if not self._propose_listed(quote, edit.replacement):
            for unit in self._holding(quote):
                self._add(unit, row, quote, edit.replacement.strip())

    def _propose_listed(self, quote: str, replacement: str) -> bool:
        places = [safe for safe in self._task.approved if safe.before.count(quote) == 1]
        for safe in places:
            after = safe.before.replace(quote, replacement.strip())
            place = (safe.start, safe.end)
            self.edits.setdefault(place, Edit(safe.start, safe.end, safe.before, after))
        return bool(places)

    def _holding(self, quote: str) -> Iterator[Unit]:
        """The rep's own sentences that the quote is, or the only one that holds it."""
        draft = self._task.draft
        if self._units is None:
            self._units = units(draft)
        is_unique = len(quote.split()) >= LEAST_WORDS and draft.count(quote) == 1
        for unit in self._units:
            is_whole = draft[unit.start : unit.end] == quote or unit.text == quote
            if is_whole or (is_unique and draft.count(quote, unit.start, unit.end)):
                yield unit

    def _add(self, unit: Unit, row: GuideRow, quote: str, replacement: str) -> None:
        place = (unit.start, unit.end)
        before = self._task.draft[unit.start : unit.end]
        after = before.replace(quote, replacement) if quote in before else replacement
        if place not in self._known:
            added = Added(Finding(row, *place, before, FINDING), unit.text, Edit(*place, before, after))
            self.added.setdefault((place, row), added)


def _rows(task: RewriteTask, edit: Edit) -> Mapping[GuideRow, None]:
    return {finding.row: None for finding in task.findings if edit.start <= finding.start < edit.end}
