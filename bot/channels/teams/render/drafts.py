"""The rewritten draft in fields, ready to copy: as many, whatever is decided."""

from collections.abc import Iterator
from dataclasses import replace

from bot.channels.draft_parts import Limits, rewritten_parts
from bot.channels.review_words import NOTHING_LEFT, draft_label
from bot.channels.teams.render.elements import Element, apart, copied, label, line, run
from bot.channels.teams.render.message import card_bytes
from bot.channels.teams.render.pages import Slot
from bot.channels.visible import visible
from bot.core.choices import Choice, Chosen, OpenReview

USUAL_PART = 5_000
"""Characters of a field: as bytes they fit a card, whatever they are."""
MAX_DRAFT = 100_000
"""Characters of the longest draft that is shown."""
TOO_LONG = "The rewritten draft is too long for Teams. Send the draft in parts to be given each of them rewritten."

_LIMITS = Limits(draft=MAX_DRAFT, usual=USUAL_PART, part=2 * MAX_DRAFT, parts=2 * MAX_DRAFT // USUAL_PART)


def draft_parts(opened: OpenReview) -> tuple[str, ...] | None:
    """Gives the draft as decided in parts that joined are all of it; None when it is too long to be shown.

    How many there are does not depend on the decisions.
    """
    parts, widest = rewritten_parts(opened, _LIMITS), _widest(opened)
    if parts is None or widest is None:
        return None
    return tuple(
        piece
        for part, width in zip(map(visible, parts), map(len, widest), strict=True)
        for piece in ((part,) if width <= USUAL_PART else _cut(part, width))
    )


def draft_slots(opened: OpenReview) -> Iterator[Slot]:
    """Gives the fields, or what is said in their place."""
    parts = draft_parts(opened)
    if parts is None:
        told = (apart(label(draft_label(1, 1))), line(run(TOO_LONG)))
        yield Slot(lambda _: told, card_bytes(told))
        return
    every = range(len(opened.review.edits))
    others = (draft_parts(replace(opened, chosen=dict.fromkeys(every, Chosen(choice)))) for choice in _EITHER)
    used, kept = (other or parts for other in others)
    for number, part in enumerate(parts):
        shown = _field(number, part, len(parts))
        # Whatever is decided, a part holds no more than its words with all replacements and those with none.
        room = sum(card_bytes(_field(number, each[number], len(parts))) for each in (used, kept))
        yield Slot(lambda _, shown=shown: (shown,), room)  # type: ignore[misc]


_EITHER = (Choice.USE, Choice.KEEP)


def _field(number: int, part: str, count: int) -> Element:
    name = draft_label(number + 1, count)
    return apart(copied(f"draft{number}", name, part) if part else line(run(f"{name}: {NOTHING_LEFT}")))


def _widest(opened: OpenReview) -> tuple[str, ...] | None:
    """The parts with each replacement as long as it may get."""
    edits = tuple(
        replace(edit, after=_STANDS_FOR_EDIT * max(len(edit.before), len(edit.after))) for edit in opened.review.edits
    )
    return rewritten_parts(OpenReview(replace(opened.review, edits=edits)), _LIMITS)


_STANDS_FOR_EDIT = "x"


def _cut(part: str, width: int) -> Iterator[str]:
    """Cuts a part that a single replacement may make too long: into as many pieces whatever is decided."""
    return (part[start : start + USUAL_PART] for start in range(0, width, USUAL_PART))
