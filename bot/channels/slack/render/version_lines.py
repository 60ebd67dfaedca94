"""Versions, proposals and the trail as lines of rich text."""

from collections.abc import Iterator
from datetime import datetime

from bot.channels import version_lines, version_words
from bot.channels.slack.render.elements import Element, bold, paragraph
from bot.core.prompts import Proposed, TrailEntry, VersionCard


def version_card(card: VersionCard, now: datetime) -> Iterator[Element]:
    """A version among others: whom it serves, what it did, where it comes from."""
    yield paragraph(bold(version_lines.marked_name(card)), version_lines.state(card, now))
    yield paragraph(version_lines.did(card))
    yield paragraph(version_lines.published(card, now))


def proposal(proposed: Proposed) -> Iterator[Element]:
    """What would be done, what it would replace, why, and what to know before."""
    yield paragraph(bold(version_words.proposal(proposed)))
    for label, told in version_lines.proposal(proposed):
        yield paragraph(bold(label), told)


def trail_entry(entry: TrailEntry, now: datetime) -> Element:
    """Who did what, when and why."""
    happened = f" {version_words.happened(entry)}\n{version_lines.entry_when(entry, now)}"
    return paragraph(bold(version_lines.entry_title(entry)), happened)
