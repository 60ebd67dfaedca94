"""Examples that writers' feedback comes to: the sentences that the guide's owner may see, for the owner to complete.

What a sentence does with the row's claim its writer's choice seldom says: who used the replacement had made the claim,
but who kept the sentence may stand by it or have been misread. There the stance is left to the owner.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.core.choices import Choice
from bot.core.decisions import Decision, RowFeedback
from bot.core.lessons import Lesson
from bot.knowledge.examples import Example, Stance

MAX_REASONS = 5
"""Reasons, of up to 500 characters, that are given with a sentence: an example's line must not grow too long."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A sentence as an example of a row; `stance` is None where only the guide's owner can tell.

    `choices` and `reasons` are what its writers chose and said, the newest first, each once.
    """

    text: str
    lesson: str
    row: int
    stance: Stance | None
    choices: tuple[Choice, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """Sentences that are left out: their lesson's guide has no row with this don't-say now."""

    lesson: str
    dont_say: str
    sentences: int


@dataclass(frozen=True, slots=True)
class Proposals:
    """What feedback comes to; `known` is how many sentences are left out since they are examples already."""

    proposed: tuple[Proposed, ...]
    gone: tuple[Gone, ...]
    known: int


def propose(
    feedback: Iterable[RowFeedback],
    lessons: Sequence[Lesson],
    *,
    examples: Callable[[Lesson], Iterable[Example]],
    today: date,
) -> Proposals:
    """Gives each sentence whose writer agreed to show it, once a row, unless `examples` of its lesson has it already.

    `feedback` stands lesson by lesson. A row is known by its don't-say and has the number that it has now; of two rows
    with the same one that in force counts.
    """
    by_id = {lesson.id: lesson for lesson in lessons}
    proposed: list[Proposed] = []
    gone: list[Gone] = []
    known = 0
    for id_, rows in groupby(feedback, key=lambda row: row.lesson):
        lesson = by_id.get(id_)
        numbers = _numbers(lesson, today) if lesson else {}
        there = {(one.row, _on_one_line(one.text)) for one in examples(lesson)} if lesson else set()
        for row in rows:
            sentences = _sentences(row.said)
            number = numbers.get(row.dont_say)
            if number is None and sentences:
                gone.append(Gone(id_, row.dont_say, len(sentences)))
            elif number is not None:
                # An example of no row is what the owner may have made of it.
                new = [text for text in sentences if there.isdisjoint({(number, text), (None, text)})]
                proposed += [_proposed(text, id_, number, sentences[text]) for text in new]
                known += len(sentences) - len(new)
    return Proposals(tuple(proposed), tuple(gone), known)


def _numbers(lesson: Lesson, today: date) -> Mapping[str, int]:
    """The number of the row with each don't-say."""
    in_force_last = sorted(lesson.guide, key=lambda row: (row.period.holds(today), -row.row))
    return {row.dont_say: row.row for row in in_force_last}


def _sentences(said: Iterable[Decision]) -> Mapping[str, list[Decision]]:
    """The sentences that may be shown, with the decisions about each in their order."""
    sentences: dict[str, list[Decision]] = {}
    for decision in said:
        if decision.text and (text := _on_one_line(decision.text)):
            sentences.setdefault(text, []).append(decision)
    return sentences


def _proposed(text: str, lesson: str, row: int, newest_first: Sequence[Decision]) -> Proposed:
    choices = tuple(dict.fromkeys(decision.choice for decision in newest_first))
    return Proposed(
        text=text,
        lesson=lesson,
        row=row,
        stance=Stance.ASSERTS if choices == (Choice.USE,) else None,
        choices=choices,
        reasons=tuple(dict.fromkeys(decision.reason for decision in newest_first if decision.reason))[:MAX_REASONS],
    )


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
