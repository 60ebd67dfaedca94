"""Puts blocks that can change on clicks into messages whose number and order no click changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.channels.slack.render.message import MAX_BLOCKS, Block, characters

MAX_CHARACTERS = 10_000
"""Of a page: Slack counts more than the text itself, and does not say what."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Blocks that stand in one message; `room` and `most` are the characters and blocks they take at most.

    `place` is that of the replacement which they show the decision on.
    """

    blocks: tuple[Block, ...]
    room: int
    most: int
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of one message, and the places of the replacements that it shows decisions on."""

    blocks: tuple[Block, ...]
    places: frozenset[int]


def fixed(blocks: Iterable[Block]) -> tuple[Slot, ...]:
    """Blocks that never change, each free to stand in another message."""
    return tuple(Slot((block,), characters(block), 1) for block in blocks)


def pages(groups: Iterable[Sequence[Slot]], limit: int) -> tuple[tuple[Page, ...], int]:
    """Gives at most `limit` pages, and how many of the groups stand on them: from the first that does not fit, none do.

    A group is kept together where one page holds it. No more groups are asked for than it takes to know.
    """
    laid: list[list[Slot]] = [[]]
    held = 0
    room, most = MAX_CHARACTERS, MAX_BLOCKS
    for group in groups:
        before = len(laid), len(laid[-1])
        together = sum(slot.room for slot in group), sum(slot.most for slot in group)
        for number, slot in enumerate(group):
            needed = together if number == 0 else (slot.room, slot.most)
            if laid[-1] and (needed[0] > room or needed[1] > most):
                laid.append([])
                room, most = MAX_CHARACTERS, MAX_BLOCKS
            laid[-1].append(slot)
            room -= slot.room
            most -= slot.most
        if len(laid) > limit:
            del laid[before[0] :], laid[-1][before[1] :]
            break
        held += 1
    return tuple(_page(slots) for slots in laid if slots), held


def _page(slots: Sequence[Slot]) -> Page:
    return Page(
        tuple(block for slot in slots for block in slot.blocks),
        frozenset(slot.place for slot in slots if slot.place is not None),
    )
