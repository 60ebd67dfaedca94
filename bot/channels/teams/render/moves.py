"""Buttons to look at versions and to move them. None carries more than numbers: what they do is checked again."""

from bot.channels.teams.render.elements import (
    Element,
    Style,
    actions,
    execute,
    typed,
    unfolds,
    whole_number,
)
from bot.channels.version_lines import does
from bot.core.prompts import Act, Proposed, VersionCard, VersionList

LIST, TRAIL, SHOW, DIFF = "versions.list", "versions.trail", "versions.show", "versions.diff"
PROPOSE, CONFIRM, CANCEL = "move.propose", "move.confirm", "move.cancel"
"""Verbs of the buttons."""
MAX_NOTE = 500
WHY, NEEDED = "Why? It stands in the trail, with your name.", "Say why."
SHARE = "For how many of 100 people, as a trial? Nothing here: for everybody"
TO = "Which version? Nothing here: ends the trial under way, else goes back to the one that was live before"

_MAX_SHARE = 99
_MAX_NUMBER = 999_999_999


def note_id(number: int | None = None) -> str:
    """The field for the reason to make a version live, or to go back: no two ids of a card may be the same."""
    return "note" if number is None else f"note{number}"


def share_id(number: int) -> str:
    """The field for the share of people that a version is tried with, 1 to 99."""
    return f"share{number}"


def version_buttons(card: VersionCard, live: int | None) -> Element:
    """What can be done with one version: to see it, to compare it with the `live` one, to make it live."""
    number = card.number
    row = [execute(f"Show version {number}", SHOW, {"number": number})]
    if live is not None and live != number:
        row.append(execute(f"Compare with version {live}", DIFF, {"old": live, "new": number}))
    if card.live is None:
        fields = (
            typed(note_id(number), WHY, most=MAX_NOTE, needed=NEEDED),
            whole_number(share_id(number), SHARE, 1, _MAX_SHARE),
        )
        go_on = execute("Next", PROPOSE, {"act": "activate", "number": number}, style="positive", typed=True)
        row.append(unfolds(f"Make version {number} live", fields, [go_on]))
    return actions(*row)


def list_buttons(reply: VersionList) -> Element:
    """What can be done with all of them."""
    row = [execute("What happened", TRAIL, {})]
    if any(card.live for card in reply.versions):
        fields = (typed(note_id(), WHY, most=MAX_NOTE, needed=NEEDED), whole_number("to", TO, 1, _MAX_NUMBER))
        go_on = execute("Next", PROPOSE, {"act": "rollback"}, style="positive", typed=True)
        row.append(unfolds("Roll back", fields, [go_on]))
    return actions(*row)


def back_button() -> Element:
    """Leads back to all versions."""
    return actions(execute("All versions", LIST, {}))


def confirm_buttons(proposed: Proposed, pending: str) -> Element:
    """Confirm what is kept under `pending`, or let it go."""
    style: Style = "destructive" if proposed.act is Act.ROLLED_BACK else "positive"
    data = {"move": pending}
    return actions(execute(does(proposed), CONFIRM, data, style=style), execute("Cancel", CANCEL, data))
