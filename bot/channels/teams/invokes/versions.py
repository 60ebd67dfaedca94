"""Buttons of the versions' cards: who presses is checked at each step, a proposal kept where no press changes it."""

from bot.channels.teams import names
from bot.channels.teams.invokes.answers import Body, Card, card, line
from bot.channels.teams.invokes.pressed import Pressed
from bot.channels.teams.parts import Parts
from bot.channels.teams.render import moves
from bot.channels.teams.render.dialog import told_card
from bot.channels.teams.render.message import Message, activity
from bot.channels.teams.render.versions import version_card
from bot.core.admin_commands import (
    ActivateVersion,
    AdminCommand,
    DiffVersions,
    ListVersions,
    MoveCommand,
    RollBack,
    ShowTrail,
    ShowVersion,
)
from bot.core.prompts import PromptReply, Proposed
from bot.core.replies import Refused

DROPPED = "Nothing was changed."
OVER = "This proposal does not wait any more. Nothing was changed by this."
OUTDATED = "This card is out of date: write prompts for a new one."
NO_REASON = "Say why, for the trail."
NO_NUMBER = "Write a whole number there, or nothing."


async def look(parts: Parts, pressed: Pressed) -> Body:
    """Shows versions, in the place of the card."""
    command = _reading(pressed)
    if command is None:
        return line(OUTDATED)
    reply = await parts.desk.handle(command, person=pressed.person, confirmed=None)
    if isinstance(reply, Refused):
        return line(reply.reason)
    return await _shown(parts, pressed, reply)


async def propose(parts: Parts, pressed: Pressed) -> Body:
    """Shows what a move would replace, with the button that confirms it."""
    command = _move(pressed)
    if command is None:
        return line(OUTDATED)
    if not command.note:
        return line(NO_REASON)
    if _is_unreadable(pressed, "to") or _is_unreadable(pressed, moves.share_id(pressed.number("number") or 0)):
        return line(NO_NUMBER)
    reply = await parts.desk.handle(command, person=pressed.person, confirmed=None)
    if isinstance(reply, Refused):
        return line(reply.reason)
    pending = None
    if isinstance(reply, Proposed):
        pending = await parts.moves.keep(command, reply, person=pressed.person)
    return await _shown(parts, pressed, reply, pending)


async def confirm(parts: Parts, pressed: Pressed) -> Body:
    """Makes the move, once, and shows what came of it."""
    reply = await parts.moves.confirm(pressed.text("move"), person=pressed.person)
    if not isinstance(reply, Refused):
        return await _shown(parts, pressed, reply)
    return line(reply.reason) if reply.denied else card(told_card(reply.reason))


async def cancel(parts: Parts, pressed: Pressed) -> Body:
    """Lets the proposal go."""
    dropped = await parts.moves.drop(pressed.text("move"), person=pressed.person)
    # Who may have made the id up is shown their own card at most; what stands in the message is not theirs to change.
    return _replaced(parts, pressed, told_card(DROPPED)) if dropped else card(told_card(OVER))


def _reading(pressed: Pressed) -> AdminCommand | None:
    """What is looked up."""
    number, old, new = pressed.number("number"), pressed.number("old"), pressed.number("new")
    match pressed.verb:
        case moves.LIST:
            return ListVersions()
        case moves.TRAIL:
            return ShowTrail()
        case moves.SHOW if number is not None:
            return ShowVersion(number)
        case moves.DIFF if old is not None and new is not None:
            return DiffVersions(old, new)
        case _:
            return None


def _move(pressed: Pressed) -> MoveCommand | None:
    number = pressed.number("number")
    note = " ".join(pressed.text(moves.note_id(number)).split())
    match pressed.text("act"):
        case "activate" if number is not None:
            return ActivateVersion(number=number, note=note, share=pressed.number(moves.share_id(number)))
        case "rollback":
            return RollBack(to=pressed.number("to"), note=note)
        case _:
            return None


def _is_unreadable(pressed: Pressed, field: str) -> bool:
    """Whether something stands in a field for a number that is none: left out it would mean everybody, or any."""
    return pressed.data.get(field) not in (None, "") and pressed.number(field) is None


async def _shown(parts: Parts, pressed: Pressed, reply: PromptReply, pending: str | None = None) -> Body:
    reply = await names.known(parts.records, reply)
    return _replaced(parts, pressed, version_card(reply, pending))


def _replaced(parts: Parts, pressed: Pressed, content: Card) -> Body:
    """Shows the card at once to who pressed, and soon on every other device of theirs."""
    if pressed.message:
        written = activity(Message(cards=(content,)))
        parts.chores.start(
            "a card could not be replaced",
            parts.updates.put(parts.connector, pressed.place, pressed.message, written),
        )
    return card(content)
