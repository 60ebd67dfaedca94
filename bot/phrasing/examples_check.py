"""Checks a lesson's examples by the claim finder: rows that it has not learned, and examples that it gets wrong."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.core.lessons import GuideRow, Lesson
from bot.encoder.certainty import Certainty, fingerprint
from bot.encoder.claim_encoder import ClaimEncoder
from bot.knowledge.check import Problem, Severity
from bot.knowledge.examples import ENOUGH, Example, Stance, asserting
from bot.knowledge.faults import Fault
from bot.phrasing.claims import ClaimTable
from bot.phrasing.context import in_context
from bot.phrasing.judging import FINDING, GuideJudge
from bot.phrasing.wording import Wording

SHOWN = 3
"""Examples of a row that are shown with what is wrong with them."""
_WORDS, _CHARACTERS = 6, 48
"""Of an example, what is shown at most."""
_WINDOW = 64
"""Sentences judged between two tellings."""


@dataclass(slots=True)
class _Failing:
    """How many examples of a row fail; `shown` are the first of them, by line, with what is wrong."""

    count: int = 0
    shown: list[tuple[int, str]] = field(default_factory=list)

    def add(self, example: Example, wrong: str) -> None:
        self.count += 1
        if len(self.shown) < SHOWN:
            self.shown.append((example.line, f"line {example.line} {wrong} ({_first_words(example.text)})"))

    def told(self, row: int | None, of: int, file: str) -> Problem:
        """Gives the warning, with the place of the first that is shown; `of` is how many examples the row has."""
        shown = sorted(self.shown)
        whose = "examples of no row" if row is None else f"guide row {row}"
        examples, fail = "example" if of == 1 else "examples", "fails" if self.count == 1 else "fail"
        more = ", \N{HORIZONTAL ELLIPSIS}" if self.count > len(shown) else ""
        wrong = ", ".join(wrong for _, wrong in shown)
        return _warning(file, shown[0][0], f"{whose}: {self.count:,} of {of:,} {examples} {fail}: {wrong}{more}")


class ExamplesCheck:
    """Judges examples as sentences of drafts are judged, each lesson's by its own guide.

    Where another lesson warns of the same thing a review may name that lesson's row: that is no fault of an example.
    """

    def __init__(self, encoder: ClaimEncoder, certainty: Certainty) -> None:
        self._encoder = encoder
        self._certainty = certainty
        self._judge = GuideJudge(encoder, certainty)

    def unlearned(self, lesson: Lesson, examples: Sequence[Example], file: str) -> Iterator[Problem]:
        """Yields a warning about the rows that have examples enough and that the encoder has not learned."""
        counts = asserting(examples)
        rows = [row for row in lesson.guide if counts[row.row] >= ENOUGH and not self._is_learned(row)]
        if rows:
            which = ", ".join(str(row.row) for row in rows)
            yield _warning(file, 1, f"examples enough, but not learned yet: guide row {which}; run `make train`")

    def failing(
        self, guide: Sequence[GuideRow], examples: Sequence[Example], file: str, *, tell: Callable[[int], None]
    ) -> Iterator[Problem]:
        """Yields a warning for each row of `guide`, and for no row, whose examples are not judged as they say.

        One that asserts must be a finding of its row. Any other must be none, but of rows that another example of the
        same sentence says it asserts. Examples of rows that are not in `guide` are passed over. `tell` gets how many
        have been judged by now.
        """
        rows = {row.row for row in guide}
        sentences: dict[tuple[str, str, str], list[Example]] = {}
        of_row: Counter[int | None] = Counter()
        for example in examples:
            if example.row is None or example.row in rows:
                sentences.setdefault(example.sentence, []).append(example)
                of_row[example.row] += 1
        failing: dict[int | None, _Failing] = {}
        done = 0
        for window in self._judged(list(sentences.values()), guide):
            for same, found in window:
                for example, wrong in _wrong(same, found):
                    failing.setdefault(example.row, _Failing()).add(example, wrong)
                done += len(same)
            tell(done)
        for row in sorted(failing, key=lambda row: (row is None, row or 0)):
            yield failing[row].told(row, of_row[row], file)

    def _judged(
        self, sentences: Sequence[list[Example]], guide: Sequence[GuideRow]
    ) -> Iterator[list[tuple[list[Example], set[int]]]]:
        """Yields, window by window, the examples of each sentence with the rows that it is a finding of."""
        table = ClaimTable(guide, self._encoder, self._certainty.learned, {})
        for start in range(0, len(sentences), _WINDOW):
            window = sentences[start : start + _WINDOW]
            read = [in_context(*same[0].sentence) for same in window]
            judged = self._judge.judge(read, table)
            found = [{one.row.row for one in made if one.confidence >= FINDING} for made in judged]
            yield list(zip(window, found, strict=True))

    def _is_learned(self, row: GuideRow) -> bool:
        return fingerprint(Wording(row.dont_say).forms) in self._certainty.learned


def _wrong(same: Sequence[Example], found: set[int]) -> Iterator[tuple[Example, str]]:
    """Yields those examples of one sentence, a finding of the rows `found`, that are judged wrongly, and how."""
    asserted = {example.row for example in same if example.stance is Stance.ASSERTS}
    others = sorted(row for row in found if row not in asserted)
    for example in same:
        if example.stance is Stance.ASSERTS:
            if example.row not in found:
                yield example, f"found as row {_listed(others)}" if others else "not found"
        elif others:
            yield example, "flagged" if others == [example.row] else f"flagged as row {_listed(others)}"


def _listed(rows: Sequence[int]) -> str:
    return " and ".join(map(str, rows))


def _first_words(text: str) -> str:
    words = text.split()
    first = " ".join(words[:_WORDS])[:_CHARACTERS]
    more = "" if first == " ".join(words) else " \N{HORIZONTAL ELLIPSIS}"
    return f'"{first}{more}"'


def _warning(file: str, line: int, message: str) -> Problem:
    return Problem(Severity.WARNING, Fault(file, line, message))
