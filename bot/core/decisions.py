"""What writers decided, as the log keeps it, and what that comes to for each row of the guide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.choices import Choice
from bot.core.recorded import read_record

DECISIONS = "decisions"
"""The log's stream of what writers decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a writer decided about a finding; nothing in it says who that was.

    `finding` is the same in every decision about the same finding of the same review. `row` and `dont_say` are as the
    guide had them then. `text` is the sentence that made the claim, where its writer agrees that the guide's owner
    sees it.
    """

    id: str
    at: datetime
    lesson: str
    row: int
    choice: Choice
    finding: str = ""
    dont_say: str = ""
    reason: str = ""
    text: str | None = None
    prompt_version: int | None = None
    engine: str = ""


@dataclass(frozen=True, slots=True)
class RowFeedback:
    """What writers decided about one row of the guide.

    `row` is where it stood last. `counts` has every choice; `said` are the decisions with a reason or a sentence, the
    newest first.
    """

    lesson: str
    row: int
    dont_say: str
    counts: Mapping[Choice, int]
    said: tuple[Decision, ...]


class Feedback:
    """Decisions folded as they are read: of those about the same finding of the same review the last one counts."""

    def __init__(self) -> None:
        self._last: dict[str, Decision] = {}

    def add(self, decision: Decision) -> None:
        """Takes the next decision, in the log's order."""
        finding = decision.finding or decision.id
        self._last.pop(finding, None)  # its place is behind all that were read before
        self._last[finding] = decision

    def rows(self) -> tuple[RowFeedback, ...]:
        """Gives what it comes to, by lesson and row.

        A row is known by its words: others may have been put before it since.
        """
        decisions: dict[tuple[str, str | int], list[Decision]] = {}
        for decision in reversed(self._last.values()):
            decisions.setdefault((decision.lesson, decision.dont_say or decision.row), []).append(decision)
        return tuple(sorted(map(_row, decisions.values()), key=lambda row: (row.lesson, row.row, row.dont_say)))


def _row(newest_first: list[Decision]) -> RowFeedback:
    last = newest_first[0]
    choices = [decision.choice for decision in newest_first]
    return RowFeedback(
        lesson=last.lesson,
        row=last.row,
        dont_say=last.dont_say,
        counts={choice: choices.count(choice) for choice in Choice},
        said=tuple(decision for decision in newest_first if decision.reason or decision.text),
    )


def read_decision(entry: str) -> Decision | None:
    """Gives the decision of an entry, whatever else is in it; None for one that only a newer program understands."""
    try:
        return read_record(Decision, entry)
    except ValueError:
        return None
