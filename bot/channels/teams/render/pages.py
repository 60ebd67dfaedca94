"""Puts elements that can change on clicks into cards whose number and order no click changes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.channels.teams.render.elements import Element
from bot.channels.teams.render.message import MAX_CARD_BYTES, card_bytes

ROOM = MAX_CARD_BYTES - 500
"""Bytes of the elements of a card, without what holds them together."""

Shown = Callable[[int], Sequence[Element]]
"""Gives elements that stand in the card with that number, from 0."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Elements that stand in one card; `room` is the bytes that they take at most."""

    shown: Shown = field(repr=False)
    room: int


class Pages:
    """Cards that fill up one after the other."""

    def __init__(self, room: int = ROOM) -> None:
        self._laid: list[list[Slot]] = [[]]
        self._most = room
        self._room = room

    def __len__(self) -> int:
        return len(self._laid)

    def add(self, group: Sequence[Slot], *, most: int | None = None) -> bool:
        """Adds slots, on one card where one holds them all; False, and nothing, if there would be more than `most`."""
        before = len(self._laid), len(self._laid[-1]), self._room
        together = sum(slot.room for slot in group)
        for number, slot in enumerate(group):
            needed = together if number == 0 and together <= self._most else slot.room
            if self._laid[-1] and needed > self._room:
                self._laid.append([])
                self._room = self._most
            self._laid[-1].append(slot)
            self._room -= slot.room
        if most is None or len(self._laid) <= most:
            return True
        del self._laid[before[0] :], self._laid[-1][before[1] :]
        self._room = before[2]
        return False

    @property
    def bodies(self) -> tuple[tuple[Element, ...], ...]:
        """What stands in each card; none where nothing was added."""
        return tuple(
            tuple(element for slot in slots for element in slot.shown(number))
            for number, slots in enumerate(self._laid)
            if slots
        )


def fixed(elements: Iterable[Element]) -> tuple[Slot, ...]:
    """Elements that never change, each free to stand in another card."""
    return tuple(_slot(element) for element in elements)


def paged(groups: Iterable[Sequence[Slot]]) -> tuple[tuple[Element, ...], ...]:
    """The bodies of as few cards as hold the groups, in order."""
    pages = Pages()
    for group in groups:
        pages.add(group)
    return pages.bodies


def _slot(element: Element) -> Slot:
    return Slot(lambda _: (element,), card_bytes(element) + 2)
