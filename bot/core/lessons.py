"""The knowledge that the coach speaks from, as values: lessons, passages, guide rows."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """The days in which something is in force, first and last included; None is open."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether `day` lies in the period."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


ALWAYS = Period()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One citable line of a lesson: `text` is what a reader of the lesson sees, without Markdown marks.

    `line` counts from 1 in the lesson's file: the line where the sentence's block starts or, in a hard-wrapped
    paragraph, the line that holds the sentence's first character.
    """

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of neighbouring sentences of one block (a paragraph, list item, quotation or table row).

    `lesson` is the lesson's id, `section` its nearest heading ("" before the first one), `ordinal` its place in
    the lesson from 0. A passage holds at most `MAX_SENTENCES` sentences; a longer block becomes several.
    """

    lesson: str
    section: str
    ordinal: int
    sentences: tuple[Sentence, ...]
    period: Period = ALWAYS

    @property
    def text(self) -> str:
        """The whole passage as running text."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def line(self) -> int:
        """The line of the lesson's file, from 1, where the passage starts."""
        return self.sentences[0].line


MAX_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class GuideRow:
    """One row of a lesson's field language guide. `row` counts from 1 in its lesson, over all its guide tables."""

    lesson: str
    section: str
    row: int
    dont_say: str
    say: str
    why: str
    line: int
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson as parsed: its passages in reading order and its guide rows, in force or not."""

    id: str
    title: str
    order: int
    sections: tuple[str, ...]
    passages: tuple[Passage, ...]
    guide: tuple[GuideRow, ...]
    period: Period = ALWAYS

    def on(self, day: date) -> "Lesson | None":
        """The lesson as it is in force on `day`, without the tables that are not; None when it is not itself."""
        if not self.period.holds(day):
            return None
        return replace(
            self,
            passages=tuple(passage for passage in self.passages if passage.period.holds(day)),
            guide=tuple(row for row in self.guide if row.period.holds(day)),
        )


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Every lesson in force on one day, in order: an immutable snapshot that one reply is made from.

    What derives from it may be kept under the snapshot itself: a library gives the same object until something
    in force changes.
    """

    lessons: tuple[Lesson, ...]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, lesson by lesson, in reading order."""
        return tuple(passage for lesson in self.lessons for passage in lesson.passages)

    @property
    def guide(self) -> tuple[GuideRow, ...]:
        """All guide rows, lesson by lesson."""
        return tuple(row for lesson in self.lessons for row in lesson.guide)
