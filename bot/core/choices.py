"""What writers decide about the findings of a review, and the draft that comes of it."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.replies import Edit, Finding, Review
from bot.core.review import splice


class Choice(StrEnum):
    """What a writer decides about one replacement."""

    USE = "use"
    """The replacement stands, as it does as long as nothing is decided."""
    KEEP = "keep"
    """The writer's own words stand."""
    NOT_MEANT = "not meant"
    """The writer's own words stand: they do not say what the coach took them to say."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A decision; `reason` is why the writer's own words stay, where the writer says so.

    `may_show` says that the guide's owner may see those words.
    """

    choice: Choice
    reason: str = ""
    may_show: bool = False


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A review and what `person`, its writer, has decided.

    `chosen` is by the replacement's place in `review.edits`, from 0. `mark` is random and kept nowhere else: without it
    nobody can tell which review a decision in the log is about.
    """

    review: Review
    chosen: Mapping[int, Chosen] = field(default_factory=dict)
    person: str = ""
    mark: str = field(default="", compare=False, repr=False)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The replacements that stand."""
        return tuple(edit for place, edit in enumerate(self.review.edits) if self.stands(place))

    @property
    def rewritten(self) -> str:
        """The draft as decided."""
        return splice(self.review.draft, self.edits)

    def stands(self, place: int) -> bool:
        """Whether the replacement at `place` stands."""
        return place not in self.chosen or self.chosen[place].choice is Choice.USE

    def findings(self, place: int) -> tuple[Finding, ...]:
        """The findings that the replacement at `place` is for: two claims of one sentence share it."""
        edit, findings = self.review.edits[place], self.review.findings  # both in the draft's order
        first, end = (bisect_left(findings, offset, key=_start) for offset in (edit.start, edit.end))
        return findings[first:end]


def _start(finding: Finding) -> int:
    return finding.start
