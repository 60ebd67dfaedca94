"""What admins see of the versions of the system prompt, and what they confirm."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from bot.channels import version_lines, version_words
from bot.channels.split import split
from bot.channels.teams.render.elements import (
    Color,
    Element,
    apart,
    card,
    code,
    copied,
    footnote,
    label,
    line,
    lines,
    run,
    wide,
)
from bot.channels.teams.render.message import Card, Message
from bot.channels.teams.render.moves import back_button, confirm_buttons, list_buttons, version_buttons
from bot.channels.teams.render.pages import ROOM, Pages, fixed, paged
from bot.core.prompts import (
    Change,
    Moved,
    PromptReply,
    Proposed,
    Trail,
    VersionDiff,
    VersionList,
    VersionText,
)

HOW_TO_CONFIRM = "Nothing has changed yet. Write the command to me once more to be given the button that confirms it."

_FIELD = 5_000
"""Characters of a field that shows a version's text."""
_RESERVED = 1_500
"""Bytes for what says where the rest of a reply is."""
_COLORS: dict[Change, Color] = {Change.ADDED: "good", Change.REMOVED: "attention"}

_Groups = Iterator[Sequence[Element]]


def versions_messages(reply: PromptReply, pending: str | None) -> tuple[Message, ...]:
    """Gives a reply about versions; `pending` is what a proposal is kept under for the press that confirms it.

    A comparison comes before the proposal that it is for, so that a long one does not push the buttons out of sight.
    """
    groups = [*_groups(reply, pending)]
    if isinstance(reply, Proposed):
        groups = [*groups[1:-1], groups[0], groups[-1]]
    return tuple(
        Message(cards=(wide(card(body)),), summary="" if number else _summary(reply))
        for number, body in enumerate(paged(map(fixed, groups)))
    )


def version_card(reply: PromptReply, pending: str | None) -> Card:
    """Gives the one card that takes the place of another; of a long reply it says where all of it is."""
    *groups, last = _groups(reply, pending)
    whole = paged(map(fixed, (*groups, last)))
    if len(whole) == 1:
        return wide(card(whole[0]))
    pages = Pages(ROOM - _RESERVED - sum(slot.room for slot in fixed(last)))
    for group in groups:
        if not pages.add(fixed(group), most=1):
            break
    rest = footnote(f"This is only the beginning. All of it: {_command(reply)}")
    return wide(card((*pages.bodies[0], apart(rest), *last)))


def _groups(reply: PromptReply, pending: str | None) -> _Groups:
    """What a reply consists of, a proposal first and a comparison behind it; the last one is what can be pressed."""
    match reply:
        case VersionList():
            yield from _list(reply)
        case VersionText():
            yield from _text(reply)
        case VersionDiff():
            yield from _diff(reply)
            yield (back_button(),)
        case Trail():
            yield from _trail(reply)
        case Proposed():
            yield from _proposed(reply, pending)
        case Moved():
            yield tuple(_moved(reply))
            yield (back_button(),)
        case _:
            assert_never(reply)


def _list(reply: VersionList) -> _Groups:
    live = next((each.number for each in reply.versions if each.live), None)
    if not reply.versions:
        yield (line(run(version_lines.NO_VERSIONS)),)
    for each in reply.versions:
        name, state = version_lines.marked_name(each), version_lines.state(each, reply.now)
        yield (
            apart(line(run(name, bold=True), run(state))),
            *lines(version_lines.did(each)),
            *lines(version_lines.published(each, reply.now), subtle=True),
            version_buttons(each, live),
        )
    yield (apart(list_buttons(reply)),)


def _text(reply: VersionText) -> _Groups:
    name, told = version_lines.heading(reply.card, reply.now)
    yield (label(name), *lines(told, subtle=True), *(lines(reply.card.note) if reply.card.note.strip() else ()))
    parts = split(reply.text.removesuffix("\n"), _FIELD)
    for number, part in enumerate(parts, 1):
        title = f"Its text, part {number} of {len(parts)}" if len(parts) > 1 else "Its text"
        yield (copied(f"text{number}", title, part),)
    yield (back_button(),)


def _diff(diff: VersionDiff) -> _Groups:
    yield (apart(label(version_lines.diff_title(diff))),)
    for each in diff.lines:
        yield code(version_lines.diff_line(each), color=_COLORS.get(each.change))


def _trail(reply: Trail) -> _Groups:
    if not reply.entries:
        yield (line(run(version_lines.NO_ENTRIES)),)
    for entry in reply.entries:
        yield (
            apart(line(run(version_lines.entry_title(entry), bold=True), run(f" {version_words.happened(entry)}"))),
            *lines(version_lines.entry_when(entry, reply.now), subtle=True),
        )
    if reply.earlier and reply.entries:
        yield (footnote(f"There are older ones: prompts log {reply.entries[-1].position}"),)
    yield (back_button(),)


def _proposed(reply: Proposed, pending: str | None) -> _Groups:
    yield (
        apart(label(version_words.proposal(reply))),
        *(
            element
            for name, told in version_lines.proposal(reply)
            for element in lines(told, lead=run(name, bold=True))
        ),
    )
    if reply.diff:
        yield from _diff(reply.diff)
    if pending is None:
        yield (line(run(HOW_TO_CONFIRM)),)
    else:
        yield (confirm_buttons(reply, pending),)


def _moved(moved: Moved) -> Iterator[Element]:
    yield from lines(moved.summary)
    if moved.entry:
        yield from lines(version_lines.who_did(moved.entry), subtle=True)


def _summary(reply: PromptReply) -> str:
    """What a notification says."""
    match reply:
        case VersionList():
            return "Versions of the system prompt"
        case VersionText():
            return f"Version {reply.card.number} of the system prompt"
        case VersionDiff():
            return version_lines.diff_title(reply)
        case Trail():
            return "What happened to the versions"
        case Proposed():
            return version_words.proposal(reply)
        case Moved():
            return reply.summary


def _command(reply: PromptReply) -> str:
    """What is written to see all of a reply."""
    match reply:
        case VersionText():
            return f"prompts show {reply.card.number}"
        case VersionDiff():
            return f"prompts diff {reply.old} {reply.new}"
        case Trail():
            return "prompts log"
        case Proposed() if reply.diff:
            return f"prompts diff {reply.diff.old} {reply.diff.new}"
        case _:
            return "prompts"
