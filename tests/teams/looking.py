"""What a person has before them in Teams of the coach's answers."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from tests.looking import assert_told_in_order, is_told_once, marks_of, squeezed
from tests.teams.loopback.seen import Seen
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import BOT

PATIENCE = 20.0
"""Seconds until what must be seen has failed to be."""


def of_the_coach(teams: Teams, user: str, *places: str) -> list[Seen]:
    """All that the coach has said there, oldest first."""
    there = [each for place in places for each in teams.seen(user, place) if each.author == BOT]
    return sorted(there, key=lambda each: int(each.id))


def copies(shown: Iterable[Seen], text: str) -> int:
    """How often the messages tell an answer, each message being all of it and finished."""
    messages = list(shown)
    assert all(is_told_once([each], text) for each in messages), [(each.plain, each.streaming) for each in messages]
    return len(messages)


def assert_in_order_however_often(shown: Sequence[Seen], marks: Sequence[str]) -> int:
    """The messages are the whole answers to these questions in order, some told again; gives how many are too many."""
    told = list(_told_first(shown))
    assert_told_in_order(told, marks)
    for each in shown:
        assert squeezed(each.plain) in {squeezed(first.plain) for first in told}, each.plain
    return len(shown) - len(told)


def _told_first(shown: Sequence[Seen]) -> Iterator[Seen]:
    """The first of the messages that tell the same, which come one after the other."""
    for _, same in groupby(shown, key=lambda each: marks_of([each])):
        yield next(same)
