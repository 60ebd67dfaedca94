"""The three choices on a replacement, as buttons, and what was chosen."""

from collections.abc import Mapping

from bot.channels.review_words import (
    CHOSEN,
    KEEP_MINE,
    MAY_BE_SHOWN,
    NO_NAME,
    NOT_MEANT,
    USE_THIS,
    WHY_STAY,
    decided,
)
from bot.channels.teams.render.elements import (
    Element,
    Style,
    actions,
    execute,
    line,
    run,
    submit,
    ticked,
    typed,
    unfolds,
)
from bot.core.choices import Choice, Chosen
from bot.core.open_reviews import MAX_REASON

USE, KEEP, UNMEANT = "review.use", "review.keep", "review.unmeant"
"""Verbs of the buttons of a card."""
_NAMES = {Choice.USE: (USE_THIS, USE, "use"), Choice.KEEP: (KEEP_MINE, KEEP, "keep")} | {
    Choice.NOT_MEANT: (NOT_MEANT, UNMEANT, "unmeant")
}


def reason_id(place: int) -> str:
    """The field in which a writer says why they keep their words at `place`: no two ids of a card may be the same."""
    return f"reason{place}"


def show_id(place: int) -> str:
    """The box to tick that lets the guide's owner see those words: "true" or "false"."""
    return f"show{place}"


def buttons(chosen: Chosen | None, place: int, data: Mapping[str, object], *, in_dialog: bool = False) -> Element:
    """The three choices on the replacement at `place`; `data` says which it is. A choice that was made is marked.

    In a card a button says its verb, in a dialog its `act`: "use", "keep" or "unmeant".
    """
    made = []
    for choice, (name, verb, act) in _NAMES.items():
        is_chosen = chosen is not None and chosen.choice is choice
        title = CHOSEN + name if is_chosen else name
        style: Style = "positive" if is_chosen else "default"
        is_kept = choice is Choice.KEEP
        does = (
            submit(name if is_kept else title, {"act": act, **data}, style=style, typed=is_kept)
            if in_dialog
            else execute(name if is_kept else title, verb, data, style=style, typed=is_kept)
        )
        made.append(unfolds(title, _why(place), [does], style=style) if is_kept else does)
    return actions(*made)


def told(chosen: Chosen) -> Element:
    """What was chosen, in a line."""
    words, reason = decided(chosen)
    return line(run(words, bold=True, color="good"), *((run(reason),) if reason else ()))


def _why(place: int) -> tuple[Element, ...]:
    """Asks a writer who keeps their words why."""
    return (
        typed(reason_id(place), WHY_STAY, lines=True, most=MAX_REASON, placeholder=NO_NAME),
        ticked(show_id(place), MAY_BE_SHOWN),
    )
