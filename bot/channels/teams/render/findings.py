"""One replacement of a review, one note, and what stands for those that there is no room for."""

from collections.abc import Iterator

from bot.channels.review_words import (
    DECIDE,
    LEAVE_OUT,
    NOTES_LABEL,
    SAY_INSTEAD,
    STANDS,
    WHY,
    WOULD_SAY,
    YOU_WROTE,
    numbered,
    reasons,
    which_unshown,
)
from bot.channels.teams.render.choices import buttons, told
from bot.channels.teams.render.elements import Element, Ground, apart, box, label, line, lines, run
from bot.channels.teams.render.message import card_bytes
from bot.channels.teams.render.pages import Slot, fixed
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.open_reviews import MAX_REASON
from bot.core.replies import Finding


def finding(opened: OpenReview, review_id: str, place: int, *, in_dialog: bool = False) -> tuple[Slot, ...]:
    """Gives the replacement at `place` with its choices; without a review's id it has no buttons."""
    words = fixed(_words(opened, place))
    if not review_id:
        return words
    chosen = opened.chosen.get(place)

    def decision(part: int) -> tuple[Element, ...]:
        return _decision(chosen, review_id, place, part, in_dialog=in_dialog)

    return (*words, Slot(decision, _room(review_id, place)))


def listed(opened: OpenReview, place: int) -> tuple[Slot, ...]:
    """Gives a replacement without buttons."""
    return fixed(_words(opened, place))


def note(found: Finding, *, is_first: bool) -> tuple[Slot, ...]:
    """Gives a note: the words that stay as they are, and what the guide would say."""
    heading = (apart(label(f"{NOTES_LABEL}:")),) if is_first else ()
    said = (*_boxed(found.quote), label(WOULD_SAY), *_boxed(found.row.say, "good"), *_why((found,)))
    return fixed((*heading, *said) if is_first else (apart(said[0]), *said[1:]))


def unbuttoned(opened: OpenReview, shown: int) -> tuple[Slot, ...]:
    """Says that the replacements behind the first `shown` have no buttons."""
    more, which = which_unshown(opened, shown)
    have = "has" if which.startswith("Number ") else "have"
    return fixed((apart(label(more)), line(run(f"{which} {have} no buttons: {STANDS}. {DECIDE}"))))


def unlisted(opened: OpenReview, edits: int, notes: int) -> tuple[Slot, ...]:
    """Says which replacements behind the first `edits`, and how many notes behind the first `notes`, are not shown."""
    review = opened.review
    told: list[Element] = []
    if edits < len(review.edits):
        more, which = which_unshown(opened, edits)
        have = "is" if which.startswith("Number ") else "are"
        told += [apart(label(more)), line(run(f"{which} {have} not shown, there are too many. {DECIDE}"))]
    if notes < len(review.notes):
        left = len(review.notes) - notes
        told.append(apart(label(f"{NOTES_LABEL}: {left:,}{' more' if notes else ''}, not shown here.")))
    return fixed(told)


def _words(opened: OpenReview, place: int) -> Iterator[Element]:
    edit = opened.review.edits[place]
    yield apart(label(numbered(opened, place) + YOU_WROTE))
    yield from _boxed(edit.before)
    if edit.after.strip():
        yield label(SAY_INSTEAD)
        yield from _boxed(edit.after, "good")
    else:
        yield label(LEAVE_OUT)
    yield from _why(opened.findings(place))


def _boxed(text: str, ground: Ground = "emphasis") -> tuple[Element, ...]:
    """Words in a box, which is parted where they are too much for a card."""
    made = lines(text)
    return (
        (box(*made, ground=ground),)
        if card_bytes(made) <= _MAX_BOX
        else tuple(box(each, ground=ground) for each in made)
    )


def _why(findings: tuple[Finding, ...]) -> Iterator[Element]:
    if given := reasons(findings):
        yield label(WHY)
        yield from (part for reason in given for part in lines(reason, subtle=True, close=True))


def _decision(chosen: Chosen | None, review_id: str, place: int, part: int, *, in_dialog: bool) -> tuple[Element, ...]:
    """What was decided, and the buttons to decide or to decide otherwise."""
    data: dict[str, object] = {"review": review_id, "place": place}
    if not in_dialog:
        data["part"] = part
    row = buttons(chosen, place, data, in_dialog=in_dialog)
    return (told(chosen), row) if chosen else (row,)


def _room(review_id: str, place: int) -> int:
    """Bytes of any decision at most."""
    return max(_longest(choice, review_id, place) for choice in Choice)


def _longest(choice: Choice, review_id: str, place: int) -> int:
    longest = Chosen(choice, _WIDEST * MAX_REASON)
    return sum(
        card_bytes(element) + 2 for element in _decision(longest, review_id, place, _WIDEST_PART, in_dialog=False)
    )


_WIDEST = "\N{HONEYBEE}"
_WIDEST_PART = 999
_MAX_BOX = 4_000
