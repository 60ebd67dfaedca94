"""What admins see of the versions of the system prompt, and what they confirm."""

from collections.abc import Iterator
from typing import assert_never

from bot.channels import version_words
from bot.channels.slack.render.elements import (
    actions,
    bold,
    button,
    context,
    paragraph,
    preformatted,
    rich_text,
    text_blocks,
)
from bot.channels.slack.render.message import Block, Message, messages
from bot.channels.slack.render.version_lines import proposal, trail_entry, version_card
from bot.channels.version_lines import NO_ENTRIES, NO_VERSIONS, diff_line, diff_title, does, heading, who_did
from bot.core.prompts import (
    Act,
    Moved,
    PromptReply,
    Proposed,
    Trail,
    VersionDiff,
    VersionList,
    VersionText,
)

CONFIRM, CANCEL = "move.confirm", "move.cancel"
"""Ids of the buttons; their value is what the proposal is kept under."""
HOW_TO_CONFIRM = "Nothing has changed yet. Write the command to me once more to be given the button that confirms it."


def versions_messages(reply: PromptReply, pending: str | None) -> tuple[Message, ...]:
    """Gives a reply about versions; `pending` is what a proposal is kept under for the click that confirms it."""
    match reply:
        case VersionList():
            return messages(_list(reply))
        case VersionText():
            return messages(_text(reply))
        case VersionDiff():
            return messages(diff_blocks(reply))
        case Trail():
            return messages(_trail(reply))
        case Proposed():
            return messages(_proposed(reply, pending), text=version_words.proposal(reply))
        case Moved():
            return messages(_moved(reply), text=reply.summary)
        case _:
            assert_never(reply)


def announcement(moved: Moved) -> Message:
    """Tells those who follow the versions who did what, when and why."""
    text = f"{moved.entry.by} {version_words.happened(moved.entry)}" if moved.entry else moved.summary
    return messages(_moved(moved), text=text)[0]


def diff_blocks(diff: VersionDiff) -> tuple[Block, ...]:
    """What changes from one version to another, every line behind its sign."""
    title = paragraph(bold(diff_title(diff)))
    if not diff.lines:
        return rich_text(title)
    return rich_text(title, preformatted("\n".join(map(diff_line, diff.lines))))


def _list(reply: VersionList) -> Iterator[Block]:
    if not reply.versions:
        yield from text_blocks(NO_VERSIONS)
    for card in reply.versions:
        yield from rich_text(*version_card(card, reply.now))


def _text(reply: VersionText) -> Iterator[Block]:
    name, published = heading(reply.card, reply.now)
    yield from rich_text(paragraph(bold(name)))
    yield context(" \N{MIDDLE DOT} ".join(filter(None, (published, reply.card.note))))
    yield from rich_text(preformatted(reply.text.removesuffix("\n")))


def _trail(reply: Trail) -> tuple[Block, ...]:
    if not reply.entries:
        return text_blocks(NO_ENTRIES)
    listed = rich_text(*(trail_entry(entry, reply.now) for entry in reply.entries))
    if not reply.earlier:
        return listed
    return (*listed, context(f"There are older ones: prompts log {reply.entries[-1].position}"))


def _proposed(reply: Proposed, pending: str | None) -> Iterator[Block]:
    """The comparison comes first, so that a long one does not push the buttons out of sight."""
    if reply.diff:
        yield from diff_blocks(reply.diff)
    yield from rich_text(*proposal(reply))
    if pending is None:
        yield from text_blocks(HOW_TO_CONFIRM)
        return
    confirm = button(does(reply), CONFIRM, pending, style="danger" if reply.act is Act.ROLLED_BACK else "primary")
    yield actions(confirm, button("Cancel", CANCEL, pending))


def _moved(moved: Moved) -> tuple[Block, ...]:
    entry = moved.entry
    if entry is None:
        return text_blocks(moved.summary)
    return rich_text(paragraph(bold(moved.summary)), paragraph(who_did(entry)))
