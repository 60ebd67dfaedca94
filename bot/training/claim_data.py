"""The labelled sentences that the claim encoder learns from, and those that it is measured on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.core.lessons import Lesson
from bot.encoder.claim_encoder import InContext
from bot.knowledge.examples import Example, Stance, examples_path, parse_examples
from bot.knowledge.parsing import parse_lesson
from bot.phrasing.context import in_context
from bot.phrasing.wording import Wording

LEAST_WORDS = 4
"""Words of a lesson's own sentence that says something."""
OWN_SENTENCES = 12
"""Own sentences, evenly spread, that are taken of a lesson that is not shipped."""


@dataclass(frozen=True)
class Labelled:
    """One labelled sentence: the rows that it asserts (from 1, none for a sentence that makes no claim), its stance.

    `lesson` names the guide. `row` is the one row that it is about, where it is about one. `own` marks a sentence of
    the lesson itself.
    """

    lesson: str
    text: str
    before: str
    after: str
    rows: frozenset[int]
    row: int | None
    stance: Stance
    own: bool = False

    @property
    def read(self) -> InContext:
        """The sentence as the finder reads it."""
        return in_context(self.text, self.before, self.after)


def load_lesson(path: Path) -> Lesson:
    """Reads a lesson's file.

    Raises:
        LessonError: it cannot be parsed.
    """
    return parse_lesson(path.read_bytes(), lesson=path.stem, file=str(path))


def load_labelled(path: Path, lesson: Lesson) -> list[Labelled]:
    """Reads a file of examples; the examples of one sentence, one a claim, become one.

    Raises:
        ValueError: a line cannot be used.
    """
    merged: dict[tuple[str, str, str], Labelled] = {}
    for item in parse_examples(path.read_bytes(), file=str(path), rows=len(lesson.guide)):
        if not isinstance(item, Example):
            raise ValueError(str(item))
        key = (item.text, item.before, item.after)
        known = merged.get(key)
        rows = {item.row} if item.stance is Stance.ASSERTS and item.row else set()
        if known is None or (rows and not known.rows):
            merged[key] = Labelled(lesson.id, *key, frozenset(rows), item.row, item.stance)
        elif rows:
            merged[key] = Labelled(lesson.id, *key, known.rows | rows, known.row, known.stance)
    return list(merged.values())


def own_sentences(lesson: Lesson) -> Iterator[Labelled]:
    """Yields the lesson's own sentences, which make no claim of its guide; its guide's cells are left out."""
    cells = {Wording(cell).forms for row in lesson.guide for cell in (row.dont_say, row.say, row.why)}
    for passage in lesson.passages:
        for sentence in passage.sentences:
            forms = Wording(sentence.text).forms
            if len(forms) >= LEAST_WORDS and "|" not in sentence.text and forms not in cells:
                yield Labelled(lesson.id, sentence.text, "", "", frozenset(), None, Stance.OTHER, own=True)


@dataclass(frozen=True)
class TrainingData:
    """What a training reads: the guides by lesson id, which of them are shipped, and the sentences."""

    lessons: dict[str, Lesson]
    shipped: frozenset[str]
    sentences: tuple[Labelled, ...]


@dataclass(frozen=True)
class HeldOut:
    """What is never trained on, written by other hands: sentences for shipped lessons, and whole other lessons.

    Every second sentence, and every second lesson, is for fitting how sure the finder is; the rest is for the figures.
    """

    lessons: dict[str, Lesson]
    shipped: tuple[Labelled, ...]
    others: tuple[Labelled, ...]

    @property
    def shipped_for_fit(self) -> tuple[Labelled, ...]:
        """The shipped lessons' sentences to fit on."""
        return self.shipped[::2]

    @property
    def shipped_for_figures(self) -> tuple[Labelled, ...]:
        """Those to measure on."""
        return self.shipped[1::2]

    @property
    def others_for_fit(self) -> tuple[Labelled, ...]:
        """The sentences of the other lessons to fit on."""
        names = sorted({one.lesson for one in self.others})[::2]
        return tuple(one for one in self.others if one.lesson in names)

    @property
    def others_for_figures(self) -> tuple[Labelled, ...]:
        """Those of the other lessons to measure on."""
        names = sorted({one.lesson for one in self.others})[1::2]
        return tuple(one for one in self.others if one.lesson in names)


def load_training(knowledge: Path, training: Path) -> TrainingData:
    """Reads the shipped lessons that have examples, and the other lessons but those named `eval-*`."""
    lessons: dict[str, Lesson] = {}
    sentences: list[Labelled] = []
    for path in sorted(knowledge.glob("*.md")):
        examples = examples_path(knowledge, path.stem)
        if examples.exists():
            lesson = lessons[path.stem] = load_lesson(path)
            sentences += [*load_labelled(examples, lesson), *own_sentences(lesson)]
    shipped = frozenset(lessons)
    for path in sorted((training / "lessons").glob("*.md")):
        if not path.stem.startswith("eval-"):
            lesson = lessons[path.stem] = load_lesson(path)
            own = list(own_sentences(lesson))
            sentences += load_labelled(training / "claims" / f"{path.stem}.jsonl", lesson)
            sentences += own[:: max(1, len(own) // OWN_SENTENCES)][:OWN_SENTENCES]
    return TrainingData(lessons, shipped, tuple(sentences))


def load_held_out(knowledge: Path, training: Path) -> HeldOut:
    """Reads `held-out/*.jsonl`, each file for the shipped lesson of its name, and the lessons named `eval-*`."""
    lessons: dict[str, Lesson] = {}
    shipped: list[Labelled] = []
    others: list[Labelled] = []
    for path in sorted((training / "held-out").glob("*.jsonl")):
        lesson = lessons[path.stem] = load_lesson(knowledge / f"{path.stem}.md")
        shipped += load_labelled(path, lesson)
    for path in sorted((training / "lessons").glob("eval-*.md")):
        lesson = lessons[path.stem] = load_lesson(path)
        others += load_labelled(training / "claims" / f"{path.stem}.jsonl", lesson)
    return HeldOut(lessons, tuple(shipped), tuple(others))
